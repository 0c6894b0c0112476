"""Rows are counted in the order of the file, whatever the order in which they are stored."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.errors import CountsDisagreeError, OutOfTimeError, RefusedError
from services.processor.runtime.item import RecordItem, Rejection, record_item, rejected_item
from services.processor.runtime.parsing import JsonRow
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.flow import Flow, SentRow
from services.processor.runtime.storage.writer import Answered
from tests.unit.processor.fakes import PLENTY_OF_TIME
from tests.unit.processor.files import source_file

FILE = source_file()


def record(row: int, size: int = 1) -> RecordItem:
    return record_item(FILE, CONTRACTS["generic"], JsonRow(row, b'{"n": "%s"}' % (b"n" * size)))


def refused(accepted: RecordItem, refusal: str) -> RecordItem:
    return rejected_item(FILE, accepted.source, Rejection("REFUSED_BY_TABLE", refusal))


@dataclass
class LateWriter:
    """Answers in an order that is drawn, one item with each ``wait``; ``fails`` may raise there."""

    draw: Callable[[int], int] = lambda _: 0
    refuses: frozenset[int] = frozenset()
    forgets: frozenset[int] = frozenset()
    fails: Callable[[int], None] = lambda _: None
    underway: list[tuple[RecordItem, Answered]] = field(default_factory=list)
    stored: set[int] = field(default_factory=set)
    most_underway: int = 0
    waits: int = 0
    retries: int = 0

    @property
    def is_idle(self) -> bool:
        return not self.underway

    def send(self, record: RecordItem, answered: Answered, deadline: Deadline) -> None:
        deadline.check()
        self.send_soon(record, answered)

    def send_soon(self, record: RecordItem, answered: Answered) -> None:
        if record.row not in self.forgets:
            self.underway.append((record, answered))
            self.most_underway = max(self.most_underway, len(self.underway))

    def collect(self) -> None:
        pass

    def wait(self, deadline: Deadline) -> None:
        deadline.check()
        self.waits += 1
        self.fails(self.waits)
        self._answer()

    def stop(self) -> None:
        while self.underway:
            self._answer()

    def _answer(self) -> None:
        record, answered = self.underway.pop(self.draw(len(self.underway)) % len(self.underway))
        if record.row in self.refuses and record.rejection is None:
            answered("too large")
        else:
            self.stored.add(record.row)
            answered(None)


def flow_of(writer: LateWriter, counted: list[SentRow], **limits: int) -> Flow:
    def stored(row: SentRow) -> None:
        assert set(range(1, row.row + 1)) <= writer.stored
        counted.append(row)

    return Flow(writer, PLENTY_OF_TIME, stored=stored, rejected=refused, **limits)


@given(
    seed=st.integers(),
    rows=st.integers(0, 60),
    max_rows=st.integers(1, 12),
    burst_rows=st.integers(1, 12),
)
def test_rows_are_counted_once_and_in_order_and_only_when_all_before_them_are_stored(
    seed: int, rows: int, max_rows: int, burst_rows: int
) -> None:
    rng = random.Random(seed)
    writer = LateWriter(rng.randrange, refuses=frozenset(rng.sample(range(1, 61), 9)))
    counted: list[SentRow] = []
    flow = flow_of(writer, counted, max_rows=max_rows, burst_rows=burst_rows)

    for row in range(1, rows + 1):
        flow.add(record(row))
        assert writer.most_underway <= max_rows
    flow.finish()

    assert [each.row for each in counted] == list(range(1, rows + 1))
    assert {r.row for r in counted if r.rejection} == writer.refuses & set(range(1, rows + 1))


def test_a_row_that_is_stored_late_holds_back_the_count_and_not_the_rows_behind_it() -> None:
    writer = LateWriter(draw=lambda underway: underway - 1)  # the last one first
    counted: list[SentRow] = []
    flow = flow_of(writer, counted, max_rows=11, burst_rows=1)
    for row in range(1, 11):
        flow.add(record(row))

    for _ in range(9):
        writer.wait(PLENTY_OF_TIME)

    assert (writer.stored, counted) == (set(range(2, 11)), [])
    flow.add(record(11))
    flow.finish()
    assert [each.row for each in counted] == list(range(1, 12))


def test_large_rows_are_few_under_way_and_one_always_is() -> None:
    writer = LateWriter()
    flow = flow_of(writer, [], max_bytes=500_000)

    for row in range(1, 8):
        flow.add(record(row, size=100_000))
    flow.finish()

    assert writer.most_underway == 1
    assert len(writer.stored) == 7


def test_rows_that_are_stored_behind_one_that_is_not_hold_no_memory() -> None:
    writer = LateWriter(draw=lambda underway: underway - 1)  # the first one last
    flow = flow_of(writer, [], max_bytes=900_000, burst_rows=1)

    for row in range(1, 31):
        flow.add(record(row, size=50_000))

    assert len(writer.stored) >= 28
    flow.finish()


def test_a_row_that_the_writer_forgets_is_noticed() -> None:
    counted: list[SentRow] = []
    flow = flow_of(LateWriter(forgets=frozenset({3})), counted)
    for row in range(1, 6):
        flow.add(record(row))

    with pytest.raises(CountsDisagreeError, match="row 3 "):
        flow.finish()

    assert [each.row for each in counted] == [1, 2]


@given(seed=st.integers(), fails_at=st.integers(1, 40))
def test_after_a_failure_what_was_stored_without_a_gap_is_counted(seed: int, fails_at: int) -> None:
    def fail(waits: int) -> None:
        if waits == fails_at:
            raise RefusedError("no permission")

    writer = LateWriter(random.Random(seed).randrange, fails=fail)
    counted: list[SentRow] = []
    flow = flow_of(writer, counted, max_rows=8)

    def add_all() -> None:
        for row in range(1, 61):
            flow.add(record(row))
        flow.finish()

    with pytest.raises(RefusedError):
        add_all()
    writer.stop()

    assert writer.stored == set(range(1, len(writer.stored) + 1))
    assert [each.row for each in counted] == sorted(writer.stored)


def test_without_time_nothing_is_sent() -> None:
    writer = LateWriter()
    flow = Flow(writer, Deadline(lambda: 14_000), stored=lambda _: None, rejected=refused)

    flow.add(record(1))

    with pytest.raises(OutOfTimeError):
        flow.finish()
    assert writer.is_idle
