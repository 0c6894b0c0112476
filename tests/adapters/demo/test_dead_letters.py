import json
from typing import Any

from local.demo.dead_letters import DeadLetters, named
from local.demo.regions import Region
from tests.unit.demo.factory import a_delivery, a_file

EVENT = {
    "Records": [
        {
            "s3": {
                "bucket": {"name": "incoming"},
                "object": {"key": "orders/B%C3%BCro+%2B+Lager/a.csv", "versionId": "v1"},
            }
        }
    ]
}
ENVELOPE = {"requestContext": {"condition": "RetriesExhausted"}, "requestPayload": EVENT}
OURS = a_delivery(a_file("orders/Büro + Lager/a.csv"))


def send(region: Region, letter: dict[str, Any]) -> None:
    region.sqs.send_message(QueueUrl=region.dead_letters, MessageBody=json.dumps(letter))


def test_a_letter_in_either_form_names_the_file_as_its_producer_did() -> None:
    assert list(named(EVENT)) == [("incoming", "orders/Büro + Lager/a.csv", "v1")]
    assert list(named(ENVELOPE)) == [("incoming", "orders/Büro + Lager/a.csv", "v1")]


def test_letters_are_counted_for_the_version_they_name(region: Region) -> None:
    letters = DeadLetters(region)
    send(region, ENVELOPE)

    letters.read()

    assert letters.count(OURS) == 1
    assert letters.count(a_delivery(OURS.file, version="v2")) == 0


def test_reading_again_does_not_count_twice(region: Region) -> None:
    letters = DeadLetters(region)
    send(region, EVENT)

    letters.read()
    letters.read()

    assert letters.count(OURS) == 1


def test_more_letters_than_one_answer_holds_are_read(region: Region) -> None:
    letters = DeadLetters(region)
    for _ in range(25):
        send(region, EVENT)

    letters.read()

    assert letters.count(OURS) == 25


def test_letters_stay_in_the_queue_for_whoever_handles_them(region: Region) -> None:
    letters = DeadLetters(region)
    send(region, EVENT)

    letters.read()

    received = region.sqs.receive_message(QueueUrl=region.dead_letters)["Messages"]
    assert json.loads(received[0]["Body"]) == EVENT


def test_what_is_no_letter_names_no_file_and_is_left_where_it_is(region: Region) -> None:
    for body in ("hello", "[1]", '"x"'):
        region.sqs.send_message(QueueUrl=region.dead_letters, MessageBody=body)
    letters = DeadLetters(region)

    letters.read()

    kept = region.sqs.receive_message(QueueUrl=region.dead_letters, MaxNumberOfMessages=10)
    assert len(kept["Messages"]) == 3
