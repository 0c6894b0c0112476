import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops import dead_letters
from ops.dead_letters import Event
from ops.region import Region


def event(key: str, **version: str) -> Event:
    return {"Records": [record(key, **version)]}


def record(key: object, **version: str) -> dict[str, object]:
    place = {"bucket": {"name": "incoming"}, "object": {"key": key, **version}}
    return {"eventTime": "2026-11-02T03:04:05.678Z", "s3": place}


OURS = event("orders/B%C3%BCro+%2B+Lager/a.csv", versionId="v1")
OTHERS = event("orders/b.csv", versionId="v2")
NAMES = st.sampled_from(
    [
        *("Records", "requestPayload", "s3", "bucket", "object", "name", "key", "versionId"),
        *("eventTime", "detail", "detail-type", "time", "Event", "x"),
    ]
)
NAME = ("incoming", "orders/Büro + Lager/a.csv", "v1")


def send(region: Region, *bodies: object) -> None:
    for body in bodies:
        region.client("sqs").send_message(
            QueueUrl=region.dead_letters_url,
            MessageBody=body if isinstance(body, str) else json.dumps(body),
        )


def left(region: Region) -> list[Any]:
    """Return the messages that can be received at once."""
    found = region.client("sqs").receive_message(
        QueueUrl=region.dead_letters_url, MaxNumberOfMessages=10
    )
    return [json.loads(message["Body"]) for message in found.get("Messages", ())]


def test_letters_that_are_wanted_are_taken_and_the_others_stay(region: Region) -> None:
    send(region, OTHERS, OURS, OTHERS)

    taken = dead_letters.take(region, lambda event: NAME in dead_letters.named_objects(event))

    assert taken == [OURS]
    assert left(region) == [OTHERS, OTHERS]


def test_the_saved_event_is_taken_out_of_the_envelope_of_a_destination(region: Region) -> None:
    send(region, {"requestContext": {"condition": "RetriesExhausted"}, "requestPayload": OURS})

    assert dead_letters.take(region, lambda _: True) == [OURS]
    assert left(region) == []


def test_an_object_is_named_as_its_producer_did() -> None:
    assert list(dead_letters.named_objects(OURS)) == [NAME]
    assert list(dead_letters.named_objects(event("a.csv"))) == [("incoming", "a.csv", "")]
    assert list(dead_letters.named_objects({"not": "a notification"})) == []


def test_an_object_of_another_name_is_named_by_an_event_of_eventbridge() -> None:
    detail = {"bucket": {"name": "incoming"}, "object": {"key": "a b.txt", "version-id": "v1"}}
    created = {"detail-type": "Object Created", "time": "2026-11-02T03:04:05Z", "detail": detail}

    assert list(dead_letters.named_objects(created)) == [("incoming", "a b.txt", "v1")]


def test_records_that_name_no_object_do_not_hide_those_that_do() -> None:
    strange: list[object] = [None, [], {}, {"s3": 1}, record(7), record("%FF"), record("\ud800")]

    found = list(dead_letters.named_objects({"Records": [*strange, record("a.csv")]}))

    assert found == [("incoming", "a.csv", "")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, JSON, max_size=4) | JSON)
def test_no_message_of_any_json_breaks_the_reading_of_a_queue(body: object) -> None:
    event = dead_letters.saved_event({"Body": json.dumps(body)})

    assert isinstance(event, dict)
    for bucket, key, version in dead_letters.named_objects(event):
        assert bucket
        assert key
        assert isinstance(version, str)


@pytest.mark.parametrize(
    "body", ["", "hello", "[" * 100_000, '{"a": ' * 100_000, "9" * 5000, "\0", '{"a": 1e999}']
)
def test_a_message_that_is_no_event_is_an_empty_one(body: str) -> None:
    event = dead_letters.saved_event({"Body": body})

    assert list(dead_letters.named_objects(event)) == []


def test_counting_leaves_the_letters_for_whoever_handles_them(region: Region) -> None:
    send(region, OURS, OTHERS, OURS)

    counts = [dead_letters.count_by_object(region) for _ in range(2)]

    assert counts == [{NAME: 2, ("incoming", "orders/b.csv", "v2"): 1}] * 2
    assert sorted(left(region), key=str) == sorted([OURS, OTHERS, OURS], key=str)


def test_letters_are_counted_for_the_version_they_name(region: Region) -> None:
    send(region, {"requestContext": {"condition": "RetriesExhausted"}, "requestPayload": OURS})

    counts = dead_letters.count_by_object(region)

    assert counts[NAME] == 1
    assert counts[*NAME[:2], "v2"] == 0


def test_more_letters_than_one_answer_holds_are_looked_at(region: Region) -> None:
    send(region, *[OURS] * 25)

    assert dead_letters.count_by_object(region)[NAME] == 25


def test_what_is_no_letter_names_no_object_and_stays(region: Region) -> None:
    send(region, "hello", [1], '"x"')

    assert dead_letters.count_by_object(region) == {}
    assert dead_letters.take(region, bool) == []
    assert dead_letters.take(region, lambda event: event == {}) == [{}] * 3


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b'{"errorMessage": "no", "errorType": "E"}', "no"),
        (b"null", "null"),
        (b'["x"]', '["x"]'),
        (b"\xff", "\ufffd"),
        (b"", "the function failed without a message"),
    ],
)
def test_a_function_that_failed_says_something_whatever_it_answers(
    payload: bytes, message: str
) -> None:
    assert dead_letters.error_message(payload) == message
