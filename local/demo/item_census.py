"""Counts of the stored items, independent of the counts in the ledger entries."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ops import items
from ops.files import FileVersion
from ops.region import Region

ATTRIBUTES = (
    *("recordId", "itemType", "status", "source.row", "error", "failure"),
    *("rowsRead", "rowsAccepted", "rowsRejected", "itemsWritten"),
)


@dataclass(slots=True)
class Census:
    """The items of one file in one region; ``rejected`` has reason codes by row."""

    ledger_entry: Mapping[str, Any] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    rejected: dict[int, str] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def records(self) -> int:
        """Return the number of items, not counting the ledger entry."""
        return self.statuses.total()

    def add(self, item: Mapping[str, Any]) -> None:
        """Count an item, given with plain values."""
        if item["itemType"] == "FILE":
            self.ledger_entry = item
            return
        self.statuses[item["status"]] += 1
        if error := item.get("error"):
            self.rejected[int(item["source"]["row"])] = error["code"]
            self.reasons[" ".join(filter(None, (error["code"], error.get("field"))))] += 1


def take(region: Region, files: Collection[FileVersion]) -> dict[str, Census]:
    """Scan the region's table once; return a census for each of the files, by file id."""
    found = {file.id: Census() for file in files}
    oldest = min(file.timestamp for file in files)
    for item in items.stored(region, since=oldest, attributes=ATTRIBUTES):
        if census := found.get(items.file_id(item)):
            census.add(items.plain(item))
    return found
