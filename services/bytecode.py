"""Compiles a bundle's modules, so that no cold start has to.

Lambda can't write ``.pyc`` files beside a function's sources, so each new process would compile
everything it imports. A file made here holds a hash of its source instead of a time, which Python
is told not to check; it names the source as Lambda will see it. So its bytes depend on the source
and the interpreter's version, on nothing else. Another Python ignores the file and compiles.
"""

import subprocess
from pathlib import Path

LAMBDA_FOLDER = "/var/task"
COMPILE_OPTIONS = ("--invalidation-mode", "unchecked-hash", "-p", LAMBDA_FOLDER)


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
