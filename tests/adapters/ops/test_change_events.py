import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer

from ops.change_events import (
    FILE_CHANGED,
    RECORD_CHANGED,
    Announced,
    ChangeEvent,
    Listener,
    listening,
    subscription,
)
from ops.region import Region
from ops.waiting import wait_for
from services.processor.runtime.keys import file_id

SOURCE = {"bucket": "b", "key": "k", "version": "v", "row": 7}
FILE = file_id("b", "k", "v")


@pytest.fixture(autouse=True)
def _no_long_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait a second for nothing at the end of each test."""
    monkeypatch.setattr("ops.change_events._WAIT_S", 0)


def announce(
    region: Region,
    detail_type: str,
    event_id: str,
    record_id: str,
    source: str = "serverless.data-ingestion",
    **more: Any,  # noqa: ANN401
) -> None:
    detail = json.dumps({"eventId": event_id, "recordId": record_id, "amount": 0.1, **more})
    entry = {"EventBusName": "bus", "DetailType": detail_type, "Detail": detail, "Source": source}
    region.client("events").put_events(Entries=[entry])


def await_messages(listener: Listener, count: int) -> None:
    wait_for(lambda: listener.received >= count, f"{count} messages", limit_s=10, poll_s=0.001)


def remains(region: Region) -> tuple[list[Any], list[str]]:
    """Return the rules of the region, and the queues that are not its own."""
    rules = region.client("events").list_rules(EventBusName="bus")["Rules"]
    own = {region.dead_letters_url, region.quarantine_url, region.stream_failures_url}
    return rules, [url for url in region.client("sqs").list_queues()["QueueUrls"] if url not in own]


def test_announcements_are_counted_by_type_and_file(region: Region) -> None:
    with listening(region) as listener:
        announce(region, RECORD_CHANGED, "e1", "f1.000000001")
        announce(region, RECORD_CHANGED, "e2", "f1.000000002")
        announce(region, RECORD_CHANGED, "e3", "f2.000000001")
        announce(region, FILE_CHANGED, "e4", "f1")
        await_messages(listener, 4)

    kinds = (RECORD_CHANGED, FILE_CHANGED)
    assert [listener.count(kind, file) for kind in kinds for file in ("f1", "f2")] == [2, 1, 1, 0]


def test_a_record_counts_for_the_file_that_its_item_is_from(region: Region) -> None:
    said = {"timestamp": "t", "status": "ACCEPTED", "change": "UPDATED"}
    item = {"source": SOURCE, "digest": "d"}
    with listening(region) as listener:
        announce(region, RECORD_CHANGED, "e1", "orders:1", **said, item=item)
        await_messages(listener, 1)

    assert listener.announced(RECORD_CHANGED, FILE) == [
        Announced("orders:1", "t", "ACCEPTED", "d", "UPDATED", row=7)
    ]


def test_an_item_too_large_for_its_event_is_read_from_the_table(region: Region) -> None:
    item = {"recordId": "orders:1", "timestamp": "t", "source": SOURCE, "digest": "d"}
    typed = {name: TypeSerializer().serialize(value) for name, value in item.items()}
    region.client("dynamodb").put_item(TableName=region.table, Item=typed)
    reference = {"table": "records", "recordId": "orders:1", "timestamp": "t"}
    with listening(region) as listener:
        announce(region, RECORD_CHANGED, "e1", "orders:1", itemReference=reference)
        await_messages(listener, 1)

    [found] = listener.announced(RECORD_CHANGED, FILE)
    assert (found.row, found.digest) == (7, "d")


def test_an_event_of_another_kind_is_passed_on_and_counts_for_no_file(region: Region) -> None:
    heard: list[ChangeEvent] = []
    with listening(region, heard.append) as listener:
        announce(region, "SomethingElse", "e1", "f1")
        await_messages(listener, 1)

    assert [event["detail-type"] for event in heard] == ["SomethingElse"]
    assert listener.count("SomethingElse", "f1") == 0


def test_a_repeated_announcement_counts_once_and_is_passed_on_twice(region: Region) -> None:
    heard: list[ChangeEvent] = []
    with listening(region, heard.append) as listener:
        announce(region, RECORD_CHANGED, "e1", "f1.000000001")
        announce(region, RECORD_CHANGED, "e1", "f1.000000001")
        await_messages(listener, 2)

    assert listener.count(RECORD_CHANGED, "f1") == 1
    assert [str(event["detail"]["amount"]) for event in heard] == ["0.1", "0.1"]
    assert len({event["detail"]["eventId"] for event in heard}) == 1


def test_an_empty_queue_is_counted_as_a_silence(region: Region) -> None:
    with listening(region) as listener:
        before = listener.silences
        wait_for(lambda: listener.silences > before, "silence", limit_s=10, poll_s=0.001)

    assert listener.received == 0


def test_events_of_others_are_not_heard(region: Region) -> None:
    with listening(region) as listener:
        announce(region, RECORD_CHANGED, "e1", "f1.000000001", source="somebody.else")
        announce(region, RECORD_CHANGED, "e2", "f2.000000001")
        await_messages(listener, 1)

    assert listener.count(RECORD_CHANGED, "f1") == 0


def test_the_rule_and_the_queue_are_gone_afterwards(region: Region) -> None:
    with subscription(region) as queue_url:
        rules, queues = remains(region)
        assert len(rules) == 1
        assert queues == [queue_url]

    assert remains(region) == ([], [])


def test_nothing_is_left_behind_either_when_the_work_fails(region: Region) -> None:
    with pytest.raises(ZeroDivisionError), listening(region):
        raise ZeroDivisionError

    assert remains(region) == ([], [])


def test_only_the_rule_may_send_to_the_queue(region: Region) -> None:
    with subscription(region) as queue_url:
        found = region.client("sqs").get_queue_attributes(
            QueueUrl=queue_url, AttributeNames=["Policy", "QueueArn"]
        )["Attributes"]
        [rule], _ = remains(region)

    [statement] = json.loads(found["Policy"])["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Action"] == "sqs:SendMessage"
    assert statement["Resource"] == found["QueueArn"]
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": rule["Arn"]}}


def test_an_error_that_ended_the_listening_is_raised(region: Region) -> None:
    with pytest.raises(ZeroDivisionError):
        listen_and_fail(region)

    assert remains(region) == ([], [])


def test_a_queue_that_is_gone_ends_the_listening(region: Region) -> None:
    listener = Listener(region, region.dead_letters_url.replace("dead", "gone"), None)
    with ThreadPoolExecutor(max_workers=1) as threads:
        listener.start(threads)

    with pytest.raises(region.client("sqs").exceptions.QueueDoesNotExist):
        listener.check()


def listen_and_fail(region: Region) -> None:
    def fail(event: ChangeEvent) -> None:
        raise ZeroDivisionError(event["id"])

    with listening(region, fail) as listener:
        announce(region, RECORD_CHANGED, "e1", "f1.000000001")
        wait_for(lambda: listener.count(RECORD_CHANGED, "f1"), "it", limit_s=10, poll_s=0.001)
