import json
from datetime import UTC, datetime
from itertools import pairwise

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.stream_consumer.runtime.event import Event
from services.stream_consumer.runtime.put_events import batches, failures, request

SIZES = st.lists(
    st.one_of(st.integers(200, 2_000), st.integers(200, 262_143), st.just(262_143)), max_size=60
)


def events(sizes_bytes: list[int]) -> dict[int, Event]:
    return {
        at: Event(
            event_id=str(at),
            record_id=str(at),
            detail_type="RecordChanged",
            detail="{}",
            time=datetime(2026, 11, 22, tzinfo=UTC),
            size_bytes=size_bytes,
            by_reference=False,
        )
        for at, size_bytes in enumerate(sizes_bytes)
    }


@given(SIZES)
@example([262_000, 144])
def test_no_batch_exceeds_what_one_call_accepts(sizes_bytes: list[int]) -> None:
    for batch in batches(events(sizes_bytes)):
        assert 1 <= len(batch) <= 10
        assert sum(event.size_bytes for event in batch.values()) < 256 * 1024


@given(SIZES)
def test_all_events_are_batched_once_and_in_order(sizes_bytes: list[int]) -> None:
    batched = [pair for batch in batches(events(sizes_bytes)) for pair in batch.items()]

    assert batched == list(events(sizes_bytes).items())


@given(SIZES)
@example([262_000, 143])
def test_a_batch_ends_only_where_the_next_event_would_not_fit(sizes_bytes: list[int]) -> None:
    for batch, following in pairwise(batches(events(sizes_bytes))):
        size_bytes = sum(event.size_bytes for event in batch.values())
        extra_bytes = next(iter(following.values())).size_bytes
        assert len(batch) == 10 or size_bytes + extra_bytes >= 256 * 1024


@given(st.lists(st.text(max_size=8), min_size=1, max_size=3))
@example(['{"a":"\\"\\\\\\n"}', "\u2028\x7f"])
def test_the_body_has_each_event_as_the_service_wants_it(details: list[str]) -> None:
    body = request(
        [
            Event(
                event_id="e",
                record_id="r",
                detail_type="FileChanged",
                detail=detail,
                time=datetime(2026, 11, 22, 22, 31, 4, tzinfo=UTC),
                size_bytes=300,
                by_reference=False,
            )
            for detail in details
        ],
        "bus",
    )

    assert json.loads(body) == {
        "Entries": [
            {
                "EventBusName": "bus",
                "Source": "serverless.data-ingestion",
                "DetailType": "FileChanged",
                "Detail": detail,
                "Time": 1_795_386_664,
            }
            for detail in details
        ]
    }


@pytest.mark.parametrize(
    ("microsecond", "written"), [(0, "64"), (500_000, "64.5"), (1, "64.000001")]
)
def test_a_time_is_written_in_seconds_as_the_sdk_writes_it(microsecond: int, written: str) -> None:
    [event] = events([300]).values()
    moment = datetime(1970, 1, 1, 0, 1, 4, microsecond, tzinfo=UTC)

    assert f'"Time":{written}}}'.encode() in request(
        [msgspec.structs.replace(event, time=moment)], "bus"
    )


def test_a_failure_is_told_with_its_code_and_not_with_a_message_that_may_quote_it() -> None:
    refused = {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
    entries = [{"EventId": "1"}, refused, {"ErrorCode": "InternalFailure"}]

    told = failures([3, 5, 8], json.dumps({"FailedEntryCount": 2, "Entries": entries}).encode())

    assert [(at, type(error).__name__, str(error)) for at, error in told] == [
        (5, "RefusedEventError", "MalformedDetail"),
        (8, "BusUnavailableError", "InternalFailure"),
    ]
