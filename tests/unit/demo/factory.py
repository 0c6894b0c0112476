from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.demo.announcements import Announcements
from local.demo.delivery import Delivery
from local.demo.file_outcome import Outcome
from local.demo.input_files import Expected, File
from local.demo.table_census import Census
from ops.files import FileVersion

EAST, WEST = "us-east-1", "us-west-2"


def a_file(key: str = "orders/a.csv", expected: Expected | None = None) -> File:
    return File(path=Path(key), key=key, region=EAST, expected=expected)


def a_delivery(file: File | None = None, version: str = "v1") -> Delivery:
    file = file or a_file()
    stored = FileVersion(
        region=EAST,
        bucket="incoming",
        key=file.key,
        version=version,
        stored_at=datetime(2026, 11, 2, 8, 30, tzinfo=UTC),
    )
    return Delivery(file=file, stored=stored, started_s=0.0)


def a_ledger_entry(status: str = "COMPLETED", **changed: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "status": status,
        "rowsRead": 3,
        "rowsAccepted": 2,
        "rowsRejected": 1,
        "itemsWritten": 3,
        **changed,
    }


def a_census(**changed: Any) -> Census:  # noqa: ANN401
    return Census(
        **{
            "ledger_entry": a_ledger_entry(),
            "statuses": Counter(ACCEPTED=2, REJECTED=1),
            "rejected": {2: "BAD_FORMAT"},
            "reasons": Counter({"BAD_FORMAT amount": 1}),
            **changed,
        }
    )


def an_outcome(file: File | None = None, **changed: Any) -> Outcome:  # noqa: ANN401
    """Three rows, one of them rejected, and all counts match."""
    return Outcome(
        **{
            "delivery": a_delivery(file),
            "census": {EAST: a_census(), WEST: a_census()},
            "superseded": {EAST: (), WEST: ()},
            "announced": {EAST: 3, WEST: 0},
            "announcements": Announcements(due={1: 1, 2: 1, 3: 1}, made={1: 1, 2: 1, 3: 1}),
            "file_statuses": ["PROCESSING", "COMPLETED", "FAILED"],
            "dead_letters": 0,
            "readable_after_s": {EAST: 0.5, WEST: 0.6},
            **changed,
        }
    )


def stored(**census: Any) -> dict[str, Any]:  # noqa: ANN401
    """A census of both regions, which agree."""
    return {"census": {EAST: a_census(**census), WEST: a_census(**census)}}
