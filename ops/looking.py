"""Versions with their ledger entries, and whether they may still be in work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from ops.file_history import ledger_entry
from ops.items import Item
from ops.ledger_check import with_entries
from ops.object_versions import ListedVersion
from ops.region import Region
from ops.reprocessing import stored_sequencer
from services.processor.runtime.file_names import file_format

# A large file has as much time again for each of these, enough for a table that takes few writes.
_MORE_BYTES = 1024 * 1024 * 1024


class Looked(NamedTuple):
    """A version with its ledger entry, empty if there is none, and whether it may be in work."""

    version: ListedVersion
    entry: Item
    is_young: bool


@dataclass(frozen=True)
class Look:
    """Looks versions of ``bucket`` up in ``table``.

    What is younger than ``in_work_s`` may be in work, a large file for longer. But rows come after
    the entry: with ``rows``, a version of which a row is stored, and no entry, has lost it.
    """

    bucket: Region
    table: Region
    in_work_s: float
    rows: bool

    def __call__(self, versions: Sequence[ListedVersion]) -> list[Looked]:
        """Return the versions in their order, looked up by one request for each hundred."""
        return [self._aged(*each) for each in with_entries(self.table, versions)]

    def _aged(self, version: ListedVersion, entry: Item) -> Looked:
        in_work_s = self.in_work_s * (1 + version.size_bytes / _MORE_BYTES)
        is_young = version.stored_at > datetime.now(UTC) - timedelta(seconds=in_work_s)
        if is_young and not entry and self._has_rows(version):
            # It may have come since it was looked for.
            entry = ledger_entry(self.table, version)
            is_young = bool(entry)
        return Looked(version, entry, is_young)

    def _has_rows(self, version: ListedVersion) -> bool:
        # Another region's replica may have a row before the entry.
        is_own = self.table.name == self.bucket.name
        if not (self.rows and is_own and file_format(version.key)):
            return False
        return stored_sequencer(self.bucket, self.table, version) is not None
