"""One scenario under way: its traffic, its timeline, and what it waits for."""

import logging
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import naming
from drill import oracle, reading
from drill.judgement import Rpo
from drill.oracle import Expected
from drill.reading import Key
from drill.traffic import Traffic, Upload
from local import processes
from local.drill.ground import Ground
from local.drill.producer import Producer
from ops.waiting import wait_for

LOGGER = logging.getLogger(__name__)
POLL_S = 0.1
LIMIT_S = 90.0
STEADY_UPLOADS = 5


class BrokenOff(Exception):  # noqa: N818  # it says what became of a scenario
    """A scenario can't go on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """Something at a moment, in seconds since the scenario began.

    ``kind`` is ``fault`` for what breaks, ``served`` for the first record after it.
    """

    at_s: float
    what: str
    kind: str = ""


@dataclass(kw_only=True)
class Stage:
    """A scenario under way; what goes wrong apart from the data is among its ``complaints``."""

    name: str
    about: str  # one sentence
    ground: Ground
    began_s: float
    producer: Producer
    timeline: list[Happening] = field(default_factory=list)
    rto_s: float | None = None
    rpo: Rpo = field(default_factory=Rpo)
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, on: Ground, name: str, about: str) -> "Stage":
        """Begin a scenario with traffic of its own, to the access point or the primary."""
        traffic = Traffic(on.run, name, on.seed)
        to = [] if on.access_point else [naming.PRIMARY]
        producer = Producer(on, traffic, to)
        return cls(name=name, about=about, ground=on, began_s=on.clock(), producer=producer)

    @property
    def uploads(self) -> list[Upload]:
        """Return all files so far."""
        return self.producer.traffic.uploads

    @property
    def prefix(self) -> str:
        """Return what the keys of all its files begin with."""
        return self.producer.traffic.prefix

    def note(self, what: str, kind: str = "") -> float:
        """Put what happens now on the timeline; return the drill's clock."""
        now_s = self.ground.clock()
        at_s = round(now_s - self.began_s, 2)
        self.timeline.append(Happening(at_s=at_s, what=what, kind=kind))
        LOGGER.info("%8.2f s  %s", at_s, what)
        return now_s

    def complain(self, what: str) -> None:
        """Note what is wrong apart from the data, such as a command that failed."""
        self.note(what)
        self.complaints.append(what)

    def move(self, region: str) -> None:
        """Send files to a region, where no access point does so."""
        if not self.ground.access_point:
            self.producer.to = [region]

    def wait(self, until: Callable[[], object], what: str) -> None:
        """Wait until something is so; raise ``WaitError`` if it is not in the end."""
        wait_for(until, what, limit_s=LIMIT_S, poll_s=POLL_S)

    def await_steady(self) -> None:
        """Wait until traffic flows: some files are acknowledged, and one of them is complete."""
        self.await_acknowledged(STEADY_UPLOADS)
        self.wait(self.completed_at, "the first upload that is processed")

    def await_acknowledged(self, more: int) -> None:
        """Wait until so many further files are acknowledged."""
        wanted = self.acknowledged() + more
        self.wait(lambda: self.acknowledged() >= wanted, f"{more} more acknowledged uploads")

    def acknowledged(self) -> int:
        """Return how many files S3 has acknowledged."""
        return sum(each.acknowledged_at is not None for each in self.uploads)

    def await_processed(self) -> None:
        """Wait until every file that the buckets have now is announced as complete."""
        wanted = set(self.expected().files)
        self.wait(lambda: wanted <= set(self.completed_at()), "uploads that are processed")

    def await_stored(self, upload: Upload, rows: int, region: str) -> None:
        """Wait until that many rows of a file are in a region's table."""
        place = self.ground.places[region]
        self.wait(
            lambda: len(reading.read(self.ground.connect, place, keys(upload))) >= rows,
            f"{rows} stored rows of {upload.key}",
        )

    def kill_functions(self, region: str, function: str = "") -> int:
        """Kill a function's processes in a region, or all of them, and count them.

        A failing machine does so: at once, without a word.
        """
        killed = 0
        for pid, environ in processes.environments(self.ground.cloud.state_dir).items():
            name = environ.get("AWS_LAMBDA_FUNCTION_NAME")
            if name and function in ("", name) and environ.get("AWS_REGION") == region:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
        return killed

    def expected(self) -> Expected:
        """Return what the versions in the buckets must become."""
        found = [
            version
            for place in self.ground.places.values()
            for version in reading.versions(self.ground.connect, place, self.prefix)
        ]
        return oracle.expect(self.uploads, found)

    def completed_at(self) -> dict[Key, float]:
        """Return when each file was first announced as complete, by its ledger entry's key."""
        files = self.expected().files
        said, _ = self.ground.heard.snapshot()
        return {
            each.key: each.at_s
            for each in said.values()
            if each.status == "COMPLETED" and each.key in files
        }


def keys(upload: Upload) -> set[Key]:
    """Return the keys of the records that a file brings."""
    return {(row.record_id, row.moment) for row in upload.records}


Play = Callable[[Stage], None]
