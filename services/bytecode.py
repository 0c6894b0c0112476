"""Compiles a bundle's modules, so that no cold start has to.

Lambda can't write ``.pyc`` files beside a function's sources, so each new process would compile
everything it imports. A file made here holds a hash of its source instead of a time, which Python
is told not to check; it names the source as Lambda will see it. So its bytes depend on the source
and the interpreter's version, on nothing else. Another Python ignores the file and compiles.
"""

import subprocess
import sys
from functools import cache
from pathlib import Path

LAMBDA_PYTHON = "3.14"
LAMBDA_FOLDER = "/var/task"
COMPILE_OPTIONS = ("--invalidation-mode", "unchecked-hash", "-p", LAMBDA_FOLDER)
SHOW_VERSION = "import sys; print(sys.implementation.cache_tag, sys.version.split()[0])"


@cache
def lambda_python() -> Path | None:
    """Return an interpreter of Lambda's version on this machine, ``None`` if there is none."""
    current = ".".join(str(part) for part in sys.version_info[:2])
    if current == LAMBDA_PYTHON:
        return Path(sys.executable)
    search = ["python", "find", "--no-python-downloads", f"cpython@{LAMBDA_PYTHON}"]
    found = _output(uv(), *search)
    return Path(found) if found else None


@cache
def version(python: Path | None) -> str:
    """Return what names the bytecode of ``python``, e.g. ``cpython-314 3.14.3``; of none, empty."""
    return _output(python, "-I", "-c", SHOW_VERSION) if python else ""


def compile_modules(folder: Path, root: Path, python: Path) -> None:
    """Compile every module in ``folder``, which lies in the bundle ``root``, with ``python``.

    Raises ``subprocess.CalledProcessError`` when a module has an error of syntax.
    """
    compiling: list[str | Path] = [
        python,
        "-I",
        "-m",
        "compileall",
        "-q",
        *COMPILE_OPTIONS,
        "-s",
        root,
        folder,
    ]
    subprocess.run(compiling, check=True)  # noqa: S603  # fixed arguments


def uv() -> Path:
    """Return the package manager: beside this interpreter, where set-up has it, or on ``PATH``."""
    beside = Path(sys.executable).parent / "uv"
    return beside if beside.exists() else Path("uv")


def _output(*command: str | Path) -> str:
    """Return what a command prints on one line; of one that fails, nothing."""
    ended = subprocess.run(  # noqa: S603  # fixed arguments
        command, capture_output=True, text=True, check=False
    )
    return ended.stdout.strip() if ended.returncode == 0 else ""
