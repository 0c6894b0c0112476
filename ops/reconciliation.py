"""Reconciliation: every file of a bucket against the ledger, and every row against the table.

How it works: the bucket's versions are listed, and the ledger entries of a hundred are read by one
request, a few requests at once. A missing entry is searched under other times, as an object that S3
once denied has one under the time of its event. With ``rows``, small files are read side by side,
large ones one at a time.

Everything flows: no more is held than is being compared, so memory does not grow with the bucket,
and the time is linear in the listed versions, or in their bytes. The listing alone takes a request
for a thousand versions, which bounds what a bucket without ``rows`` can take.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from itertools import islice

from ops.concurrency import chunks, in_order
from ops.expected_rows import unwatched
from ops.file_history import COMPLETED
from ops.findings import Code, Finding, Totals
from ops.items import Item
from ops.ledger_check import FAILED, check_file, is_folder
from ops.looking import Look, Looked
from ops.object_versions import ListedVersion, versions
from ops.region import Region
from ops.row_check import AHEAD, AT_ONCE, RowCheck
from services.processor.runtime.file_names import file_format

# Two retries with their pauses, and runs of five minutes.
IN_WORK_S = 20 * 60
_SMALL_BYTES = 1024 * 1024
_MOST_HELD = 1_000

Lister = Callable[[Region, str], Iterator[ListedVersion]]


class Reconciliation:
    """Compares the files of ``bucket`` with the ledger in ``table``, by default the region's own.

    Only keys that begin with ``prefix`` count, and versions put at ``since`` or later, a timestamp.
    A file that is younger than ``in_work_s`` and not complete may still be in work, which is no
    finding (see :class:`~ops.looking.Look`). ``totals`` grow as findings are taken.
    """

    def __init__(
        self,
        bucket: Region,
        table: Region | None = None,
        *,
        prefix: str = "",
        since: str = "",
        rows: bool = False,
        in_work_s: float = IN_WORK_S,
        lister: Lister = versions,
    ) -> None:
        self.bucket = bucket
        self.table = table or bucket
        self.totals = Totals()
        self._prefix = prefix
        # A listed version has whole seconds: what was put within that second is not earlier.
        self._since = since[: len("2026-01-31T23:59:59")]
        self._rows = rows
        self._look = Look(bucket, self.table, in_work_s=in_work_s, rows=rows)
        self._lister = lister
        self._passed: Callable[[int], object] = unwatched
        self._complete_key = ""

    def versions(self) -> Iterator[ListedVersion]:
        """Yield the versions that are to be compared; a delete marker is none."""
        for version in self._lister(self.bucket, self._prefix):
            if not version.is_marker and version.timestamp >= self._since:
                yield version

    def effort(self, version: ListedVersion) -> int:
        """Return how much work a version is, in bytes if rows are compared."""
        return 1 + (version.size_bytes if self._rows else 0)

    def findings(
        self,
        listed: Iterable[ListedVersion] | None = None,
        passed: Callable[[int], object] = unwatched,
    ) -> Iterator[Finding]:
        """Yield every finding, in the order of the listing, or of ``listed`` instead of it.

        ``passed`` is called with what has been done, of the sum of all versions' :meth:`effort`.

        Raises:
            WaitError: DynamoDB returns nothing for a minute.
            SourceUnavailableError: S3 cannot be reached.

        """
        self._passed = passed
        versions_ = self.versions() if listed is None else listed
        with ThreadPoolExecutor(AHEAD) as pool:
            hundreds = chunks(versions_, AT_ONCE)
            for some in in_order(pool, self._look, hundreds, AHEAD):
                for finding in self._judged(pool, some):
                    self.totals.found[finding.code] += 1
                    yield finding

    def check(self, version: ListedVersion) -> tuple[Item, list[Finding]]:
        """Return a file's ledger entry and its findings: of its rows, no more than a thousand.

        That some of its rows are undecided or erased is told in any case.
        """
        [looked] = self._look([version])
        found = [*filter(None, [self._file_finding(looked)])]
        if self._reads(looked):
            with ThreadPoolExecutor(AHEAD) as pool:
                for finding in self._row_check(looked).findings(pool):
                    if len(found) < _MOST_HELD or not finding.row:
                        found.append(finding)
        return looked.entry, found

    def _judged(self, pool: Executor, some: list[Looked]) -> Iterator[Finding]:
        read = in_order(pool, self._held, some, AHEAD) if self._rows else map(self._held, some)
        for looked, held in zip(some, read, strict=True):
            version = looked.version
            self.totals.files += 1
            self.totals.size_bytes += version.size_bytes
            if finding := self._file_finding(looked):
                yield finding
            if held is None:
                check = self._row_check(looked, self._passed)
                yield from check.findings(pool)
                self.totals.rows += check.read
                self._passed(1)
            else:
                rows, found = held
                self.totals.rows += rows
                yield from found
                self._passed(self.effort(version))

    def _held(self, looked: Looked) -> tuple[int, list[Finding]] | None:
        """Return a small file's rows and their findings, ``None`` if it is to be read by itself."""
        if not self._reads(looked):
            return 0, []
        if looked.version.size_bytes > _SMALL_BYTES:
            return None
        check = self._row_check(looked)
        found = list(islice(check.findings(), _MOST_HELD + 1))
        return (check.read, found) if len(found) <= _MOST_HELD else None

    def _reads(self, looked: Looked) -> bool:
        version = looked.version
        if not self._rows or is_folder(version) or file_format(version.key) is None:
            return False
        return not looked.is_young or looked.entry.get("status") == {"S": COMPLETED}

    def _row_check(self, looked: Looked, passed: Callable[[int], object] = unwatched) -> RowCheck:
        return RowCheck(
            bucket=self.bucket,
            table=self.table,
            version=looked.version,
            entry=looked.entry,
            passed=passed,
        )

    def _file_finding(self, looked: Looked) -> Finding | None:
        version, entry, is_young = looked
        found = check_file(version, entry, is_young=is_young)
        if found is None:
            self._complete_key = version.key
            return None
        has_failed = found.code is Code.NOT_COMPLETE and entry["status"] == {"S": FAILED}
        # Versions of one key are listed from the newest on.
        if has_failed and version.key == self._complete_key:
            problem = f"{found.detail}; a newer version has replaced it"
            return replace(found, code=Code.REPLACED, detail=problem)
        return found
