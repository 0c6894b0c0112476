"""Paths of the repository, and of the tools that are installed in it."""

import os
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
NODE_MODULES = REPOSITORY / "node_modules"
DEFAULT_STATE = REPOSITORY / "build" / "cloud"
# Tests may point it at another one.
CLOUD_VENV_VARIABLE = "LOCAL_CLOUD_VENV"


def cloud_python() -> Path:
    """Return the Python interpreter that runs the emulator; it may not be installed yet."""
    venv = os.environ.get(CLOUD_VENV_VARIABLE) or REPOSITORY / ".cloud-venv"
    return Path(venv) / "bin" / "python"


def tools_path() -> str:
    """Return ``PATH`` with the repository's own node and CDK CLI in front."""
    own = (Path(sys.executable).parent, NODE_MODULES / ".bin")
    return os.pathsep.join([*map(str, own), os.environ.get("PATH", os.defpath)])
