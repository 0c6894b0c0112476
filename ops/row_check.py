"""Whether every row of a file is stored, each looked up under the id that the processor gives it.

How it works: the object is read with the processor's record code. A row is stored if the item with
its record's key has at least its precedence (a newer file's counts as well), or if it has been
corrected since. What is missing is looked up again: DynamoDB may have refused a record's item, and
then there is a rejected row under the row's own id; a rejected row may have expired; either may
have been erased on request. Only what remains is a finding.

A hundred rows are compared by one request, a few requests at once, so the time is linear in the
rows, and no more than these rows are held. The worst case is a file of which nothing is stored: two
requests more per hundred rows, and one for each row that could have been erased.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

from ops import items
from ops.concurrency import chunks, in_order
from ops.erasures import is_erased
from ops.expected_rows import ExpectedRow, expected_rows, unwatched
from ops.findings import Code, Finding
from ops.items import Item, Key
from ops.object_versions import ListedVersion
from ops.record_check import source_file
from ops.region import Region
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.source_file import DAY_S

AT_ONCE = 100
AHEAD = 8
_COMPARED = ("recordId", "timestamp", "precedence", "status", "dataset", "correctedBy", "source")


@dataclass(kw_only=True)
class RowCheck:
    """Compares one version's rows with ``table``; ``entry`` is its ledger entry, perhaps empty.

    ``passed`` is called with the numbers of bytes read. ``read`` counts the rows as they are
    compared, ``erased`` those that were erased on request.
    """

    bucket: Region
    table: Region
    version: ListedVersion
    entry: Item
    passed: Callable[[int], object] = unwatched
    read: int = 0
    erased: int = 0

    def __post_init__(self) -> None:
        contract = contract_for(self.version.key)
        file = source_file(self.version, self.entry)
        stored_with = int(self.entry.get("contractVersion", {"N": str(contract.version)})["N"])
        self._contract = contract
        self._file = replace(file, contract_version=stored_with)
        self._is_comparable = stored_with == contract.version

    def findings(self, pool: Executor | None = None) -> Iterator[Finding]:
        """Yield what is missing, in the order of the rows; a pool compares hundreds side by side.

        What this code cannot decide, because the file was processed with another version of its
        contract or cannot be read, is one finding at the end.
        """
        undecided, is_whole = 0, True
        for some in self._compared(pool):
            if isinstance(some, UnreadableFileError):
                is_whole = False
                yield from self._unread(some)
                continue
            for finding in some:
                if finding.code is Code.ERASED:
                    self.erased += 1
                elif self._is_comparable or finding.code is Code.CORRECTED_ROW_MISSING:
                    yield finding
                else:
                    undecided += 1
        if undecided:
            yield self._finding(Code.UNDECIDED, self._another_contract(undecided))
        elif is_whole and self._disagrees:
            counted = (
                f"{self.read:,} rows in the object, {self.entry['rowsRead']['N']} in the ledger"
            )
            yield self._finding(Code.COUNTS_DISAGREE, counted)
        if self.erased:
            yield self._finding(Code.ERASED, f"{self.erased:,} of its rows were erased on request")

    @property
    def _disagrees(self) -> bool:
        is_done = self.entry.get("status") == {"S": "COMPLETED"}
        return is_done and self._is_comparable and int(self.entry["rowsRead"]["N"]) != self.read

    def _compared(self, pool: Executor | None) -> Iterator[list[Finding] | UnreadableFileError]:
        failed: list[UnreadableFileError] = []
        hundreds = chunks(self._expected(failed), AT_ONCE)
        if pool:
            yield from in_order(pool, self._compare, hundreds, AHEAD)
        else:
            yield from map(self._compare, hundreds)
        yield from failed

    def _expected(self, failed: list[UnreadableFileError]) -> Iterator[ExpectedRow]:
        try:
            for row in expected_rows(self.bucket, self.version, self._file, self.passed):
                self.read += 1
                yield row
        except UnreadableFileError as error:
            failed.append(error)

    def _compare(self, rows: list[ExpectedRow]) -> list[Finding]:
        marked = {key for row in rows for key in row.corrects}
        stored = self._stored(Key(*key) for key in (*(row.key for row in rows), *marked))
        missing = [row for row in rows if not self._is_stored(row, stored.get(row.key))]
        others = [row for row in missing if row.key != row.own]
        refused = self._stored(row.own for row in others) if others else {}
        lost = [self._missing(row, stored) for row in missing if row.own not in refused]
        unmarked = (self._unmarked(row, stored) for row in rows if row not in missing)
        return [*filter(None, lost), *chain.from_iterable(unmarked)]

    def _stored(self, keys: Iterator[Key]) -> Mapping[Key, Item]:
        return {items.key_of(item): item for item in items.read_many(self.table, keys, _COMPARED)}

    def _is_stored(self, row: ExpectedRow, item: Item | None) -> bool:
        if item is None:
            return False
        if "correctedBy" in item or self._is_of(row, item):
            return True
        return bool(item.get("precedence", {"S": ""})["S"] >= row.precedence)

    def _is_of(self, row: ExpectedRow, item: Item) -> bool:
        """Return whether an item is the row's, for a file whose sequencer nobody knows any more."""
        if self.entry and "precedence" in item:
            return False
        source: Any = item["source"]["M"]
        return bool(
            source["version"]["S"] == self._file.version and source["row"]["N"] == str(row.row)
        )

    def _missing(self, row: ExpectedRow, stored: Mapping[Key, Item]) -> Finding | None:
        if row.is_rejected and self._has_expired(row.own):
            return None
        can_be_erased = self._contract.key and (row.is_rejected or row.key != row.own)
        if can_be_erased and is_erased(self.table, row.key.record_id, self._file.timestamp):
            return self._finding(Code.ERASED, "it was erased on request", row)
        problem = "its record has older contents" if row.key in stored else "it is not stored"
        return self._finding(Code.ROW_MISSING, problem, row)

    def _unmarked(self, row: ExpectedRow, stored: Mapping[Key, Item]) -> Iterator[Finding]:
        if stored[row.key]["status"] != {"S": "ACCEPTED"}:  # DynamoDB refused its item
            return
        for key in row.corrects:
            item, name = stored.get(key), " at ".join(key)
            if item is None:
                if not self._has_expired(key) and not is_erased(self.table, *key):
                    problem = f"row {row.row:,} corrects it, and it is not stored"
                    yield replace(self._finding(Code.CORRECTED_ROW_MISSING, problem, row), key=key)
            elif item["dataset"] == {"S": self._file.dataset} and _waits(item, row.precedence):
                problem = f"it corrects {name}, which is not marked as corrected by it"
                yield self._finding(Code.MARK_MISSING, problem, row)

    def _has_expired(self, key: Key) -> bool:
        kept_s = self.table.rejected_kept_days * DAY_S
        put_s = datetime.fromisoformat(key.timestamp).timestamp()
        return bool(kept_s) and put_s + kept_s <= time.time()

    def _unread(self, error: UnreadableFileError) -> Iterator[Finding]:
        failure = self.entry.get("failure", {"M": {"code": {"S": ""}}})["M"]["code"]["S"]
        if failure != error.code:  # the ledger says it already
            yield self._finding(Code.UNDECIDED, f"it cannot be read: {error.code}: {error.message}")

    def _another_contract(self, undecided: int) -> str:
        there, here = self._file.contract_version, self._contract.version
        return (
            f"{undecided:,} of its rows are not found; it was processed with version {there} of "
            f"its contract, and this code has version {here}: ops replay brings it up to date"
        )

    def _finding(self, code: Code, detail: str, row: ExpectedRow | None = None) -> Finding:
        if row is None:
            return Finding(code=code, version=self.version, detail=detail)
        return Finding(code=code, version=self.version, detail=detail, row=row.row, key=row.key)


def _waits(rejected: Item, precedence: str) -> bool:
    by = rejected.get("correctedBy", {"M": {"precedence": {"S": ""}}})["M"]["precedence"]["S"]
    return bool(by < precedence)
