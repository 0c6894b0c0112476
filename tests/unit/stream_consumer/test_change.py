from datetime import UTC, datetime
from typing import Any

import pytest

from services.stream_consumer.runtime.change import Kind, parse_change
from services.stream_consumer.runtime.errors import MalformedRecordError, UnknownItemError
from tests.unit.stream_consumer.streams import ACCEPTED, ITEM, insert, item, stream_record

PROCESSING = item(status={"S": "PROCESSING"}, itemType={"S": "FILE"})
COMPLETED = item(status={"S": "COMPLETED"}, itemType={"S": "FILE"})


def test_an_insert_is_a_creation_with_the_new_image() -> None:
    change = parse_change(stream_record("INSERT", new=ITEM))

    assert change.kind is Kind.CREATED
    assert change.record_id == "f0123.000000001"
    assert change.timestamp == "2026-11-22T22:31:04.000Z"
    assert change.status == "ACCEPTED"
    assert change.previous_status is None
    assert change.dataset == "orders"
    assert change.origin_region == "us-east-1"
    assert change.image["data"] == {"orderId": "o-1", "amount": 19.9}


def test_a_modification_is_an_update_that_knows_the_status_before() -> None:
    change = parse_change(stream_record("MODIFY", new=COMPLETED, old=PROCESSING))

    assert (change.kind, change.previous_status, change.status) == (
        Kind.UPDATED,
        "PROCESSING",
        "COMPLETED",
    )


NEWER: dict[str, Any] = {"precedence": {"S": "2"}, "source": {"M": {"key": {"S": "b.csv"}}}}
REJECTED = item(status={"S": "REJECTED"})


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (ACCEPTED | NEWER, ACCEPTED),
        (ACCEPTED | {"contractVersion": {"N": "2"}}, ACCEPTED),
        (ACCEPTED | NEWER, item(digest={"S": "d1"})),  # stored before records had a precedence
    ],
)
def test_the_same_contents_of_a_newer_file_change_nothing(
    new: dict[str, Any], old: dict[str, Any]
) -> None:
    assert parse_change(stream_record("MODIFY", new=new, old=old)).changes_nothing


@pytest.mark.parametrize(
    "record",
    [
        stream_record("INSERT", new=ACCEPTED),
        stream_record("REMOVE", old=ACCEPTED),
        stream_record("MODIFY", new=ACCEPTED | {"digest": {"S": "d2"}}, old=ACCEPTED),
        stream_record("MODIFY", new=ACCEPTED, old=REJECTED),
        stream_record("MODIFY", new=REJECTED, old=ACCEPTED),
        stream_record("MODIFY", new=REJECTED | NEWER, old=REJECTED),
        stream_record("MODIFY", new=item(status={"S": "CORRECTED"}), old=REJECTED),
        stream_record("MODIFY", new=COMPLETED, old=PROCESSING),
        stream_record("MODIFY", new=COMPLETED | {"rowsRead": {"N": "2"}}, old=COMPLETED),
    ],
)
def test_any_other_change_is_one(record: dict[str, Any]) -> None:
    assert not parse_change(record).changes_nothing


@pytest.mark.parametrize(
    "remover", [{}, {"userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"}}]
)
def test_a_removal_by_hand_or_by_ttl_is_a_deletion_with_the_old_image(
    remover: dict[str, Any],
) -> None:
    change = parse_change(stream_record("REMOVE", old=COMPLETED) | remover)

    assert (change.kind, change.status, change.previous_status) == (
        Kind.DELETED,
        "COMPLETED",
        None,
    )


def test_the_table_and_the_time_of_the_change_are_known() -> None:
    change = parse_change(insert())

    assert change.table == "processed"
    assert change.time == datetime(2026, 11, 22, 22, 31, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "missing", ["itemType", "recordId", "timestamp", "status", "dataset", "originRegion"]
)
def test_an_item_without_an_attribute_common_to_all_items_is_unknown(missing: str) -> None:
    foreign = {name: value for name, value in ITEM.items() if name != missing}

    with pytest.raises(UnknownItemError, match=missing):
        parse_change(stream_record(new=foreign))


@pytest.mark.parametrize("item_type", [{"S": "SUMMARY"}, {"N": "1"}, {"S": ""}, {"S": "\ud800"}])
def test_an_item_of_another_type_is_unknown(item_type: dict[str, str]) -> None:
    with pytest.raises(UnknownItemError):
        parse_change(insert(itemType=item_type))


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"eventName": "INSERT"},
        stream_record("INSERT"),
        stream_record("MODIFY", new=ITEM),
        stream_record("REMOVE", new=ITEM),
        stream_record("TRUNCATE", new=ITEM),
        stream_record(new=item(data={"X": "1"})),
        stream_record(new=item(data={"S": 1})),
        stream_record(new=item(data={"N": 1})),
        stream_record(new=item(data={"BOOL": "true"})),
        stream_record(new=item(data={"N": "NaN"})),
        stream_record(new=item(data={"N": "one"})),
        stream_record(new=item(data={"L": 1})),
        stream_record(new=item(data={"M": []})),
        stream_record(new=item(data={"S": "a", "N": "1"})),
        stream_record(new=item(data="text")),
        insert() | {"eventSourceARN": "arn:aws:dynamodb"},
        insert() | {"dynamodb": {"NewImage": ITEM}},
        insert() | {"dynamodb": {"NewImage": ITEM, "ApproximateCreationDateTime": 1e18}},
        insert() | {"dynamodb": {"NewImage": ITEM, "ApproximateCreationDateTime": 1e300}},
    ],
)
def test_a_record_that_dynamodb_would_not_write_is_malformed(record: dict[str, Any]) -> None:
    with pytest.raises(MalformedRecordError, match="not a DynamoDB stream record"):
        parse_change(record)
