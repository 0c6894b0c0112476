"""The whole path over real connections: whatever a table does, each row is stored once."""

import json
import random
import threading
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.aws_client import clients
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.ledger import DynamoDbLedger
from services.processor.runtime.storage.sending import Sending
from services.processor.runtime.storage.writer import DynamoDbWriter
from tests.unit.aws_client.fakes import KEYS
from tests.unit.aws_client.server import CLOSE, Reply, Request, Server, answer, ca_bundle
from tests.unit.processor.fakes import PLENTY_OF_TIME, FakeSource, FakeTelemetry, ref

ROWS = 1_500
THROTTLED = b'{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"slow"}'
EXISTS = b'{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}'


def checked(body: bytes, status: str = "200 OK") -> bytes:
    return answer(body, status, x_amz_crc32=str(zlib.crc32(body)))


BEFORE_THE_WRITE: dict[str, Reply] = {
    "throttled": checked(THROTTLED, "400 Bad Request"),
    "broken": [CLOSE],
    "failed": answer(b"", "500 Internal Server Error"),
}


@dataclass
class Table:
    """Keeps items as DynamoDB would, and disturbs requests as often as it is told to."""

    shares: dict[str, float]
    rng: random.Random = field(default_factory=lambda: random.Random(11))
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    writes: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Reply:
        with self.lock:
            fault = self._fault()
            if fault in BEFORE_THE_WRITE:
                return BEFORE_THE_WRITE[fault]
            reply = self._apply(request.headers["x-amz-target"], json.loads(request.body))
        after: dict[str, Reply] = {
            "lost": [CLOSE],
            "cut off": [reply[:-1], CLOSE],
            "damaged": reply[:-2] + b"[]",
        }
        return after.get(fault, reply)

    def _fault(self) -> str:
        drawn = self.rng.random()
        for name, share in self.shares.items():
            if drawn < share:
                self.faults[name] += 1
                return name
            drawn -= share
        return ""

    def _apply(self, target: str, request: dict[str, Any]) -> bytes:
        if target.endswith("UpdateItem"):
            key = request["Key"]["recordId"]["S"]
            values = request["ExpressionAttributeValues"]
            names = request["ExpressionAttributeNames"].values()
            item = self.items.setdefault(key, dict(request["Key"]))
            item.update({name: values[f":{name}"] for name in names})
            return checked(json.dumps({"Attributes": item}).encode())
        item = request["Item"]
        key = item["recordId"]["S"]
        stored = self.items.get(key)
        if stored and stored["precedence"]["S"] >= item["precedence"]["S"]:
            return checked(EXISTS, "400 Bad Request")
        self.items[key] = item
        self.writes[key] += 1
        return checked(b"{}")


def ingest(table: Table, content: bytes, key: str = "any/a.json") -> tuple[int, SourceFile]:
    """Process a file, and return how many requests were sent again."""
    telemetry = FakeTelemetry()
    with Server(table) as server:
        env = KEYS | {"AWS_ENDPOINT_URL": server.url, "AWS_CA_BUNDLE": str(ca_bundle())}
        dynamodb = clients.dynamodb("us-east-1", env, connections=24, request_timeout_s=2)
        sending = Sending(dynamodb)
        Ingest(
            source=FakeSource({key: content}),
            ledger=DynamoDbLedger(sending, "t"),
            writer=DynamoDbWriter(sending, "t"),
            telemetry=telemetry,
            origin_region="us-east-1",
            checkpoint_rows=400,
        )(ref(key), PLENTY_OF_TIME)
        dynamodb.transport.close()
    [(file, report)] = telemetry.reports
    return report.write_retries, file


@pytest.mark.parametrize(
    "shares",
    [
        {},
        {"throttled": 0.3},
        {"broken": 0.01},
        {"lost": 0.05},
        {"failed": 0.05, "cut off": 0.02, "damaged": 0.02},
        {"throttled": 0.3, "broken": 0.01, "lost": 0.02, "cut off": 0.01, "damaged": 0.01},
    ],
    ids=lambda shares: ", ".join(shares) or "undisturbed",
)
def test_nothing_is_lost_and_nothing_is_stored_twice(shares: dict[str, float]) -> None:
    table = Table(shares)
    bad = range(0, ROWS, 20)
    content = b"\n".join(b'{"": 1}' if row in bad else b'{"n": %d}' % row for row in range(ROWS))

    retries, file = ingest(table, content)

    entry = table.items.pop(file.id)
    counts = {name: entry[name]["N"] for name in ("rowsRead", "rowsAccepted", "rowsRejected")}
    assert entry["status"]["S"] == "COMPLETED"
    assert counts == {
        "rowsRead": str(ROWS),
        "rowsAccepted": str(ROWS - len(bad)),
        "rowsRejected": str(len(bad)),
    }
    assert set(table.writes.values()) == {1}
    assert len(table.items) == ROWS
    stored = [item["data"]["M"]["n"]["N"] for item in table.items.values() if "data" in item]
    assert sorted(map(int, stored)) == [row for row in range(ROWS) if row not in bad]
    assert retries >= table.faults.total()
    assert (table.faults.total() > 0) == bool(shares)


def test_one_record_in_many_rows_is_that_of_the_last_row_whatever_the_order_of_the_answers() -> (
    None
):
    table = Table({"throttled": 0.3, "lost": 0.1})
    row = (
        b'{"id":"o-1","timestamp":"2026-01-31T23:30:00Z","amount":%d,"currency":"EUR",'
        b'"category":"books","quantity":1,"customer":{"id":"c-1","tier":"gold"}}'
    )

    ingest(table, b"\n".join(row % amount for amount in range(1, 301)), "orders/a.json")

    assert table.items["orders:o-1"]["data"]["M"]["amount"] == {"N": "300"}
