"""However many values its rows have, a run takes no more memory than the rows under way may."""

import tracemalloc
from collections import deque

import pytest

from services.processor.runtime import file_run
from services.processor.runtime.attributes import attributes_of
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.item import RecordItem
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.writer import Answered
from tests.unit.processor.fakes import PLENTY_OF_TIME, FakeLedger, FakeSource, FakeTelemetry, ref

MAX_BYTES = 1_000_000
VALUES = 1000
ROWS = 30


class SlowWriter:
    """Answers as late as it may, and keeps nothing but the statuses."""

    retries = 0

    def __init__(self) -> None:
        self.statuses: set[str] = set()
        self._underway: deque[tuple[RecordItem, Answered]] = deque()

    @property
    def is_idle(self) -> bool:
        return not self._underway

    def send(self, record: RecordItem, answered: Answered, deadline: Deadline) -> None:
        deadline.check()
        self.send_soon(record, answered)

    def send_soon(self, record: RecordItem, answered: Answered) -> None:
        self._underway.append((record, answered))

    def collect(self) -> None:
        pass

    def wait(self, deadline: Deadline) -> None:
        deadline.check()
        record, answered = self._underway.popleft()
        self.statuses.add(str(attributes_of(record.item)["status"]["S"]))
        answered(None)

    def stop(self) -> None:
        assert self.is_idle


def peak_bytes(key: str, content: bytes, writer: SlowWriter) -> int:
    ingest = Ingest(
        source=FakeSource({key: content}),
        ledger=FakeLedger(),
        writer=writer,
        telemetry=FakeTelemetry(),
        origin_region="us-east-1",
    )
    tracemalloc.start()
    ingest(ref(key), PLENTY_OF_TIME)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize(
    ("key", "header", "row"),
    [
        ("a.csv", b",".join(b"%d" % n for n in range(VALUES)), b"," * (VALUES - 1) + b"1"),
        ("a.tsv", b"\t".join(b"%d" % n for n in range(VALUES)), b"\t" * (VALUES - 1) + b"1"),
        ("a.json", b"", b'{"a":[%s0]}' % (b"[]," * VALUES)),
    ],
    ids=["csv", "tsv", "json"],
)
def test_rows_of_many_values_take_no_more_memory_than_may_be_under_way(
    monkeypatch: pytest.MonkeyPatch, key: str, header: bytes, row: bytes
) -> None:
    monkeypatch.setattr(file_run, "MAX_BYTES", MAX_BYTES)
    writer = SlowWriter()

    peak = peak_bytes(key, header + (b"\n" + row) * ROWS, writer)

    assert writer.statuses == {"ACCEPTED"}
    assert peak < 3 * MAX_BYTES


def test_rejected_rows_hold_nothing_but_their_items() -> None:
    row = b'{"a":[%s1e126]}\n' % (b"[]," * VALUES)
    writer = SlowWriter()

    peak = peak_bytes("a.json", row * ROWS, writer)

    assert writer.statuses == {"REJECTED"}
    assert peak < 3 * MAX_BYTES
