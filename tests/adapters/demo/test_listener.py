import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from local.demo.listener import FILE, RECORD, Listener, listening
from local.demo.patience import Patience
from local.demo.regions import Region


@pytest.fixture(autouse=True)
def _no_long_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last poll of a test would last its second, and prove nothing more."""
    monkeypatch.setattr("local.demo.listener.WAIT_S", 0)


def announce(region: Region, detail_type: str, event_id: str, record_id: str) -> None:
    detail = json.dumps({"eventId": event_id, "recordId": record_id})
    entry = {"EventBusName": "bus", "DetailType": detail_type, "Detail": detail}
    region.events.put_events(Entries=[{**entry, "Source": "serverless.data-ingestion"}])


def wait_for(listener: Listener, received: int) -> None:
    assert Patience().wait(lambda: listener.received >= received, lambda: "")


def test_announcements_are_counted_by_kind_and_file(region: Region) -> None:
    with listening(region) as listener:
        announce(region, RECORD, "e1", "f1.000000001")
        announce(region, RECORD, "e2", "f1.000000002")
        announce(region, RECORD, "e3", "f2.000000001")
        announce(region, FILE, "e4", "f1")
        wait_for(listener, 4)

        counts = [listener.count(kind, name) for kind in (RECORD, FILE) for name in ("f1", "f2")]

    assert counts == [2, 1, 1, 0]


def test_an_announcement_that_comes_twice_counts_once(region: Region) -> None:
    with listening(region) as listener:
        announce(region, RECORD, "e1", "f1.000000001")
        announce(region, RECORD, "e1", "f1.000000001")
        wait_for(listener, 2)

        assert listener.count(RECORD, "f1") == 1


def test_the_rule_and_the_queue_are_gone_afterwards(region: Region) -> None:
    with listening(region):
        assert len(region.events.list_rules(EventBusName="bus")["Rules"]) == 1
        assert len(region.sqs.list_queues()["QueueUrls"]) == 2

    assert region.events.list_rules(EventBusName="bus")["Rules"] == []
    assert region.sqs.list_queues()["QueueUrls"] == [region.dead_letters]


def test_what_ends_the_listening_is_not_kept_silent(region: Region) -> None:
    listener = Listener(region, region.dead_letters.replace("dead", "gone"))
    with ThreadPoolExecutor(max_workers=1) as threads:
        listener.start(threads)

    with pytest.raises(region.sqs.exceptions.QueueDoesNotExist):
        listener.check()
