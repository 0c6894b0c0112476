"""What the page shows of files, against moto and the real processor: counts, reasons, and cost."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

import naming
from ops.console.activity import ActivityReader
from ops.console.feed import Feed
from ops.region import Region
from ops.status import ledger
from ops.status.status import Status, status_of
from tests.adapters.ops.product import HEADER, order, put


@pytest.fixture
def reads(region: Region) -> Iterator[list[object]]:
    """Count the reads of ledger entries."""
    calls: list[object] = []
    events = region.client("dynamodb").meta.events
    count: Any = lambda **_: calls.append(1)  # noqa: E731  # events keep it by identity
    events.register("before-call.dynamodb.BatchGetItem", count)
    yield calls
    events.unregister("before-call.dynamodb.BatchGetItem", count)


def look(region: Region) -> Status:
    """Return a status with the region's files; nothing else was asked."""
    answers: dict[Any, Any] = {
        (name, status): ledger.listing(region, status)
        for name in naming.REGIONS
        for status in ledger.STATUSES
    }
    silent = ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "Anything")
    return status_of(_Otherwise(answers, silent), {})


class _Otherwise(dict[Any, Any]):
    """Answers of which the missing ones are an error."""

    def __init__(self, answers: dict[Any, Any], error: Exception) -> None:
        super().__init__(answers)
        self._error = error

    def __missing__(self, _: object) -> Exception:
        return self._error


def test_files_have_their_counts_and_the_reasons_of_rejected_rows(region: Region) -> None:
    put(region, "orders/a.csv", HEADER + order("1") + order("2", quantity="two") + order("3"))
    put(region, "orders/b.json", "no json")

    found = ActivityReader().read({region.name: region}, look(region))

    assert found.statuses == {"COMPLETED": 1, "FAILED": 1}
    assert found.rows == (2, 1)
    assert found.rejections == [("WRONG_TYPE", 1)]
    assert found.is_whole


def test_a_file_that_is_final_is_read_once(region: Region, reads: list[object]) -> None:
    put(region, "orders/a.csv", HEADER + order("1"))
    reader, status = ActivityReader(), look(region)

    first = reader.read({region.name: region}, status)
    again = reader.read({region.name: region}, status)

    assert len(reads) == 1
    assert first == again


def test_a_role_that_may_not_read_entries_sees_the_files_without_counts(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(region, "orders/a.csv", HEADER + order("1"))
    status = look(region)

    def refuse(**_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "BatchGetItem")

    monkeypatch.setattr(region.client("dynamodb"), "batch_get_item", refuse)
    found = ActivityReader().read({region.name: region}, status)

    assert [file.key for file in found.files] == ["orders/a.csv"]
    assert found.counts == {}
    assert found.silence == "denied: this role may not call BatchGetItem"


def test_a_feed_that_nobody_asks_does_not_look() -> None:
    class Asked:
        looks = 0

        def look(self, **_: object) -> Status:
            type(self).looks += 1
            raise AssertionError

    survey: Any = Asked()
    Feed(survey)

    assert Asked.looks == 0
