"""The items that one region holds, counted independently of the counts in the ledger entries."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ops import items
from ops.files import FileVersion
from ops.region import Region

ATTRIBUTES = (
    *("recordId", "timestamp", "itemType", "status", "source", "digest", "precedence"),
    *("error", "failure", "sequencer"),
    *("rowsRead", "rowsAccepted", "rowsRejected", "itemsWritten"),
)
Address = tuple[str, str]  # recordId, timestamp
Content = tuple[str, str]  # status, digest: what listeners are told when it changes


class Record(NamedTuple):
    """One row's item; a rejected one has no digest."""

    address: Address
    content: Content
    precedence: str


@dataclass(slots=True)
class Census:
    """The items from one file, the records that it was the last to bring among them, by row.

    ``statuses`` counts every item; ``rejected`` has reason codes by row.
    """

    ledger_entry: Mapping[str, Any] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    rows: dict[int, Record] = field(default_factory=dict)
    rejected: dict[int, str] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def records(self) -> int:
        """Return the number of items, not counting the ledger entry."""
        return self.statuses.total()

    def add(self, item: Mapping[str, Any], record: Record) -> None:
        """Count a row's item, given with plain values."""
        self.statuses[item["status"]] += 1
        self.rows[int(item["source"]["row"])] = record
        if error := item.get("error"):
            self.rejected[int(item["source"]["row"])] = error["code"]
            self.reasons[" ".join(filter(None, (error["code"], error.get("field"))))] += 1


class TableCensus(NamedTuple):
    """A census of each file asked for, by file id, and the rows' items of all files."""

    files: Mapping[str, Census]
    records: Mapping[Address, Record]


def take(region: Region, files: Collection[FileVersion]) -> TableCensus:
    """Scan the region's table once, for these files and for the records of any other."""
    found = {file.id: Census() for file in files}
    records = {}
    for each in items.stored(region, attributes=ATTRIBUTES):
        item = items.plain(each)
        census = found.get(items.file_id(item), Census())
        if item["itemType"] == "FILE":
            census.ledger_entry = item
        elif item["itemType"] == "RECORD":
            record = _record(item)
            records[record.address] = record
            census.add(item, record)
    return TableCensus(found, records)


def _record(item: Mapping[str, Any]) -> Record:
    return Record(
        address=(item["recordId"], item["timestamp"]),
        content=(item["status"], item.get("digest", "")),
        precedence=item.get("precedence", ""),
    )
