from collections.abc import Iterator
from functools import cache
from itertools import islice
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from ops.items import Item, with_status
from ops.region import Region

Table = Any  # of boto3, which ships no types

LARGE = "x" * 300_000  # four fill a page of a query


@cache
def dynamodb() -> Any:  # noqa: ANN401  # boto3 has no types
    """Making it takes longer than these tests, and moto answers an old one too."""
    return boto3.resource("dynamodb", region_name="us-east-1")


@cache
def typed() -> Any:  # noqa: ANN401  # boto3 has no types
    """A client that reads items as DynamoDB writes them."""
    return boto3.client("dynamodb", region_name="us-east-1")


@pytest.fixture
def table() -> Iterator[Table]:
    with mock_aws():
        yield dynamodb().create_table(
            TableName="records",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "N" if name == "shard" else "S"}
                for name in ("recordId", "timestamp", "status", "shard")
            ],
            KeySchema=[
                {"AttributeName": "recordId", "KeyType": "HASH"},
                {"AttributeName": "timestamp", "KeyType": "RANGE"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "status-index",
                    "KeySchema": [
                        {"AttributeName": "status", "KeyType": "HASH"},
                        {"AttributeName": "shard", "KeyType": "HASH"},
                        {"AttributeName": "timestamp", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )


def put(table: Table, record_id: str, shard: int, minute: int, **attributes: str) -> None:
    table.put_item(
        Item={
            "recordId": record_id,
            "timestamp": f"2026-11-01T10:{minute:02d}:00.000Z",
            "status": "FAILED",
            "shard": shard,
            **attributes,
        }
    )


def ids(items: Iterator[Item]) -> list[str]:
    return [item["recordId"]["S"] for item in items]


def items_with_status(
    table: Table, status: str, *, since: str = "", newest_first: bool = False
) -> Iterator[Item]:
    return with_status(region(table), status, since=since, newest_first=newest_first)


def region(table: Table) -> Region:
    session = SimpleNamespace(client=lambda *_, **__: typed())
    return Region(session, "us-east-1", {"TableName": table.name})


def count_queries() -> list[str]:
    queries: list[str] = []
    typed().meta.events.register("before-call.dynamodb.Query", lambda **_: queries.append("query"))
    return queries


def test_every_shard_is_asked(table: Table) -> None:
    for shard in range(16):
        put(table, f"f{shard}", shard, minute=shard)

    found = ids(items_with_status(table, "FAILED"))

    assert found == [f"f{shard}" for shard in range(16)]


def test_items_of_different_shards_come_in_the_order_of_time(table: Table) -> None:
    put(table, "third", 2, minute=30)
    put(table, "first", 2, minute=10)
    put(table, "second", 9, minute=20)

    found = ids(items_with_status(table, "FAILED"))

    assert found == ["first", "second", "third"]


def test_the_newest_come_first_when_asked_for(table: Table) -> None:
    put(table, "third", 2, minute=30)
    put(table, "first", 2, minute=10)
    put(table, "second", 9, minute=20)

    found = ids(items_with_status(table, "FAILED", newest_first=True))

    assert found == ["third", "second", "first"]


def test_other_statuses_are_left_out(table: Table) -> None:
    put(table, "failed", 1, minute=1)
    put(table, "fine", 1, minute=2, status="COMPLETED")

    found = ids(items_with_status(table, "FAILED"))

    assert found == ["failed"]


def test_items_before_the_given_time_are_left_out(table: Table) -> None:
    put(table, "before", 4, minute=9)
    put(table, "at", 5, minute=10)
    put(table, "after", 6, minute=11)

    found = ids(items_with_status(table, "FAILED", since="2026-11-01T10:10:00.000Z"))

    assert found == ["at", "after"]


def test_all_pages_of_a_shard_are_read(table: Table) -> None:
    for minute in range(9):
        put(table, f"f{minute}", 3, minute=minute, raw=LARGE)

    found = ids(items_with_status(table, "FAILED"))

    assert found == [f"f{minute}" for minute in range(9)]


def test_no_page_is_read_before_it_is_needed(table: Table) -> None:
    for minute in range(9):
        put(table, f"f{minute}", 3, minute=minute, raw=LARGE)
    queries = count_queries()

    first = ids(islice(items_with_status(table, "FAILED"), 1))

    assert first == ["f0"]
    assert len(queries) == 16


def test_a_status_nobody_has_gives_nothing(table: Table) -> None:
    assert ids(items_with_status(table, "SUSPENDED")) == []
