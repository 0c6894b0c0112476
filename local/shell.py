"""The shell of ``make env``: what its variables are, so that no client in it reaches AWS.

``AWS_ENDPOINT_URL`` leads the clients that know it to the local cloud. Those that don't would go to
AWS, with keys that AWS refuses; they are stopped on this machine. Every HTTP client that honours
the usual variables is given a proxy that does not exist, whose name says why, and ``aws`` is
:mod:`local.aws_shim`.
"""

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from local import aws_shim
from local.cloud_state import StateFolder


def install(folder: StateFolder) -> None:
    """Write the commands that come first on the ``PATH`` of the cloud's shell."""
    folder.commands.mkdir()
    command = [sys.executable, "-IS", aws_shim.__file__, str(folder.commands)]
    file = folder.commands / "aws"
    file.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
    file.chmod(0o755)


def search_path(folder: StateFolder, path: str) -> str:
    """Return ``path`` with this cloud's commands first, and without those of any other cloud."""
    others = [place for place in path.split(os.pathsep) if Path(place).name != folder.commands.name]
    return os.pathsep.join([str(folder.commands), *others])


def lines(variables: Mapping[str, str], environ: Mapping[str, str]) -> list[str]:
    """Return commands that set ``variables``, and unset whatever else is about AWS.

    A profile, a session token or one service's endpoint would override what is set.
    """
    unwanted = [name for name in environ if name.startswith("AWS_") and name not in variables]
    unset = [f"unset {' '.join(unwanted)}"] if unwanted else []
    return unset + [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]


def warning(folder: StateFolder, path: str) -> str:
    """Return why the ``aws`` on ``path`` is refused; nothing if it is not, or there is none."""
    program = aws_shim.find(path, folder.commands)
    return aws_shim.too_old(program) if program else ""
