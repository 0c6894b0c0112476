"""What became of a key: its versions in S3 joined with their ledger entries, and the verdict.

A file is complete if every row of its newest version is in: accepted, or rejected and corrected
since. A header in the middle of a file is rejected, but holds nothing that could be missing. The
newest version replaces the older ones, so it decides alone; an older one may still have rejected
rows that never came again, which its line says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ops import items, status_index
from ops.files import FileVersion
from ops.items import Item, Key
from ops.object_versions import ListedVersion, versions_of
from ops.output import counted
from ops.region import Region
from services.processor.runtime import keys

COMPLETED = "COMPLETED"
# What such a row lacks is nothing that could be corrected: leaving it out is all there is to do.
HOLDS_NO_RECORD = "REPEATED_HEADER"


@dataclass(frozen=True, kw_only=True)
class FileHistory:
    """One version of a key and what the table has of it.

    ``version`` is ``None`` if S3 no longer lists it, ``entry`` empty if it was not processed yet.
    ``open_rows`` are rejected and not corrected. ``superseded_by`` is the next newer version.
    """

    version: ListedVersion | None
    entry: Item
    open_rows: int = 0
    corrected_rows: int = 0
    superseded_by: str = ""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return the attributes of the ledger entry as plain values."""
        return items.plain(self.entry)

    @property
    def name(self) -> str:
        """Return the name of the version."""
        return self.version.version if self.version else str(self.facts["source"]["version"])

    @property
    def status(self) -> str:
        """Return the file's status, or in lower case why it has none."""
        if self.version and self.version.is_marker:
            return "deleted"
        return str(self.facts.get("status", "not processed yet"))

    @property
    def lost_rows(self) -> int:
        """Return how many rejected rows are neither open nor corrected: forgotten, or expired."""
        rejected = int(self.facts.get("rowsRejected", 0))
        empty = int(self.facts.get("rejections", {}).get(HOLDS_NO_RECORD, {}).get("rows", 0))
        return max(0, rejected - empty - self.open_rows - self.corrected_rows)

    @property
    def is_complete(self) -> bool:
        """Return whether every row of this version is in."""
        return self.status == COMPLETED and not self.open_rows and not self.lost_rows


def history(region: Region, key: str, *, gone: bool = False) -> list[FileHistory]:
    """Return every version of a key, the newest first, delete markers included.

    If S3 lists none, or with ``gone``, every ledger entry is searched for versions that have been
    removed from S3, which takes a query of the whole index of files.
    """
    listed = versions_of(region, key)
    found = [_joined(region, version) for version in listed]
    if gone or not listed:
        known = {each.name for each in found}
        entries = _entries_of(region, key)
        unlisted = [each for each in entries if each["source"]["M"]["version"]["S"] not in known]
        found += [_counted(region, None, entry) for entry in unlisted]
        found.sort(key=_moment, reverse=True)
    return list(_linked(found))


def verdict(found: Sequence[FileHistory]) -> tuple[bool, str]:
    """Return whether the file is complete, and a sentence that says so, or what is missing."""
    files = [each for each in found if each.status != "deleted"]
    if not files:
        return False, "nothing is known of this key"
    newest = files[0]
    if newest.is_complete:
        replaced = sum(not each.is_complete for each in files[1:])
        older = f"; it replaces {counted(replaced, 'older version')} that had rows missing"
        return True, f"complete: all rows are in{older if replaced else ''}"
    return False, f"not complete: {_missing(newest)}"


def _missing(newest: FileHistory) -> str:
    if newest.open_rows:
        rows = f"{counted(newest.open_rows, 'rejected row')} of version {newest.name} not corrected"
        return rows if newest.status == COMPLETED else f"{_why(newest)}; {rows}"
    if newest.status == COMPLETED:
        lost = counted(newest.lost_rows, "rejected row")
        return f"{lost} no longer stored, or not indexed yet"
    return _why(newest)


def _why(newest: FileHistory) -> str:
    if not newest.entry:
        return f"version {newest.name} is not processed yet"
    read = counted(int(newest.facts.get("rowsRead", 0)), "row")
    code = newest.facts.get("failure", {}).get("code")
    said = f"version {newest.name} is {newest.status}, {read} read"
    return f"{said}: {code}" if code else said


def _joined(region: Region, version: ListedVersion) -> FileHistory:
    if version.is_marker:
        return FileHistory(version=version, entry={})
    return _counted(region, version, ledger_entry(region, version))


def ledger_entry(region: Region, file: FileVersion) -> Item:
    """Return a file's ledger entry, whatever its time; empty if there is none.

    An object that S3 once denied has one under the time of its event; the one under the object's
    own time comes first.
    """
    found = list(items.with_id(region, file.id))
    own = [each for each in found if each["timestamp"]["S"] == file.timestamp]
    return (own or found[-1:] or [{}])[0]


def _counted(region: Region, version: ListedVersion | None, entry: Item) -> FileHistory:
    if not entry or not int(entry.get("rowsRejected", {"N": "0"})["N"]):
        return FileHistory(version=version, entry=entry)
    key = items.key_of(entry)
    return FileHistory(
        version=version,
        entry=entry,
        open_rows=sum(1 for _ in open_rows(region, entry)),
        corrected_rows=sum(1 for _ in status_index.rows_with_status(region, "CORRECTED", key)),
    )


def open_rows(region: Region, entry: Item) -> Iterator[Item]:
    """Yield the items of a file's rejected rows that are not corrected, in the order of the rows.

    Rows that an older version of the contract rejected, and rows that hold no record, are left out.
    Holds a number for each row.
    """
    of_file = items.key_of(entry)
    found = status_index.rows_with_status(region, "REJECTED", of_file)
    rows = sorted(int(each["source"]["M"]["row"]["N"]) for each in found)
    ids = (keys.record_id(of_file.record_id, row) for row in rows)
    stored = items.read_many(region, (Key(each, of_file.timestamp) for each in ids))
    return (
        item
        for item in stored
        if item["contractVersion"] == entry["contractVersion"]
        and item["status"] == {"S": "REJECTED"}
        and item["error"]["M"]["code"] != {"S": HOLDS_NO_RECORD}
    )


def _entries_of(region: Region, key: str) -> list[Item]:
    """Return the newest ledger entry of every version of a key, from the index of all files."""
    found = {}
    for status in status_index.FILE_STATUSES:
        for item in status_index.with_status(region, status):
            source = item["source"]["M"]
            if source["key"]["S"] == key and source["bucket"]["S"] == region.bucket:
                found[item["recordId"]["S"]] = items.key_of(item)
    return list(items.read_many(region, found.values()))


def _moment(each: FileHistory) -> str:
    return each.version.timestamp if each.version else each.entry["timestamp"]["S"]


def _linked(found: Sequence[FileHistory]) -> Iterator[FileHistory]:
    newer = ""
    for each in found:
        yield replace(each, superseded_by=newer)
        if each.status != "deleted":
            newer = each.name
