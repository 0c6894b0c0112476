"""What one run of a case is asked to do, and what it tells about it.

A case is a program: its only argument is a job as JSON, the last line of its output a measurement.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import naming
from benchmarks.answers import SEQUENCER
from benchmarks.data import DATASETS

BUCKET = "inbox"
VERSION = "version-1"
TABLE = "records"
_LAST_MODIFIED = "2026-11-01T06:00:00.000Z"


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A file to write to the table at an endpoint, whose certificate ``authority`` has signed.

    ``form`` is ``ndjson``, ``json`` or ``csv``; ``origin`` says which object the file is.
    """

    file: str
    form: str
    endpoint: str
    authority: str
    origin: Mapping[str, str]
    table: str = TABLE

    @classmethod
    def of(cls, file: Path, set_name: str, endpoint: str, authority: Path) -> Self:
        """Return the job for a file of a set."""
        dataset = DATASETS[set_name]
        origin = {
            "bucket": BUCKET,
            "key": f"{dataset}/{file.name}",
            "version": VERSION,
            "lastModified": _LAST_MODIFIED,
            "sequencer": SEQUENCER,
            "region": naming.PRIMARY,
            "dataset": dataset if dataset == "orders" else "generic",
        }
        form = file.suffix.removeprefix(".")
        return cls(
            file=str(file.resolve()),
            form=form,
            endpoint=endpoint,
            authority=str(authority.resolve()),
            origin=origin,
        )

    def text(self) -> str:
        """Return the job as the argument of a program."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the job that a program was given."""
        return cls(**json.loads(text))


@dataclass(frozen=True, kw_only=True, slots=True)
class Measurement:
    """What one run took: CPU of the whole process, user and system, while it worked on the file.

    ``waited_s`` is how long its first thread was ready and another process had the core.
    """

    records: int
    cpu_s: float
    wall_s: float
    waited_s: float
    peak_rss_bytes: int
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def us_a_record(self) -> float:
        """Return the microseconds of CPU that a record took."""
        return 1e6 * self.cpu_s / self.records

    @property
    def busy(self) -> float:
        """Return which share of the time that the core was free it worked."""
        return self.cpu_s / (self.wall_s - self.waited_s)

    def text(self) -> str:
        """Return the measurement as the last line of a program's output."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, output: str) -> Self:
        """Return the measurement at the end of a program's output."""
        return cls(**json.loads(output.strip().splitlines()[-1]))
