"""The stream consumer announces what the processor stores: a contract without shared code."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.processor.runtime.attributes import Item, attributes_of
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.item import record_item
from services.processor.runtime.parsing import BadRow, JsonRow, Row
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.ledger import DynamoDbLedger
from services.processor.runtime.storage.ledger_entry import Counts, Entry, Failure
from services.processor.runtime.storage.sending import Sending
from services.stream_consumer.runtime.change import parse_change
from services.stream_consumer.runtime.event import Event, to_event
from tests.unit.processor.storage.scripted_dynamodb import ScriptedDynamoDb
from tests.unit.stream_consumer.streams import stream_record

FILE = SourceFile(
    bucket="ingestion",
    key="orders/2026/a.json",
    version="v1",
    timestamp="2026-11-22T22:31:04.000Z",
    size_bytes=1000,
    dataset="orders",
    contract_version=1,
    origin_region="us-east-1",
)
ORDER = b"""{"id": "o-1", "timestamp": "2026-11-22T20:00:00+01:00", "amount": 19.90, "quantity": 3,
    "currency": "eur", "category": "Books", "customer": {"id": "c-1", "tier": "gold"}}"""
COUNTS = Counts(rows_read=5, rows_accepted=4, rows_rejected=1, items_written=5)
PLENTY = Deadline(lambda: 900_000)


@dataclass
class FakeTable:
    """Keeps one item; applies every update as if its condition held."""

    item: Item = field(default_factory=dict)

    def answer(self, _: str, request: dict[str, Any]) -> bytes:
        values = request["ExpressionAttributeValues"]
        names = request["ExpressionAttributeNames"].values()
        self.item = self.item | request["Key"] | {name: values[f":{name}"] for name in names}
        return json.dumps({"Attributes": self.item}).encode()


def ledger_of(table: FakeTable) -> DynamoDbLedger:
    return DynamoDbLedger(Sending(ScriptedDynamoDb(table.answer)), "processed")


def row_item(row: Row, key: str = FILE.key) -> Item:
    return attributes_of(record_item(FILE, contract_for(key), row).item)


def announced(
    event_name: str = "INSERT", *, new: Item, old: Item | None = None
) -> tuple[Event, dict[str, Any]]:
    record = stream_record(event_name, new=new, old=old)
    event = to_event(parse_change(json.loads(json.dumps(record))))
    return event, json.loads(event.detail)


def test_an_accepted_row_is_announced_with_its_standard_form() -> None:
    event, detail = announced(new=row_item(JsonRow(7, ORDER)))

    assert event.detail_type == "RecordChanged"
    assert (detail["status"], detail["dataset"]) == ("ACCEPTED", "orders")
    assert (detail["recordId"], detail["timestamp"]) == ("orders:o-1", "2026-11-22T19:00:00.000Z")
    assert detail["originRegion"] == "us-east-1"
    assert detail["item"]["source"] == {
        "bucket": "ingestion",
        "key": "orders/2026/a.json",
        "version": "v1",
        "row": 7,
    }
    assert detail["item"]["data"] == {
        "orderId": "o-1",
        "orderedAt": "2026-11-22T19:00:00.000Z",
        "amount": 19.9,
        "currency": "EUR",
        "category": "books",
        "quantity": 3,
        "customer": {"id": "c-1", "tier": "gold"},
        "tags": [],
    }


def test_a_rejected_row_is_announced_with_the_reason_and_the_row_itself() -> None:
    event, detail = announced(new=row_item(BadRow(2, b"{oops", 5, "NOT_JSON", "no value")))

    assert event.detail_type == "RecordChanged"
    assert (detail["status"], detail["dataset"]) == ("REJECTED", "orders")
    assert detail["item"]["error"] == {"code": "NOT_JSON", "message": "no value", "line": 0}
    assert (detail["item"]["raw"], detail["item"]["rawBytes"]) == ("{oops", 5)


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        (b"9007199254740993", '"9007199254740993"'),
        (b"0.1", "0.1"),
        (b"1e3", "1000"),
        (b"-1.50", "-1.5"),
        (b"12345678901234567890.123456789", '"12345678901234567890.123456789"'),
        (b"1e125", f'"1{"0" * 125}"'),
        (b"1e-130", "1e-130"),
        (b"true", "true"),
        (b"null", "null"),
        ('"\\ud83d\\ude00 漢"'.encode(), '"\\ud83d\\ude00 \\u6f22"'),
    ],
)
def test_a_value_of_any_dataset_arrives_exactly_as_it_was_sent(sent: bytes, received: str) -> None:
    _, detail = announced(new=row_item(JsonRow(1, b'{"v": %s}' % sent), key="any/a.json"))

    assert json.dumps(detail["item"]["data"]) == f'{{"v": {received}}}'


def test_the_largest_row_that_is_stored_is_announced_by_reference() -> None:
    event, detail = announced(new=row_item(JsonRow(1, b'{"v": "%s"}' % (b"v" * 400_000)), "a.json"))

    assert event.by_reference
    assert detail["itemReference"]["recordId"] == detail["recordId"]


def test_a_file_is_announced_with_its_counts_and_the_status_before() -> None:
    table = FakeTable()
    ledger = ledger_of(table)
    ledger.open(FILE, PLENTY)
    before = table.item
    ledger.save(FILE, Entry("FAILED", COUNTS, Failure("BAD_JSON", "cut off", row=6)), PLENTY)

    event, detail = announced("MODIFY", old=before, new=table.item)

    assert event.detail_type == "FileChanged"
    assert (detail["previousStatus"], detail["status"]) == ("PROCESSING", "FAILED")
    assert detail["dataset"] == "orders"
    assert detail["item"]["failure"] == {"code": "BAD_JSON", "message": "cut off", "row": 6}
    assert {
        name: detail["item"][name] for name in ("rowsRead", "rowsAccepted", "itemsWritten")
    } == {
        "rowsRead": 5,
        "rowsAccepted": 4,
        "itemsWritten": 5,
    }


def test_a_new_file_is_announced_as_soon_as_its_ledger_entry_is_created() -> None:
    table = FakeTable()
    ledger_of(table).open(FILE, PLENTY)

    event, detail = announced(new=table.item)

    assert (event.detail_type, detail["change"]) == ("FileChanged", "CREATED")
    assert detail["status"] == "PROCESSING"
    assert detail["item"]["sizeBytes"] == 1000
