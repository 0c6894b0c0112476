import json
from typing import Any

from ops import dead_letters
from ops.dead_letters import Event
from ops.region import Region


def event(key: str, **version: str) -> Event:
    place = {"bucket": {"name": "incoming"}, "object": {"key": key, **version}}
    return {"Records": [{"s3": place}]}


OURS = event("orders/B%C3%BCro+%2B+Lager/a.csv", versionId="v1")
OTHERS = event("orders/b.csv", versionId="v2")
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
