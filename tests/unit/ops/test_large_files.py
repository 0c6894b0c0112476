"""Which entries say that the state machine is at work."""

from datetime import UTC, datetime

import pytest

from ops.items import Item
from ops.large_files import is_handed_over, wait_until_stored
from ops.object_versions import ListedVersion
from ops.region import Region

HANDED_OVER: Item = {"handedOver": {"N": "2"}}
LARGE: Item = {"failure": {"M": {"code": {"S": "LARGE_FILE"}}}}
DIVIDED: Item = {"rangesPlan": {"S": "..."}}
STOPPED: Item = {**HANDED_OVER, "failure": {"M": {"code": {"S": "LARGE_FILE_STOPPED"}}}}
OTHER: Item = {"failure": {"M": {"code": {"S": "OUT_OF_TIME"}}}}


@pytest.mark.parametrize(
    ("status", "attributes"),
    [
        ("SUSPENDED", LARGE),
        ("SUSPENDED", HANDED_OVER),
        ("PROCESSING", HANDED_OVER),
        ("PROCESSING", DIVIDED),
    ],
)
def test_a_file_that_was_handed_over_is_with_the_state_machine(
    status: str, attributes: Item
) -> None:
    assert is_handed_over({"status": {"S": status}, **attributes})


@pytest.mark.parametrize(
    ("status", "attributes"),
    [
        *(("SUSPENDED", OTHER), ("PROCESSING", {})),
        *(("COMPLETED", HANDED_OVER), ("FAILED", LARGE), ("SUSPENDED", STOPPED)),
    ],
)
def test_any_other_is_not(status: str, attributes: Item) -> None:
    assert not is_handed_over({"status": {"S": status}, **attributes})
    assert not is_handed_over({})


def test_it_waits_until_the_file_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = iter(
        [
            {"status": {"S": "SUSPENDED"}, **LARGE},
            {"status": {"S": "PROCESSING"}, **HANDED_OVER},
            {"status": {"S": "COMPLETED"}},
        ]
    )
    monkeypatch.setattr("ops.large_files._POLL_S", 0)
    monkeypatch.setattr("ops.large_files.ledger_entry", lambda *_: next(entries))
    version = ListedVersion(
        region="us-east-1",
        bucket="bucket",
        key="orders/a.csv",
        version="v",
        version_id="v",
        stored_at=datetime(2026, 11, 1, tzinfo=UTC),
        etag="e",
        size_bytes=1,
    )

    wait_until_stored(Region(None, "us-east-1", {}), version)

    assert list(entries) == []
