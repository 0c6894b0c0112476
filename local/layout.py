"""Where things are: the repository's tools, and what one local cloud keeps in its folder."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
NODE_MODULES = REPOSITORY / "node_modules"
DEFAULT_STATE = REPOSITORY / "build" / "cloud"
# Only the emulator and what AWS's own Lambda runtime brings live there, so that a package missing
# from a bundle is missing here too. Tests may point it at another one.
CLOUD_VENV_VARIABLE = "LOCAL_CLOUD_VENV"


def cloud_python() -> Path:
    venv = os.environ.get(CLOUD_VENV_VARIABLE) or REPOSITORY / ".cloud-venv"
    return Path(venv) / "bin" / "python"


def tools_path() -> str:
    """``PATH`` with the repository's own node and CDK CLI in front."""
    own = (Path(sys.executable).parent, NODE_MODULES / ".bin")
    return os.pathsep.join([*map(str, own), os.environ.get("PATH", os.defpath)])


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one local cloud: the synthesized assembly, and ``run``, gone when it is down."""

    state: Path

    @property
    def assembly(self) -> Path:
        return self.state / "cdk.out"

    @property
    def run(self) -> Path:
        return self.state / "run"

    @property
    def record(self) -> Path:
        return self.run / "cloud.json"

    @property
    def log(self) -> Path:
        return self.run / "emulator.log"

    @property
    def tls(self) -> Path:
        return self.run / "tls"

    @property
    def temporary(self) -> Path:
        return self.run / "tmp"

    @property
    def home(self) -> Path:
        """``HOME`` of all child processes: nobody's ``~/.aws`` or ``~/.cdk`` is read or written."""
        return self.run / "home"
