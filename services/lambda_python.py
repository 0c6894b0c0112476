"""Lambda's Python on this machine: where it is, and the environment that functions run in here.

Functions need Python 3.11 or newer; on AWS they run on 3.14. So a 3.14 is looked for, and where
there is one, whatever runs or compiles a function here uses it: the local cloud, the functions'
tests, the bundles and the benchmarks. Elsewhere this project's own Python takes its place.

``python -m services.lambda_python`` prints the one that is used.
"""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

LAMBDA_PYTHON = "3.14"
# What Lambda brings besides Python, and nothing else: "make setup" makes it.
FUNCTIONS_PYTHON = Path(__file__).resolve().parents[1] / ".lambda-venv" / "bin" / "python"
HOW_TO_GET_IT = (
    f"put python{LAMBDA_PYTHON} on PATH, or run .venv/bin/uv python install {LAMBDA_PYTHON}"
)
SHOW_VERSION = "import sys; print(sys.implementation.cache_tag, sys.version.split()[0])"
# Of a link, or of a version manager's stand-in, what it leads to: an environment needs its library.
SHOW_PATH = "import os, sys; print(os.path.realpath(sys.executable))"


@cache
def lambda_python() -> Path | None:
    """Return an interpreter of Lambda's version on this machine, ``None`` if there is none.

    That is the current one, one on ``PATH``, or one that uv manages; none is downloaded.
    """
    current = ".".join(str(part) for part in sys.version_info[:2])
    if current == LAMBDA_PYTHON:
        return Path(sys.executable)
    on_path = shutil.which(f"python{LAMBDA_PYTHON}")
    found = _output(on_path, "-I", "-c", SHOW_PATH) if on_path else ""
    if not found:
        search = ["python", "find", "--no-python-downloads", f"cpython@{LAMBDA_PYTHON}"]
        found = _output(uv(), *search)
    return Path(found) if found else None


@cache
def version(python: Path | None) -> str:
    """Return what names the bytecode of ``python``, e.g. ``cpython-314 3.14.3``; of none, empty."""
    return _output(python, "-I", "-c", SHOW_VERSION) if python else ""


def uv() -> Path:
    """Return the package manager: beside this interpreter, where set-up has it, or on ``PATH``."""
    beside = Path(sys.executable).parent / "uv"
    return beside if beside.exists() else Path("uv")


def _output(*command: str | Path) -> str:
    """Return what a command prints on one line; of one that fails or is not there, nothing."""
    try:
        ended = subprocess.run(  # noqa: S603  # fixed arguments
            command, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return ended.stdout.strip() if ended.returncode == 0 else ""


if __name__ == "__main__":
    sys.stdout.write(f"{lambda_python() or sys.executable}\n")
