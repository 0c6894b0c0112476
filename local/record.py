import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What a running local cloud has written about itself."""

    endpoint: str
    pid: int
    # Digest of the deployed assembly; empty until all of it is deployed.
    assembly: str

    def write(self, file: Path) -> None:
        unfinished = file.with_suffix(".new")
        unfinished.write_text(json.dumps(asdict(self)))
        unfinished.replace(file)

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """The record in ``file``, or ``None`` when there is none that can be read."""
        try:
            return cls(**json.loads(file.read_text()))
        except (OSError, ValueError, TypeError):
            return None
