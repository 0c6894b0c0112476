"""A record by its key, and a version processed again."""

import io
import json
from typing import Any

import pytest

from ops import files, items
from ops.dead_letters import Event
from ops.items import Key
from ops.object_versions import versions_of
from ops.region import Region
from ops.reprocessing import event_of
from services.processor.runtime import contracts
from services.processor.runtime.intake.event import ObjectRef, read_event
from services.stream_consumer.runtime.change import parse_change
from services.stream_consumer.runtime.event import to_event
from tests.adapters.ops.product import HEADER, Operator, order, process, put

KEY = "orders/a.csv"


def test_an_order_sent_four_times_is_one_record_with_the_newest_amount(
    region: Region, ops: Operator
) -> None:
    for number in range(1, 5):
        put(
            region,
            f"orders/{number}.csv",
            HEADER + order("1001", amount=f"{number}.50"),
            f"{number}",
        )

    assert ops("record", "orders", "1001", "--json") == 0

    answer = json.loads(ops.out)
    [item] = answer["items"]
    assert item["data"]["amount"] == 4.5
    assert item["source"]["key"] == "orders/4.csv"
    assert answer["sameInBothRegions"]


def test_the_event_of_a_record_has_the_id_with_which_it_was_announced(
    region: Region, ops: Operator
) -> None:
    put(region, KEY, HEADER + order("1001"))
    [stored] = items.with_id(region, "orders:1001")
    arn = "arn:aws:dynamodb:us-east-1:1:table/records/stream/2026"
    body = {"NewImage": stored, "ApproximateCreationDateTime": 1793588645}
    change = parse_change({"eventName": "INSERT", "eventSourceARN": arn, "dynamodb": body})

    ops("record", "orders", "1001")

    assert f"event  {to_event(change).event_id}" in ops.out
    assert f"s3://incoming/{KEY} version" in ops.out


def test_contents_at_another_moment_are_shown_after_the_newest(
    region: Region, ops: Operator
) -> None:
    put(region, "orders/1.csv", HEADER + order("1001"), "01")
    put(region, "orders/2.csv", HEADER + order("1001").replace("2026-11-01", "2026-10-01"), "02")

    ops("record", "orders", "1001")

    heads = [line for line in ops.out.splitlines() if line.startswith("orders:1001")]
    assert heads == [
        "orders:1001 at 2026-10-01T10:00:00.000Z: ACCEPTED, current",
        "orders:1001 at 2026-11-01T10:00:00.000Z: ACCEPTED, older contents, at another moment",
    ]


def test_a_record_that_there_is_not_is_a_finding(ops: Operator) -> None:
    assert ops("record", "orders", "none") == 1

    assert "no record none in the dataset orders" in ops.err


class FakeLambda:
    """Processes an event in this process, or fails."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self.events: list[Event] = []

    def invoke(self, **call: Any) -> dict[str, Any]:  # noqa: ANN401  # boto3 has no types
        self.events.append(json.loads(call["Payload"]))
        [ref] = read_event(self.events[-1])
        assert isinstance(ref, ObjectRef)
        [version] = [v for v in versions_of(self._region, ref.key) if v.version == ref.version]
        process(self._region, version, ref.sequencer)
        return {"Payload": io.BytesIO(b"null")}


@pytest.fixture
def function(region: Region, monkeypatch: pytest.MonkeyPatch) -> FakeLambda:
    fake = FakeLambda(region)
    client = region.client
    monkeypatch.setattr(region, "client", lambda name: fake if name == "lambda" else client(name))
    monkeypatch.setattr(Region, "processor", "processor")
    return fake


def test_a_file_without_a_ledger_entry_is_processed_again(
    region: Region, ops: Operator, function: FakeLambda
) -> None:
    key = "orders/Büro + Lager/a b.csv"
    file = files.put(region, key, (HEADER + order("1")).encode())

    assert ops("reprocess", key, "--dry-run") == 0
    assert function.events == []
    assert ops("reprocess", key) == 3
    assert "--yes" in ops.err
    assert ops("reprocess", key, "--yes", "--json") == 0

    assert json.loads(ops.out)["after"] == "COMPLETED"
    assert files.ledger_entry(region, file)["rowsRead"] == 1
    assert ops("file", key) == 0


def test_the_ledgers_sequencer_is_used_again(region: Region) -> None:
    put(region, KEY, HEADER + order("1"), "0055AE")

    [version] = versions_of(region, KEY)

    [record] = event_of(region, version)["Records"]
    assert record["s3"]["object"]["sequencer"] == "0055AE"


def test_versions_of_one_second_come_to_the_same_in_any_order(region: Region) -> None:
    dynamodb, second = region.client("dynamodb"), files.put(region, KEY, b"").stored_at
    for amount in ("1.00", "2.00", "3.00"):
        files.put(region, KEY, (HEADER + order("7", amount=amount)).encode())
    together = [v for v in versions_of(region, KEY) if v.stored_at == second]

    for version in together:  # the newest first
        [record] = event_of(region, version)["Records"]
        process(region, version, record["s3"]["object"]["sequencer"])

    [stored] = items.with_id(region, "orders:7")
    newest = together[0]
    assert stored["source"]["M"]["version"]["S"] == newest.version
    assert dynamodb.get_item(TableName="records", Key=Key(newest.id, newest.timestamp).attributes)


def test_a_version_that_there_is_not_is_a_finding(region: Region, ops: Operator) -> None:
    put(region, KEY, HEADER + order("1"))

    assert ops("reprocess", KEY, "--version", "none", "--yes") == 1


def test_a_file_that_came_before_its_contract_is_processed_anew_once_there_is_one(
    region: Region,
) -> None:
    reading = {"sensor": "hall-3", "time": "31.01.2026 23:59:59", "quantity": "humidity"}
    text = "\n".join(map(json.dumps, (reading | {"value": "50", "unit": "%"}, reading)))
    with pytest.MonkeyPatch.context() as before:
        others = {name: each for name, each in contracts.CONTRACTS.items() if name != "readings"}
        before.setattr(contracts, "CONTRACTS", others)
        file = put(region, "readings/a.json", text)
        assert files.ledger_entry(region, file)["dataset"] == "generic"
    process(region, file)

    entry = files.ledger_entry(region, file)
    assert (entry["dataset"], entry["status"], entry["rowsRejected"]) == (
        "readings",
        "COMPLETED",
        1,
    )
    assert items.read(region, "readings:hall-3", "2026-01-31T23:59:59.000Z")
    assert files.item(region, file, file.record_id(2))["status"] == {"S": "REJECTED"}
