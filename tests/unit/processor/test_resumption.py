"""A retry of a large file reads what is left of it, whatever stopped the run before."""

import gzip
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache

import pytest
from msgspec.structs import replace

from services.processor.runtime.errors import OutOfTimeError, UnreadableFileError
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.intake.event import ObjectRef
from services.processor.runtime.intake.source import ObjectVersion
from services.processor.runtime.parsing.text import BLOCK_BYTES
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.flow import BURST_ROWS
from services.processor.runtime.storage.ledger_entry import Entry
from tests.unit.processor.fakes import (
    PLENTY_OF_TIME,
    FakeLedger,
    FakeSource,
    FakeTelemetry,
    FakeWriter,
    ref,
)

ROWS = 1500
CHECKPOINT_ROWS = 250
STOPS_BEFORE = 1081
TEXT = "some text to fill the blocks " * 14
RECORDS = [{"n": n, "text": TEXT} for n in range(ROWS)]
LINES = b"".join(json.dumps(record).encode() + b"\n" for record in RECORDS)
TABLE = b"n,text\r\n" + b"".join(
    b'%d,"some text to\r\n%s"\r\n' % (n, TEXT.encode()) for n in range(ROWS)
)
FILES = {
    "lines.json": LINES,
    "array.json": json.dumps(RECORDS).encode(),
    "pretty.json": json.dumps(RECORDS, indent=2).encode(),
    "table.csv": TABLE,
    "table.tsv": TABLE.replace(b",", b"\t"),
}
# The beginning of the file, the block that the point is in, and as much as a chunk may be too long.
MOST_REREAD_BYTES = 4 * BLOCK_BYTES


class KilledError(Exception):
    """Ends a run as abruptly as the end of its process."""


@dataclass
class ChunkedSource(FakeSource):
    """Sends objects in chunks, as S3 does, from wherever it is asked to."""

    asked: list[int] = field(default_factory=list)

    def open(self, wanted: ObjectRef) -> ObjectVersion:
        content = self.objects[wanted.key]

        def chunks_from(byte: int) -> Iterator[bytes]:
            self.asked.append(byte)
            return (content[at : at + BLOCK_BYTES] for at in range(byte, len(content), BLOCK_BYTES))

        return replace(super().open(wanted), chunks_from=chunks_from)


class World:
    def __init__(self, key: str, content: bytes) -> None:
        self.source = ChunkedSource({key: content})
        self.ledger = FakeLedger()
        self.writer = FakeWriter()
        self.telemetry = FakeTelemetry()
        self._ref = ref(key)

    def deliver(self, deadline: Deadline = PLENTY_OF_TIME) -> None:
        Ingest(
            source=self.source,
            ledger=self.ledger,
            writer=self.writer,
            telemetry=self.telemetry,
            origin_region="us-east-1",
            checkpoint_rows=CHECKPOINT_ROWS,
        )(self._ref, deadline)

    def deliver_killed(self) -> None:
        self.writer.before_put = self._kill
        with suppress(KilledError):
            self.deliver()
        self.writer.before_put = lambda: None

    def _kill(self) -> None:
        if self.writer.puts == STOPS_BEFORE:
            raise KilledError

    def entry(self) -> Entry:
        [entry] = self.ledger.entries.values()
        return entry

    def bytes_read(self) -> int:
        return self.telemetry.reports[-1][1].bytes_read


@cache
def undisturbed(key: str) -> World:
    """Return the world after one run; it is everybody's, and not to be changed."""
    world = World(key, FILES[key])
    world.deliver()
    return world


@pytest.mark.parametrize("key", FILES)
def test_the_retry_of_a_killed_run_reads_from_its_last_checkpoint(key: str) -> None:
    world = World(key, FILES[key])
    world.deliver_killed()
    killed = world.entry()

    world.deliver()

    left = 1 - killed.counts.rows_read / ROWS
    assert STOPS_BEFORE - CHECKPOINT_ROWS - 2 * BURST_ROWS < killed.counts.rows_read < STOPS_BEFORE
    assert world.bytes_read() <= left * len(FILES[key]) + MOST_REREAD_BYTES
    assert world.entry() == undisturbed(key).entry()
    assert world.writer.items == undisturbed(key).writer.items


@pytest.mark.parametrize("key", FILES)
def test_a_suspended_file_resumes_where_it_was_suspended(key: str) -> None:
    world = World(key, FILES[key])
    short = Deadline(lambda: 15_001 if world.writer.puts < STOPS_BEFORE else 14_999)
    with pytest.raises(OutOfTimeError):
        world.deliver(short)
    suspended = world.entry()

    world.deliver()

    assert suspended.status == "SUSPENDED"
    assert suspended.resume is not None
    assert world.source.asked == [0, 0, suspended.resume.byte]
    assert world.bytes_read() <= len(FILES[key]) * (1 - STOPS_BEFORE / ROWS) + MOST_REREAD_BYTES
    assert world.entry() == undisturbed(key).entry()
    assert world.writer.items == undisturbed(key).writer.items


@pytest.mark.parametrize("key", FILES)
def test_an_entry_without_a_point_is_resumed_by_reading_the_file_again(key: str) -> None:
    world = World(key, FILES[key])
    world.deliver_killed()
    [(address, killed)] = world.ledger.entries.items()
    world.ledger.entries[address] = replace(killed, resume=None)

    world.deliver()

    assert world.source.asked == [0, 0]
    assert world.entry() == undisturbed(key).entry()
    assert world.writer.items == undisturbed(key).writer.items


def test_a_compressed_file_is_read_again_from_its_start() -> None:
    world = World("lines.json", gzip.compress(LINES))
    world.deliver_killed()

    world.deliver()

    assert world.source.asked == [0, 0]
    assert world.writer.items == undisturbed("lines.json").writer.items


def test_a_complete_file_has_nothing_to_resume() -> None:
    assert undisturbed("lines.json").entry().resume is None


def test_a_failed_file_fails_alike_without_being_read_again() -> None:
    world = World("array.json", FILES["array.json"][:-2])
    with pytest.raises(UnreadableFileError):
        world.deliver()
    failed = world.entry()

    with pytest.raises(UnreadableFileError):
        world.deliver()

    assert world.bytes_read() <= MOST_REREAD_BYTES
    assert (failed.status, world.entry()) == ("FAILED", failed)


def test_as_shipped_a_killed_run_leaves_at_most_ten_thousand_rows_to_be_sent_again() -> None:
    # As docs/architecture.md says. With many more, a run that is killed leaves no progress at all.
    ledger = FakeLedger()

    Ingest(
        source=FakeSource({"lines.json": b'{"n": 1}\n' * 10_000 + b'{"n": 2}\n' * 2 * BURST_ROWS}),
        ledger=ledger,
        writer=FakeWriter(),
        telemetry=FakeTelemetry(),
        origin_region="us-east-1",
    )(ref("lines.json"), PLENTY_OF_TIME)

    first, _ = ledger.history
    assert 10_000 <= first.counts.rows_read < 10_000 + 2 * BURST_ROWS
