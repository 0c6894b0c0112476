"""A reconciliation of a million files: it holds no more of them than it is comparing."""

import resource
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ops.findings import Code
from ops.object_versions import ListedVersion
from ops.reconciliation import Reconciliation
from ops.region import Region

FILES = 1_000_000
LOST_EVERY = 100_000
LIMIT_BYTES = 60 * 1024 * 1024
PUT = datetime(2026, 11, 1, tzinfo=UTC)


class StandInTable:
    """Has a complete ledger entry under every key that it is asked for, but for the lost ones."""

    def __init__(self, lost: set[str]) -> None:
        self._lost = lost

    def client(self, _: str, **__: object) -> "StandInTable":
        return self

    def batch_get_item(self, *, RequestItems: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: N803
        wanted = RequestItems["table"]["Keys"]
        return {"Responses": {"table": [self._entry(key) for key in wanted if self._has(key)]}}

    def get_paginator(self, _: str) -> "StandInTable":
        return self

    def paginate(self, **_: object) -> list[Mapping[str, Any]]:
        return [{"Items": []}]

    def _has(self, key: Mapping[str, Any]) -> bool:
        return key["recordId"]["S"] not in self._lost

    def _entry(self, key: Mapping[str, Any]) -> Mapping[str, Any]:
        names = ("rowsRead", "rowsAccepted", "itemsWritten", "sizeBytes")
        counts = {name: {"N": "7"} for name in names}
        return {**key, "status": {"S": "COMPLETED"}, "rowsRejected": {"N": "0"}, **counts}


def listed(number: int) -> ListedVersion:
    return ListedVersion(
        region="us-east-1",
        bucket="bucket",
        key=f"orders/{number:09d}.csv",
        version=f"version-{number}",
        version_id=f"version-{number}",
        stored_at=PUT,
        etag="e",
        size_bytes=7,
    )


def held_bytes() -> int:
    """Return the most memory that this process ever had."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def test_a_million_files_are_compared_in_constant_memory_and_each_lost_one_is_found() -> None:
    lost = [listed(number) for number in range(0, FILES, LOST_EVERY)]
    table = StandInTable({each.id for each in lost})
    region = Region(table, "us-east-1", {"IngestionBucketName": "bucket", "TableName": "table"})
    before = held_bytes()

    def lister(_: Region, __: str) -> Iterator[ListedVersion]:
        return map(listed, range(FILES))

    reconciliation = Reconciliation(region, lister=lister)
    found = [(each.code, each.version.key) for each in reconciliation.findings()]

    assert found == [(Code.FILE_MISSING, each.key) for each in lost]
    assert reconciliation.totals.files == FILES
    assert held_bytes() - before < LIMIT_BYTES
