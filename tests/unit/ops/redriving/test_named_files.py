"""The files that a letter names, wherever their ledger entries are."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from naming import PRIMARY
from ops.items import Item
from ops.redriving.named_files import Named, cause_of, example_of, look
from ops.region import Region
from services.processor.runtime.errors import MalformedEventError
from services.processor.runtime.intake.event import ObjectRef
from services.processor.runtime.keys import file_id

KEY, VERSION = "orders/a.csv", "v1"
ID = file_id("incoming", KEY, VERSION)
OWN, OF_EVENT = "2026-11-02T03:04:05.000Z", "2026-11-02T03:04:06.789Z"


def ref(version: str | None = VERSION, key: str = KEY) -> ObjectRef:
    moment = datetime(2026, 11, 2, 3, 4, 6, tzinfo=UTC)
    return ObjectRef(bucket="incoming", key=key, version_id=version, etag="", event_time=moment)


def entry(status: str, code: str = "", timestamp: str = OWN) -> Item:
    failure = {"failure": {"M": {"code": {"S": code}, "message": {"S": "why 1"}}}} if code else {}
    return {
        "recordId": {"S": ID},
        "timestamp": {"S": timestamp},
        "status": {"S": status},
        **failure,
    }


class FakeClients:
    """The ledger entries of each id, and what S3 says of the newest version."""

    def __init__(self, entries: Mapping[str, list[Item]], newest: str = "") -> None:
        self._entries = entries
        self._newest = newest

    def client(self, *_: object, **__: object) -> "FakeClients":
        return self

    def get_paginator(self, _: str) -> "FakeClients":
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:  # noqa: ANN401  # as boto3
        return [{"Items": self._entries.get(asked["ExpressionAttributeValues"][":id"]["S"], [])}]

    def head_object(self, **_: object) -> dict[str, str]:
        if not self._newest:
            raise ClientError({"Error": {"Code": "403", "Message": "Forbidden"}}, "HeadObject")
        return {"VersionId": self._newest, "ETag": '"e"'}

    @property
    def region(self) -> Region:
        return Region(self, PRIMARY, {"TableName": "records"})


def status(*entries: Item) -> str:
    [found] = look(FakeClients({ID: list(entries)}).region, [ref()])
    return found.status


@pytest.mark.parametrize("code", ["OBJECT_REFUSED", "OBJECT_MISSING"])
@pytest.mark.parametrize("later", ["COMPLETED", "SUSPENDED", "PROCESSING", "IGNORED"])
def test_an_entry_from_when_s3_denied_the_object_does_not_count_once_there_is_another(
    code: str, later: str
) -> None:
    denied = entry("FAILED", code, OF_EVENT)

    assert status(denied, entry(later)) == status(entry(later), denied) == later


def test_of_two_entries_that_failed_the_one_that_read_the_object_says_why() -> None:
    both = [entry("FAILED", "OBJECT_REFUSED", OF_EVENT), entry("FAILED", "TRUNCATED_JSON")]

    for entries in (both, both[::-1]):
        [found] = look(FakeClients({ID: entries}).region, [ref()])
        assert found.cause("").code == "TRUNCATED_JSON"


def test_an_event_without_a_version_names_the_newest_one() -> None:
    newest = FakeClients({ID: [entry("COMPLETED")]}, newest=VERSION)

    [found] = look(newest.region, [ref(version=None)])

    assert found.is_done


def test_without_a_version_and_without_the_object_it_is_known_by_its_event() -> None:
    denied = entry("FAILED", "OBJECT_REFUSED", OF_EVENT)
    gone = FakeClients({file_id("incoming", KEY, ""): [denied]})

    [found] = look(gone.region, [ref(version=None)])

    assert found.cause("").code == "OBJECT_REFUSED"


def test_a_failure_alone_is_no_progress() -> None:
    clients = [FakeClients({ID: [entry("SUSPENDED", code)]}) for code in ("OUT_OF_TIME", "REFUSED")]

    [first], [second] = (look(each.region, [ref()]) for each in clients)

    assert first.progress == second.progress


def test_the_cause_is_that_of_the_first_file_that_is_not_done() -> None:
    clients = FakeClients({ID: [entry("COMPLETED")]})
    named: Named = [ref(), MalformedEventError("Records[1] names no object"), ref("v2")]

    files = look(clients.region, named)

    assert cause_of(named, files, "out of reach").code == "NO_LEDGER_ENTRY"
    assert cause_of(named[:2], files[:1], "").code == "NO_S3_EVENT"
    assert cause_of(named[:1], files[:1], "").code == "COMPLETED"
    assert cause_of([], [], "").code == "NO_S3_EVENT"


def test_an_example_that_would_move_the_cursor_is_shown_without_doing_so() -> None:
    assert example_of([ref(key="a\x1b[2Jb.csv")]) == "s3://incoming/a\ufffd[2Jb.csv"
