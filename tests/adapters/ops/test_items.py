from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from boto3.dynamodb.types import TypeSerializer

from ops import items
from ops.items import Item
from ops.region import Region
from ops.status_index import with_status
from services.processor.runtime.keys import file_id

LARGE = "x" * 300_000  # four fill a page of a query


def put(region: Region, record_id: str, shard: int, minute: int, **attributes: object) -> None:
    item = {
        "recordId": record_id,
        "timestamp": f"2026-11-01T10:{minute:02d}:00.000Z",
        "status": "FAILED",
        "shard": shard,
        **attributes,
    }
    region.client("dynamodb").put_item(
        TableName=region.table, Item=TypeSerializer().serialize(item)["M"]
    )


def ids(items: Iterator[Item]) -> list[str]:
    return [item["recordId"]["S"] for item in items]


def count_calls(region: Region, operation: str) -> list[str]:
    """Return a list that grows by one with each call from now on."""
    calls: list[str] = []
    events = region.client("dynamodb").meta.events
    events.register(f"before-call.dynamodb.{operation}", lambda **_: calls.append(operation))
    return calls


def test_every_shard_is_asked(region: Region) -> None:
    for shard in range(16):
        put(region, f"f{shard}", shard, minute=shard)

    found = ids(with_status(region, "FAILED"))

    assert found == [f"f{shard}" for shard in range(16)]


def test_items_of_different_shards_come_in_the_order_of_time(region: Region) -> None:
    put(region, "third", 2, minute=30)
    put(region, "first", 2, minute=10)
    put(region, "second", 9, minute=20)

    found = ids(with_status(region, "FAILED"))

    assert found == ["first", "second", "third"]


def test_the_newest_come_first_when_asked_for(region: Region) -> None:
    put(region, "third", 2, minute=30)
    put(region, "first", 2, minute=10)
    put(region, "second", 9, minute=20)

    found = ids(with_status(region, "FAILED", newest_first=True))

    assert found == ["third", "second", "first"]


def test_other_statuses_are_left_out(region: Region) -> None:
    put(region, "failed", 1, minute=1)
    put(region, "fine", 1, minute=2, status="COMPLETED")

    found = ids(with_status(region, "FAILED"))

    assert found == ["failed"]


def test_items_before_the_given_time_are_left_out(region: Region) -> None:
    put(region, "before", 4, minute=9)
    put(region, "at", 5, minute=10)
    put(region, "after", 6, minute=11)

    found = ids(with_status(region, "FAILED", since="2026-11-01T10:10:00.000Z"))

    assert found == ["at", "after"]


def test_all_pages_of_a_shard_are_read(region: Region) -> None:
    for minute in range(9):
        put(region, f"f{minute}", 3, minute=minute, raw=LARGE)

    found = ids(with_status(region, "FAILED"))

    assert found == [f"f{minute}" for minute in range(9)]


def test_no_page_is_read_before_it_is_needed(region: Region) -> None:
    for minute in range(9):
        put(region, f"f{minute}", 3, minute=minute, raw=LARGE)
    queries = count_calls(region, "Query")

    first = ids(islice(with_status(region, "FAILED"), 1))

    assert first == ["f0"]
    assert len(queries) == 16


def test_a_status_nobody_has_gives_nothing(region: Region) -> None:
    assert ids(with_status(region, "SUSPENDED")) == []


def test_a_census_reads_every_page(region: Region) -> None:
    for number in range(9):
        put(region, f"f{number}", 3, minute=number, raw=LARGE)
    scans = count_calls(region, "Scan")

    found = set(ids(items.stored(region)))

    assert found == {f"f{number}" for number in range(9)}
    assert len(scans) > 1


def test_a_census_since_a_time_leaves_out_what_is_older(region: Region) -> None:
    for minute in (9, 10, 11):
        put(region, f"f{minute}", 1, minute=minute)

    found = set(ids(items.stored(region, since="2026-11-01T10:10:00.000Z")))

    assert found == {"f10", "f11"}


def test_a_census_leaves_out_the_notes_of_erased_records(region: Region) -> None:
    region.client("dynamodb").put_item(
        TableName=region.table,
        Item={
            "recordId": {"S": "audit:1"},
            "timestamp": {"S": "2026-11-01T00:00:00.000Z"},
            "itemType": {"S": items.AUDIT},
        },
    )

    assert list(items.stored(region)) == []
    assert list(items.stored(region, since="2026-01-01", attributes=["source"])) == []


def test_a_census_of_some_attributes_has_only_these(region: Region) -> None:
    put(region, "f1", 1, minute=1, source={"key": "a.csv", "row": 7}, raw="x")

    found = list(items.stored(region, attributes=("recordId", "status", "source.row")))

    assert found == [
        {"recordId": {"S": "f1"}, "status": {"S": "FAILED"}, "source": {"M": {"row": {"N": "7"}}}}
    ]


def test_what_replication_adds_can_be_left_out(region: Region) -> None:
    put(region, "f1", 1, minute=1, **{"aws:rep:updateregion": "us-west-2"})

    [item] = items.stored(region)

    own = {"recordId", "timestamp", "status", "shard"}
    assert item.keys() == own | {"aws:rep:updateregion"}
    assert items.own_attributes(item).keys() == own


def test_an_item_belongs_to_the_file_that_its_source_names_whatever_its_id() -> None:
    source = {"bucket": "b", "key": "k", "version": "v"}

    assert items.file_id({"recordId": "orders:1", "source": source}) == file_id("b", "k", "v")
    assert items.file_id({"recordId": "f1.000000001"}) == ""


def test_plain_values_are_exact() -> None:
    values = {
        "amount": Decimal("19.90"),
        "large": Decimal(9007199254740993),
        "tags": ["gift", "promo"],
        "customer": {"id": "C1", "vip": True},
        "note": None,
    }

    assert items.plain(TypeSerializer().serialize(values)["M"]) == values
