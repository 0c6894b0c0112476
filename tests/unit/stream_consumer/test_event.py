import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.stream_consumer.runtime.change import parse_change
from services.stream_consumer.runtime.errors import MalformedRecordError, OversizedEventError
from services.stream_consumer.runtime.event import Event, announcements, to_event
from tests.unit.stream_consumer.streams import ACCEPTED, ITEM, insert, item, stream_record

SCALARS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda text: {"S": text}, st.text(max_size=8)),
    st.builds(lambda digits: {"N": str(digits)}, st.integers(-(10**20), 10**20)),
    st.sampled_from([{"BOOL": True}, {"BOOL": False}, {"NULL": True}, {"M": {}}]),
    st.builds(lambda texts: {"SS": texts}, st.lists(st.text(max_size=4), min_size=1, max_size=3)),
)
DATA = st.one_of(
    SCALARS,
    st.builds(lambda values: {"L": values}, st.lists(SCALARS, max_size=3)),
    st.builds(
        lambda values: {"M": values}, st.dictionaries(st.text(max_size=4), SCALARS, max_size=3)
    ),
)

# The end of the year 9999.
LAST_S = 253_402_300_799


def announced(record: dict[str, Any]) -> Event:
    return to_event(parse_change(record))


def test_a_record_is_announced_with_its_plain_item() -> None:
    event = announced(insert())

    assert event.detail_type == "RecordChanged"
    assert json.loads(event.detail) == {
        "schemaVersion": 1,
        "eventId": event.event_id,
        "change": "CREATED",
        "recordId": "f0123.000000001",
        "timestamp": "2026-11-22T22:31:04.000Z",
        "status": "ACCEPTED",
        "dataset": "orders",
        "originRegion": "us-east-1",
        "item": {
            "recordId": "f0123.000000001",
            "timestamp": "2026-11-22T22:31:04.000Z",
            "itemType": "RECORD",
            "status": "ACCEPTED",
            "shard": 7,
            "dataset": "orders",
            "contractVersion": 1,
            "originRegion": "us-east-1",
            "data": {"orderId": "o-1", "amount": 19.9},
        },
    }


def test_what_the_product_tests_itself_with_is_no_change_that_listeners_want() -> None:
    record = announced(insert(dataset={"S": "canary"}))
    file = announced(insert(dataset={"S": "canary"}, itemType={"S": "FILE"}))

    assert (record.detail_type, file.detail_type) == ("CanaryChanged", "CanaryChanged")


def test_the_id_of_a_change_is_the_same_in_every_version_of_this_code() -> None:
    assert announced(insert()).event_id == "9a3e0fe67cfc26afcee411b369d744a7"


def test_a_file_is_announced_as_such_with_the_status_before() -> None:
    new = item(itemType={"S": "FILE"}, status={"S": "COMPLETED"})
    old = item(itemType={"S": "FILE"}, status={"S": "PROCESSING"})

    event = announced(stream_record("MODIFY", new=new, old=old))

    assert event.detail_type == "FileChanged"
    detail = json.loads(event.detail)
    assert detail["change"] == "UPDATED"
    assert detail["previousStatus"] == "PROCESSING"
    assert detail["item"]["status"] == "COMPLETED"


def test_a_replaced_record_is_announced_with_the_digest_before() -> None:
    new = item(digest={"S": "d2"}, precedence={"S": "2"})

    detail = json.loads(announced(stream_record("MODIFY", new=new, old=ACCEPTED)).detail)

    assert (detail["change"], detail["previousStatus"]) == ("UPDATED", "ACCEPTED")
    assert (detail["previousDigest"], detail["item"]["digest"]) == ("d1", "d2")


def test_a_deletion_is_announced_with_the_item_as_it_was() -> None:
    detail = json.loads(announced(stream_record("REMOVE", old=ITEM)).detail)

    assert detail["change"] == "DELETED"
    assert detail["item"]["data"] == {"orderId": "o-1", "amount": 19.9}


@given(st.integers(0, LAST_S), DATA)
def test_a_record_is_announced_once_whenever_it_is_stored_and_whatever_it_says(
    stored_s: int, data: dict[str, Any]
) -> None:
    record = insert(data=data)
    record["dynamodb"]["ApproximateCreationDateTime"] = stored_s

    [event] = announcements(parse_change(record), Decimal("0.5"))

    assert event.time == datetime.fromtimestamp(stored_s, UTC)
    assert json.loads(event.detail)["change"] == "CREATED"


@given(DATA)
def test_both_regions_give_the_same_change_the_same_id(data: dict[str, Any]) -> None:
    first = insert("100", data=data)
    replicated = stream_record(
        "MODIFY",
        new=dict(reversed(item(data=data).items())) | {"aws:rep:updateregion": {"S": "us-east-1"}},
        old=item(status={"S": "REJECTED"}),
        sequence_number="99999",
        region="us-west-2",
    )

    assert announced(first).event_id == announced(replicated).event_id


@given(DATA, DATA)
def test_changes_have_the_same_id_only_if_they_leave_the_same_item(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    first, second = announced(insert(data=one)), announced(insert(data=other))

    items = {json.dumps(json.loads(event.detail)["item"]) for event in (first, second)}
    assert len({first.event_id, second.event_id}) == len(items)


@pytest.mark.parametrize("attribute", ["recordId", "timestamp", "status", "dataset"])
def test_another_item_has_another_id(attribute: str) -> None:
    other = stream_record(new=ITEM | {attribute: {"S": "other"}})

    assert announced(other).event_id != announced(insert()).event_id


def test_a_removal_and_the_write_before_it_have_different_ids() -> None:
    removal = stream_record("REMOVE", old=ITEM)

    assert announced(removal).event_id != announced(insert()).event_id


@given(DATA)
def test_replaying_a_record_gives_the_identical_event(data: dict[str, Any]) -> None:
    record = insert(data=data)

    assert announced(record) == announced(json.loads(json.dumps(record)))


@pytest.mark.parametrize("letter", ["a", "é", "漢", "😀"])
def test_the_size_is_counted_as_the_bus_counts_it(letter: str) -> None:
    event = announced(insert(data={"S": letter * 1000}))

    counted = 14 + len("serverless.data-ingestion") + len("RecordChanged")
    assert event.size_bytes == counted + len(event.detail.encode())


def test_an_event_just_below_256_kib_carries_its_item() -> None:
    room = 262_143 - announced(insert(data={"S": ""})).size_bytes

    event = announced(insert(data={"S": "a" * room}))

    assert (event.size_bytes, event.by_reference) == (262_143, False)


def test_an_event_of_256_kib_refers_to_its_item_instead() -> None:
    room = 262_143 - announced(insert(data={"S": ""})).size_bytes

    event = announced(insert(data={"S": "a" * (room + 1)}))

    assert event.by_reference
    detail = json.loads(event.detail)
    assert "item" not in detail
    assert detail["itemReference"] == {
        "table": "processed",
        "recordId": "f0123.000000001",
        "timestamp": "2026-11-22T22:31:04.000Z",
    }
    assert event.size_bytes < 1000


def test_the_id_of_a_large_item_is_that_of_its_content() -> None:
    one = announced(insert(data={"S": "a" * 300_000}))
    other = announced(insert(data={"S": "b" * 300_000}))

    assert one.by_reference
    assert one.event_id != other.event_id


def test_an_event_too_large_even_by_reference_is_refused() -> None:
    with pytest.raises(OversizedEventError):
        announced(insert(dataset={"S": "d" * 300_000}))


def test_half_a_surrogate_pair_is_malformed() -> None:
    with pytest.raises(MalformedRecordError, match="not valid Unicode"):
        announced(insert(data={"S": "\ud800"}))
