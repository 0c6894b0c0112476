"""A reconciliation of any number of files: it holds no more of them than it is comparing."""

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import psutil

from ops.findings import Code
from ops.object_versions import ListedVersion
from ops.reconciliation import Reconciliation
from ops.region import Region

FILES = 100_000
LOST_EVERY = 10_000
LOOKED_EVERY = 1_000
# Whatever is kept of each file is an object at least, or as many bytes.
MOST_OBJECTS = FILES // 10
MOST_BYTES = 20 * FILES
PUT = datetime(2026, 11, 1, tzinfo=UTC)
COMPLETE: Mapping[str, Any] = {
    **{name: {"N": "7"} for name in ("rowsRead", "rowsAccepted", "itemsWritten", "sizeBytes")},
    "status": {"S": "COMPLETED"},
    "rowsRejected": {"N": "0"},
}


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
        return {**key, **COMPLETE}


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


def held() -> tuple[int, int]:
    """Return how many small objects this process has at this moment, and how many bytes."""
    return sys.getallocatedblocks(), int(psutil.Process().memory_info().rss)


def test_many_files_are_compared_in_constant_memory_and_each_lost_one_is_found() -> None:
    lost = [listed(number) for number in range(0, FILES, LOST_EVERY)]
    table = StandInTable({each.id for each in lost})
    region = Region(table, "us-east-1", {"IngestionBucketName": "bucket", "TableName": "table"})
    looks: list[tuple[int, int]] = []

    def lister(_: Region, __: str) -> Iterator[ListedVersion]:
        for number in range(FILES):
            if number % LOOKED_EVERY == 0:
                looks.append(held())
            yield listed(number)

    reconciliation = Reconciliation(region, lister=lister)
    found = [(each.code, each.version.key) for each in reconciliation.findings()]

    assert found == [(Code.FILE_MISSING, each.key) for each in lost]
    assert reconciliation.totals.files == FILES
    # The first thousands make the pool and fill the caches.
    objects, held_bytes = zip(*looks[1:], strict=True)
    assert max(objects) - objects[0] < MOST_OBJECTS
    assert max(held_bytes) - held_bytes[0] < MOST_BYTES
