"""What the stream consumer gave up on is announced: all that can be, under its own ids."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.redriving.causes import Fate
from tests.unit.ops.redriving.fake_stream import FakeStream, change, failure, redrive
from tests.unit.ops.redriving.fakes import FAILURES, QUARANTINE
from tests.unit.ops.redriving.runs import fates


def ids(*numbers: int) -> list[str]:
    return [f"f{at}" for at in numbers]


def test_every_change_from_the_first_to_the_last_is_announced_whatever_lies_between() -> None:
    stream = FakeStream([change(at) for at in range(100, 1100)])

    result = redrive(stream, failure(150, 949))

    assert stream.record_ids == ids(*range(150, 950))
    assert max(stream.batches) == 100
    assert stream.queues[FAILURES] == []
    assert result.is_through


def test_a_batch_of_large_items_is_handed_over_in_parts_that_an_invocation_can_have() -> None:
    large = [change(at, text={"S": "x" * 390_000}) for at in range(100, 130)]
    stream = FakeStream(large)

    redrive(stream, failure(100, 129))

    assert sum(stream.batches) == 30
    assert max(stream.sizes_bytes) < 6_000_000
    assert stream.record_ids == ids(*range(100, 130))


@given(st.integers(1, 40), st.integers(0, 60), st.integers(0, 60), st.integers(1, 9))
def test_whatever_the_pages_are_the_range_is_announced_whole(
    page: int, before: int, length: int, expires_in: int
) -> None:
    stream = FakeStream([change(at) for at in range(100, 230)], page=page)
    stream.expires_in = expires_in
    first, last = 100 + before, 100 + before + length

    assert redrive(stream, failure(first, last)).is_through

    assert stream.record_ids == ids(*range(first, last + 1))


def test_changes_that_the_other_region_announces_are_left_to_it() -> None:
    origins = ["us-east-1", "us-west-2"]
    stream = FakeStream([change(at, origins[at % 2]) for at in range(100, 140)])

    redrive(stream, failure(100, 139))

    assert stream.record_ids == ids(*range(100, 140, 2))


def test_what_the_takeover_gave_up_on_are_the_changes_of_the_other_region() -> None:
    stream = FakeStream([change(100), change(101, "us-west-2")])
    letter = failure(100, 101)
    letter["requestContext"]["functionArn"] = "arn:consumer:takeover"

    redrive(stream, letter)

    assert stream.record_ids == ids(101)


def test_a_removal_is_announced_with_the_item_as_it_last_was() -> None:
    removal = change(100)
    removal["eventName"] = "REMOVE"
    removal["dynamodb"]["OldImage"] = removal["dynamodb"].pop("NewImage")
    stream = FakeStream([removal])

    redrive(stream, failure(100, 100))

    [event] = stream.published
    assert json.loads(event.detail)["change"] == "DELETED"


def test_bytes_and_times_reach_the_consumer_as_lambda_writes_them() -> None:
    stream = FakeStream([change(100, blob={"B": b"\x00\xff"})])

    redrive(stream, failure(100, 100))

    [event] = stream.published
    assert json.loads(event.detail)["item"]["blob"] == "AP8="


def test_after_a_change_that_failed_for_a_moment_the_rest_is_announced() -> None:
    stream = FakeStream([change(at) for at in range(100, 110)])
    stream.refused = {"f104"}
    before = stream.publish

    def publish(*given: object) -> object:
        published = before(*given)  # type: ignore[arg-type]  # the port's arguments
        stream.refused = set()
        return published

    stream.publish = publish  # type: ignore[method-assign,assignment]

    assert redrive(stream, failure(100, 109)).is_through
    assert set(stream.record_ids) == set(ids(*range(100, 110)))


def test_a_change_that_the_bus_refuses_holds_up_no_other_one_and_the_letter_stays() -> None:
    stream = FakeStream([change(at) for at in range(100, 400)])
    stream.refused = {"f120", "f350"}

    result = redrive(stream, failure(100, 399))

    assert set(stream.record_ids) == set(ids(*range(100, 400))) - stream.refused
    assert fates(result) == {Fate.STAYS: {"NOT_PUBLISHED": 1}}
    assert len(stream.queues[FAILURES]) == 1


def test_a_bus_that_is_away_is_not_asked_for_every_change() -> None:
    stream = FakeStream([change(at) for at in range(100, 400)])
    stream.refused = set(ids(*range(100, 400)))

    result = redrive(stream, failure(100, 399))

    assert len(stream.batches) == 3
    assert not result.is_through


def test_a_change_of_which_no_event_can_be_made_is_quarantined_and_the_others_are_announced() -> (
    None
):
    strange = change(101, itemType={"S": "SURPRISE"})
    stream = FakeStream([change(100), strange, change(102)])

    result = redrive(stream, failure(100, 102))

    assert stream.record_ids == ids(100, 102)
    assert fates(result) == {Fate.QUARANTINED: {"CHANGE_NOT_READABLE": 1}}
    assert (len(stream.queues[FAILURES]), len(stream.queues[QUARANTINE])) == (0, 1)


@pytest.mark.parametrize(
    "letter",
    [
        *("hello", [], 7, None, {"DDBStreamBatchInfo": 7}, "[" * 90_000),
        failure(1, 2, startSequenceNumber="first"),
        failure(1, 2, startSequenceNumber="1"),
        failure(1, 2, shardId="shard"),
        failure(1, 2, streamArn="arn:aws:dynamodb:us-east-1:1:table/others/stream/2026"),
        failure(1, 2, approximateArrivalOfFirstRecord="yesterday"),
    ],
    ids=lambda letter: str(letter)[:12],
)
def test_a_message_that_describes_no_batch_of_this_table_is_quarantined(letter: object) -> None:
    stream = FakeStream([change(1), change(2)])

    result = redrive(stream, letter)

    assert fates(result) == {Fate.QUARANTINED: {"NO_STREAM_BATCH": 1}}
    assert stream.batches == []


def test_an_iterator_that_expires_on_the_way_is_asked_for_again() -> None:
    stream = FakeStream([change(at) for at in range(100, 200)])
    stream.expires_in = 2

    assert redrive(stream, failure(100, 199)).is_through
    assert stream.record_ids == ids(*range(100, 200))
