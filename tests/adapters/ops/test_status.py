"""What the status reads of the table, against moto: bounded, and as the index has it."""

import pytest
from boto3.dynamodb.types import TypeSerializer
from botocore.exceptions import ClientError

from ops import items
from ops.region import Region
from ops.status import ledger, replication
from ops.status.ledger import MOST
from ops.status.lines import State
from ops.status.probes import RECENT
from ops.status.words import before, now


def put(region: Region, name: str, shard: int, *, status: str, timestamp: str) -> None:
    item = {
        "recordId": name,
        "timestamp": timestamp,
        "status": status,
        "shard": shard,
        "itemType": "FILE",
        "dataset": "orders",
        "source": {"bucket": "incoming", "key": f"{name}.json", "version": "v"},
        "failure": {"code": "NOT_JSON", "message": "no"},
    }
    region.client("dynamodb").put_item(
        TableName=region.table, Item=TypeSerializer().serialize(item)["M"]
    )


def test_files_of_a_status_are_listed_from_every_shard_the_newest_first(region: Region) -> None:
    for shard in range(16):
        timestamp = f"2026-11-26T10:{shard:02d}:00.000Z"
        put(region, f"f{shard}", shard, status="COMPLETED", timestamp=timestamp)

    found = ledger.listing(region, "COMPLETED")

    assert [file.key for file in found.files] == [f"f{n}.json" for n in reversed(range(16))]
    assert found.whole


def test_a_file_that_failed_is_listed_with_its_reason(region: Region) -> None:
    put(region, "f1", 1, status="FAILED", timestamp=before(now(), RECENT / 2))

    [file] = ledger.listing(region, "FAILED").files

    assert (file.code, file.message) == ("NOT_JSON", "no")


def test_who_may_not_read_the_reason_sees_the_file_without_it(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(region, "f1", 1, status="FAILED", timestamp=before(now(), RECENT / 2))
    client = region.client("dynamodb")
    query = client.query

    def reader(**request: str) -> object:
        names = {"recordId", "timestamp", "status", "shard", "itemType", "dataset", "source"}
        asked = {each.strip("# ") for each in request.get("ProjectionExpression", "*").split(",")}
        if request.get("Select") != "SPECIFIC_ATTRIBUTES" or not asked <= names:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "Query")
        return query(**request)

    monkeypatch.setattr(client, "query", reader)

    [file] = ledger.listing(region, "FAILED").files
    assert (file.key, file.code) == ("f1.json", "")


def test_of_many_files_a_page_of_each_shard_is_read_and_the_rest_is_known_to_be_there(
    region: Region,
) -> None:
    for n in range(MOST + 5):
        timestamp = f"2026-11-26T10:{n:02d}:00.000Z"
        put(region, f"f{n}", 3, status="SUSPENDED", timestamp=timestamp)
    calls: list[object] = []
    events = region.client("dynamodb").meta.events
    events.register("before-call.dynamodb.Query", lambda **_: calls.append(1))

    found = ledger.listing(region, "SUSPENDED")

    assert len(found.files) == MOST
    assert found.files[0].key == f"f{MOST + 4}.json"
    assert not found.whole
    assert len(calls) == 16


def test_failed_files_of_more_than_a_day_ago_are_left_out(region: Region) -> None:
    put(region, "old", 1, status="FAILED", timestamp=before(now(), RECENT * 1.1))
    put(region, "new", 2, status="FAILED", timestamp=before(now(), RECENT / 2))

    assert [file.key for file in ledger.listing(region, "FAILED").files] == ["new.json"]


def test_a_marker_that_arrives_is_measured_and_there_is_never_more_than_one(
    region: Region,
) -> None:
    for _ in range(3):
        answer = replication.measured(region, region)  # a table is its own best replica

        assert answer.state is State.OK
        assert "a marker was read in us-east-1 after" in answer.says

    client = region.client("dynamodb")
    [marker] = client.scan(TableName=region.table)["Items"]
    assert "originRegion" not in marker, "no consumer may announce it"
    assert list(items.stored(region)) == [], "it is no record"


def test_a_marker_that_stays_away_needs_somebody(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replication, "MARKER_LIMIT_S", 0.2)
    elsewhere = Region(
        type("Session", (), {"client": lambda *_, **__: Nowhere()})(),
        "us-west-2",
        {"TableName": "t"},
    )

    answer = replication.measured(region, elsewhere)

    assert answer.state is State.ATTENTION
    assert answer.next


class Nowhere:
    """A replica that nothing arrives at."""

    def get_item(self, **_: object) -> dict[str, object]:
        return {}
