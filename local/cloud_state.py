"""The folder of one local cloud: an assembly, its files, and a record of the running cloud."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class StateFolder:
    """The paths in a cloud's folder; everything below ``run`` is deleted when it goes down."""

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
    def console(self) -> Path:
        """What the running console says of itself."""
        return self.run / "console.json"

    @property
    def console_log(self) -> Path:
        return self.run / "console.log"

    @property
    def commands(self) -> Path:
        """Comes first on the ``PATH`` of the cloud's shell, under a name that none else has."""
        return self.run / "local-cloud-commands"

    @property
    def tls(self) -> Path:
        return self.run / "tls"

    @property
    def faults(self) -> Path:
        """Holds the secret path at which the emulator takes orders for faults."""
        return self.run / "faults.path"

    @property
    def requests(self) -> Path:
        """Lists what CloudFormation has asked for, one JSON object a line, each request once."""
        return self.run / "cloudformation-requests.jsonl"

    @property
    def temporary(self) -> Path:
        return self.run / "tmp"

    @property
    def home(self) -> Path:
        """``HOME`` of all child processes, which thus never touch anyone's ~/.aws or ~/.cdk."""
        return self.run / "home"


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What a running local cloud has recorded about itself."""

    endpoint: str
    pid: int
    # Digest of the deployed assembly; empty until all of it is deployed.
    assembly: str

    def write(self, file: Path) -> None:
        """Write ``file`` in one step: a reader sees the old record or the new one."""
        unfinished = file.with_suffix(".new")
        unfinished.write_text(json.dumps(asdict(self)))
        unfinished.replace(file)

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """Return the record in ``file``, or ``None`` if it is missing or unreadable."""
        try:
            return cls(**json.loads(file.read_text()))
        except (OSError, ValueError, TypeError):
            return None
