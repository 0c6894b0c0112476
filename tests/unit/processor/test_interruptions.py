"""Whatever interrupts or repeats it, a file ends as if it had been read once."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.attributes import Item
from services.processor.runtime.errors import OutOfTimeError, SourceUnavailableError, TransientError
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.ledger_entry import Counts, Entry, Rejections
from services.processor.runtime.storage.sending import Sending
from services.processor.runtime.storage.writer import DynamoDbWriter, Writer
from tests.unit.processor.fakes import (
    PLENTY_OF_TIME,
    FakeLedger,
    FakeSource,
    FakeTelemetry,
    FakeWriter,
    ref,
)
from tests.unit.processor.storage.scripted_dynamodb import Outcome, ScriptedDynamoDb, refusal
from tests.unit.processor.turns import interleave, wait_for_turn

ROWS = 11
# Every third row is bad. Rows are so long that reading can resume at some of them.
PADDING = b" " * 30_000
FILE = b"\n".join(
    (b'{"": 1%s}' if row % 3 == 0 else b'{"n": %d%%s}' % row) % PADDING for row in range(ROWS)
)
REF = ref("any/a.json")
BAD = Rejections(rows=4, row=1, line=1, message="empty field name")
DONE = Entry(
    "COMPLETED",
    Counts(
        rows_read=ROWS,
        rows_accepted=7,
        rows_rejected=4,
        items_written=ROWS,
        rejections={"EMPTY_FIELD_NAME": BAD},
    ),
)


class WatchedLedger(FakeLedger):
    """Makes sure that an entry never claims more than the table holds."""

    def __init__(self, writer: FakeWriter) -> None:
        super().__init__(before_entry=wait_for_turn)
        self._writer = writer

    def save(self, file: SourceFile, entry: Entry, deadline: Deadline) -> None:
        entry.counts.check()
        claimed = {f"{file.id}.{row:09d}" for row in range(1, entry.counts.rows_read + 1)}
        assert claimed <= self._writer.items.keys()
        super().save(file, entry, deadline)


@dataclass
class World:
    writer: FakeWriter = field(default_factory=lambda: FakeWriter(before_put=wait_for_turn))
    source: FakeSource = field(default_factory=lambda: FakeSource({"any/a.json": FILE}))
    rows_under_way: int = 2
    checkpoint_rows: int = 3

    def __post_init__(self) -> None:
        self.ledger = WatchedLedger(self.writer)

    def deliver(self, deadline: Deadline = PLENTY_OF_TIME, writer: Writer | None = None) -> None:
        ingest = Ingest(
            source=self.source,
            ledger=self.ledger,
            writer=writer or self.writer,
            telemetry=FakeTelemetry(),
            origin_region="us-east-1",
            rows_under_way=self.rows_under_way,
            checkpoint_rows=self.checkpoint_rows,
        )
        ingest(REF, deadline)

    def entry(self) -> Entry:
        [entry] = self.ledger.entries.values()
        return entry


def undisturbed(refuses: frozenset[int] = frozenset()) -> dict[str, Item]:
    world = World(FakeWriter(refuses=refuses))
    world.deliver()
    return world.writer.items


def test_a_file_delivered_three_times_is_stored_once() -> None:
    world = World()

    for _ in range(3):
        world.deliver()

    assert world.entry() == DONE
    assert (len(world.writer.items), world.writer.puts) == (ROWS, ROWS)


kills = st.none() | st.integers(1, 25)


@given(
    killed_at=st.tuples(kills, kills, kills),
    order=st.lists(st.integers(0, 2), max_size=40),
    rows_under_way=st.integers(1, 4),
    checkpoint_rows=st.integers(1, 8),
)
def test_overlapping_deliveries_killed_anywhere_leave_what_one_run_leaves(
    killed_at: tuple[int | None, ...], order: list[int], rows_under_way: int, checkpoint_rows: int
) -> None:
    world = World(rows_under_way=rows_under_way, checkpoint_rows=checkpoint_rows)

    interleave([world.deliver] * 3, killed_at=killed_at, order=order)
    world.deliver()

    assert world.entry() == DONE
    assert world.writer.items == undisturbed()


@pytest.mark.parametrize("killed_at", range(1, 20))
def test_a_run_killed_at_any_step_is_finished_by_the_next_one(killed_at: int) -> None:
    world = World()

    interleave([world.deliver], killed_at=[killed_at], order=[])
    world.deliver()

    assert world.entry() == DONE
    assert world.writer.items == undisturbed()


@pytest.mark.parametrize("killed_at", range(1, 22))
def test_rows_that_the_table_refuses_are_the_same_rejected_rows_after_any_interruption(
    killed_at: int,
) -> None:
    refuses = frozenset({2, 5, 6})  # rows 1, 4, 7 and 10 are bad in themselves
    world = World(FakeWriter(before_put=wait_for_turn, refuses=refuses))

    interleave([world.deliver], killed_at=[killed_at], order=[])
    world.deliver()

    refused = Rejections(rows=3, row=2, line=2, message="too large")
    counts = Counts(
        rows_read=ROWS,
        rows_accepted=4,
        rows_rejected=7,
        items_written=ROWS,
        rejections={"EMPTY_FIELD_NAME": BAD, "REFUSED_BY_TABLE": refused},
    )
    assert world.entry() == Entry("COMPLETED", counts)
    assert world.writer.items == undisturbed(refuses)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=4))
def test_a_run_out_of_time_is_suspended_and_the_next_resumes_there(
    batches_in_time: list[int],
) -> None:
    world = World()

    for writes in batches_in_time:
        ticks = count(writes, -1)
        # The deadline is checked before each row that is written.
        short = Deadline(lambda ticks=ticks: 15_001 if next(ticks) > 0 else 14_999)  # type: ignore[misc]
        try:
            world.deliver(short)
        except OutOfTimeError:
            continue
    world.deliver()

    assert world.entry() == DONE
    assert world.writer.items == undisturbed()


def test_what_was_stored_before_time_ran_out_is_not_sent_again() -> None:
    world = World(rows_under_way=4, checkpoint_rows=1000)
    ticks = count()
    enough_for_two_batches = Deadline(lambda: 15_001 if next(ticks) < 10 else 14_999)
    with pytest.raises(OutOfTimeError):
        world.deliver(enough_for_two_batches)
    suspended = world.entry()
    puts_before = world.writer.puts

    world.deliver()

    assert (suspended.status, suspended.counts.rows_read) == ("SUSPENDED", 8)
    assert world.writer.puts - puts_before == ROWS - 8


@pytest.mark.parametrize("breaks_after", range(0, len(FILE), 29_000))
def test_a_stream_that_breaks_loses_nothing(breaks_after: int) -> None:
    failure = SourceUnavailableError("the object's stream broke")
    world = World(source=FakeSource({"any/a.json": FILE}, failure, breaks_after))
    with pytest.raises(TransientError):
        world.deliver()
    suspended = world.entry().status

    world.source.failure = None
    world.deliver()

    assert suspended == "SUSPENDED"
    assert world.entry() == DONE
    assert world.writer.items == undisturbed()


def test_throttled_writes_leave_what_one_run_leaves() -> None:
    content = b"\n".join(b'{"n": %d}' % row for row in range(300))
    source = FakeSource({"any/a.json": content})
    turn = count(1)
    items: dict[str, Item] = {}

    def answer(_: str, request: dict[str, Any]) -> Outcome:
        if next(turn) % 20 == 0:
            return refusal("ThrottlingException")
        items[request["Item"]["recordId"]["S"]] = request["Item"]
        return b"{}"

    client = ScriptedDynamoDb(answer)
    calm, throttled = FakeLedger(), FakeLedger()
    expected = FakeWriter()

    _ingest(source, calm, expected)
    sending = Sending(client, clock_s=client.clock_s)
    _ingest(source, throttled, DynamoDbWriter(sending, "t"))

    assert len(client.calls) > 300
    assert items == expected.items
    assert throttled.entries == calm.entries


def _ingest(source: FakeSource, ledger: FakeLedger, writer: Writer) -> None:
    Ingest(
        source=source,
        ledger=ledger,
        writer=writer,
        telemetry=FakeTelemetry(),
        origin_region="us-east-1",
    )(REF, PLENTY_OF_TIME)
