"""However many values its rows have, a run takes no more memory than a batch may."""

import tracemalloc
from collections.abc import Sequence

import pytest

from services.processor.runtime import file_run
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.item import RecordItem
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.writer import Acknowledged
from tests.unit.processor.fakes import PLENTY_OF_TIME, FakeLedger, FakeSource, FakeTelemetry, ref

BATCH_BYTES = 1_000_000
VALUES = 1000
ROWS = 30


class ForgetfulWriter:
    """Keeps nothing but the statuses."""

    def __init__(self) -> None:
        self.statuses: set[str] = set()

    def write(self, batch: Sequence[RecordItem], deadline: Deadline) -> Acknowledged:
        deadline.check()
        self.statuses |= {str(record.item["status"]["S"]) for record in batch}
        return Acknowledged(frozenset(record.row for record in batch), retries=0)


def peak_bytes(key: str, content: bytes, writer: ForgetfulWriter) -> int:
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
def test_rows_of_many_values_take_the_memory_of_a_batch(
    monkeypatch: pytest.MonkeyPatch, key: str, header: bytes, row: bytes
) -> None:
    monkeypatch.setattr(file_run, "BATCH_BYTES", BATCH_BYTES)
    writer = ForgetfulWriter()

    peak = peak_bytes(key, header + (b"\n" + row) * ROWS, writer)

    assert writer.statuses == {"ACCEPTED"}
    assert peak < 3 * BATCH_BYTES


def test_rejected_rows_hold_nothing_but_their_items() -> None:
    row = b'{"a":[%s1e126]}\n' % (b"[]," * VALUES)
    writer = ForgetfulWriter()

    peak = peak_bytes("a.json", row * ROWS, writer)

    assert writer.statuses == {"REJECTED"}
    assert peak < 3 * BATCH_BYTES
