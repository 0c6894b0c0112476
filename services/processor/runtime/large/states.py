"""What the state machine calls the worker with, and what it is told, all of it as JSON.

The machine begins with the file's ledger entry as the bus announces it, which names the file, and
hands on what a step returns to the next one.
"""

import json
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias
from urllib.parse import quote_plus

import msgspec

from services.processor.runtime.attributes import utc_ms
from services.processor.runtime.intake.event import ObjectRef
from services.processor.runtime.large.rounds import Range, RangeSize, Round
from services.processor.runtime.storage.ledger_entry import Entry

Outcome = Literal["COMPLETED", "FAILED", "MORE"]


class Source(msgspec.Struct, frozen=True):
    """The object that a ledger entry is about."""

    bucket: str
    key: str
    version: str


class FileName(msgspec.Struct, frozen=True, rename="camel"):
    """What a ledger entry says about its file: enough to find both again.

    Who starts the machine by hand may add the size of the ranges.
    """

    source: Source
    timestamp: Annotated[datetime, msgspec.Meta(tz=True)]
    sequencer: str = ""
    range_size: RangeSize = RangeSize()

    @property
    def ref(self) -> ObjectRef:
        """Return the file as an event names it."""
        return ObjectRef(
            bucket=self.source.bucket,
            key=self.source.key,
            version_id=self.source.version,
            etag=self.source.version,
            event_time=self.timestamp.astimezone(UTC),
            sequencer=self.sequencer,
        )

    @property
    def letter(self) -> str:
        """Return S3's event of the file, with which the processor is called again."""
        put_at = utc_ms(self.timestamp)
        described = {
            "key": quote_plus(self.source.key, safe="/"),
            "versionId": self.source.version,
            "sequencer": self.sequencer,
        }
        record = {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "eventTime": put_at,
            "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": self.source.bucket}, "object": described},
        }
        return json.dumps({"Records": [record]})


class Part(msgspec.Struct, frozen=True):
    """A range that is to be stored, or the whole file if there is none, and how far it is.

    The counts of ``entry`` begin before the range; those of rows before it count as accepted.
    """

    range: Range | None = None
    entry: Entry | None = None
    passes: int = 0


class Plan(msgspec.Struct, frozen=True, tag_field="step", tag="plan"):
    """Plan the next round of a file."""

    file: FileName
    passes: int = 0


class Store(msgspec.Struct, frozen=True, tag_field="step", tag="store"):
    """Store a part of a file, or go on with it."""

    file: FileName
    part: Part
    round: Round | None = None


class Finish(msgspec.Struct, frozen=True, tag_field="step", tag="finish"):
    """Enter a round whose ranges are all stored."""

    file: FileName
    round: Round | None = None
    passes: int = 0


class Problem(msgspec.Struct, frozen=True, rename="pascal"):
    """What Step Functions says about a step that failed."""

    error: str = ""
    cause: str = ""


class GiveUp(msgspec.Struct, frozen=True, tag_field="step", tag="give_up"):
    """Enter that the machine cannot go on."""

    file: FileName
    error: Problem


Step: TypeAlias = Plan | Store | Finish | GiveUp


class ToStore(msgspec.Struct, frozen=True):
    """The parts to store; of a round, unless the one part is a file that cannot be cut."""

    file: FileName
    parts: list[Part]
    passes: int
    round: Round | None = None


class Stored(msgspec.Struct, frozen=True):
    """How far a part is: to be stored further, if there is ``more``."""

    file: FileName
    part: Part
    more: bool
    round: Round | None = None


class Ended(msgspec.Struct, frozen=True):
    """How a round ended; a file that FAILED has a ``problem``, and a ``letter`` for people.

    The problem goes to the machine's own errors and to dead letters, so it does not quote the file.
    """

    outcome: Outcome
    file: FileName
    passes: int = 0
    problem: str = ""
    letter: str = ""


def read_step(event: object) -> Step:
    """Return the step that an event asks for, or raise ``msgspec.ValidationError``."""
    step: Step = msgspec.convert(event, Step)
    return step
