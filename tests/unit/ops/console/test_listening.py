"""What is heard of events, from a queue that the test fills."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

import naming
from ops.console import listening as module
from ops.console.listening import Ear
from ops.region import Region
from ops.waiting import wait_for
from tests.unit.ops.status.aws import Aws

EAST = naming.PRIMARY


def event(kind: str, record: str, status: str, key: str) -> dict[str, Any]:
    detail = {"recordId": record, "status": status, "item": {"source": {"key": key}}}
    return {"detail-type": kind, "time": "2026-11-26T10:00:00Z", "detail": detail}


class Queue:
    """Gives each message once; an error among them is raised."""

    def __init__(self, *messages: dict[str, Any] | Exception) -> None:
        self._left = list(messages)
        self.deleted: list[str] = []
        self._changing = threading.Lock()

    def receive(self, _: object) -> dict[str, Any]:
        with self._changing:
            if not self._left:
                return {}
            message = self._left.pop(0)
        if isinstance(message, Exception):
            raise message
        return {"Messages": [{"Body": json.dumps(message), "ReceiptHandle": str(message)}]}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        self.deleted += [each["ReceiptHandle"] for each in request["Entries"]]
        return {}


@contextmanager
def hearing(queue: Queue) -> Iterator[Ear]:
    aws, ear = Aws(), Ear()
    aws.answers[EAST] |= {"receive_message": queue.receive, "delete_message_batch": queue.delete}
    thread = threading.Thread(target=ear.listen, args=[Region(aws, EAST, {}), "https://queue"])
    thread.start()
    try:
        yield ear
    finally:
        ear.stop()
        thread.join()


def heard(ear: Ear, number: int) -> None:
    wait_for(
        lambda: sum(ear.hearing().counts.get(EAST, {}).values()) == number,
        f"{number} events",
        limit_s=30,
        poll_s=0.01,
    )


def test_events_are_counted_by_kind_and_removed_from_the_queue() -> None:
    queue = Queue(
        event("RecordChanged", "orders:1", "ACCEPTED", "orders/a.csv"),
        event("RecordChanged", "orders:2", "ACCEPTED", "orders/a.csv"),
        event("FileChanged", "f1", "COMPLETED", "orders/a.csv"),
    )

    with hearing(queue) as ear:
        heard(ear, 3)

    found = ear.hearing()
    assert found.counts == {EAST: {"RecordChanged": 2, "FileChanged": 1}}
    assert [(each.what, each.status) for each in found.newest] == [
        ("orders/a.csv", "COMPLETED"),
        ("orders:2", "ACCEPTED"),
        ("orders:1", "ACCEPTED"),
    ]
    assert len(queue.deleted) == 3


def test_only_the_newest_events_are_kept() -> None:
    number = module.MOST_SHOWN + 20
    queue = Queue(*(event("RecordChanged", f"orders:{n}", "ACCEPTED", "a") for n in range(number)))

    with hearing(queue) as ear:
        heard(ear, number)

    assert len(ear.hearing().newest) == module.MOST_SHOWN
    assert ear.hearing().newest[0].what == f"orders:{number - 1}"


def test_a_region_that_fails_for_a_while_is_heard_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAIT_S", 0.01)
    gone = EndpointConnectionError(endpoint_url="https://x")
    queue = Queue(gone, gone, event("FileChanged", "f1", "COMPLETED", "a"))

    with hearing(queue) as ear:
        heard(ear, 1)


def test_a_region_that_cannot_be_heard_is_said_and_costs_no_other_one_its_ear(
    capsys: pytest.CaptureFixture[str],
) -> None:
    regions = {EAST: Region(Aws(), EAST, {})}  # a stack without outputs

    with module.listening(regions) as ear:
        assert ear.hearing().counts == {}

    assert "the events of us-east-1 are not heard: the stack" in capsys.readouterr().err
