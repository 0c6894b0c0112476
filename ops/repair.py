"""Repair of what a reconciliation has found: the processor reads the files again.

How it works: each file is looked at again; if something is missing, its entry is set back if it has
to be, the processor is invoked with the event made from the listing, and the file is looked at once
more, until it is right or a run has changed nothing. Nothing is remembered: if it is interrupted,
the next reconciliation finds what is left, be it an entry that was set back.

The newest files come first, so that an older one seldom brings contents that a newer one replaces
at once. A correction marks the row that it corrects only if that row is stored, so files
with such rows are looked at again at the end.

A file some of whose rows were erased on request is left alone: read again, it would bring them
back.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from ops import dead_letters, items
from ops.concurrency import in_order
from ops.errors import RefusedError
from ops.findings import Code, Finding
from ops.items import Item
from ops.large_files import wait_until_stored
from ops.object_versions import ListedVersion
from ops.reconciliation import Reconciliation
from ops.redriving.invocation import NeverTakenError, NotNowError, invoked
from ops.region import Region
from ops.reopening import reopen
from ops.reprocessing import event_of
from ops.waiting import WaitError, find_within

AT_ONCE = 4
MOST_FILES = 100_000
# A run that changed nothing is tried once more, as what failed may have been transient.
_TRIES = 2
_REPLICATED_WITHIN_S = 60.0
Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class Repaired:
    """A file that was to be repaired; ``problem`` is empty if it is right now."""

    version: ListedVersion
    problem: str

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return it as plain values."""
        version = self.version
        return {
            "code": "NOT_REPAIRED" if self.problem else "REPAIRED",
            "region": version.region,
            "bucket": version.bucket,
            "key": version.key,
            "version": version.version,
            "detail": self.problem,
        }


class Repair:
    """Repairs the files of ``bucket`` that findings name, until ``table`` has all of them.

    ``corrections`` are files that correct rows which were missing, by the files' ids.
    """

    def __init__(self, bucket: Region, table: Region | None = None) -> None:
        self._bucket = bucket
        self._here = Reconciliation(bucket, rows=True, in_work_s=0)
        self._there = Reconciliation(bucket, table, rows=True, in_work_s=0)
        self._broken: dict[str, ListedVersion] = {}
        self.corrections: dict[str, ListedVersion] = {}

    def add(self, finding: Finding) -> None:
        """Take note of a finding's file."""
        if finding.code is Code.CORRECTED_ROW_MISSING:
            self._remember(finding.version)
        elif finding.is_wrong and finding.code is not Code.NOT_READ:
            self._broken[finding.version.id] = finding.version

    @property
    def files(self) -> int:
        """Return how many files wait for repair."""
        return len(self._broken)

    @property
    def is_full(self) -> bool:
        """Return whether :meth:`run` is to be called before more findings are added."""
        return self.files >= MOST_FILES

    def run(self) -> Iterator[Repaired]:
        """Repair the files noted so far, a few at once, and yield what became of each."""
        broken, self._broken = self._broken, {}
        newest = sorted(broken.values(), key=lambda each: each.timestamp, reverse=True)
        yield from self._each(self.repair, newest)

    def finish(self) -> Iterator[Repaired]:
        """Repair corrections whose rows were missing, as far as they need it; yield those."""
        corrections, self.corrections = self.corrections, {}
        for each in self._each(self._mark, corrections.values()):
            if each:
                yield each

    def repair(self, version: ListedVersion) -> Repaired:
        """Bring one file in order, if it is not."""
        seen: Counter[object] = Counter()
        while True:
            entry, found = self._here.check(version)
            wrong = [each for each in found if each.is_wrong]
            if any(each.code is Code.CORRECTED_ROW_MISSING for each in found):
                self._remember(version)
            if not wrong:
                return Repaired(version=version, problem=self._unreplicated(version))
            facts = items.plain(entry)
            reached = facts.get("status"), facts.get("rowsRead")
            state = (reached, frozenset((each.code, each.row) for each in wrong))
            seen[state] += 1
            if any(each.code is Code.ERASED for each in found):
                problem = f"{wrong[0].detail}; read again, it would bring back erased records"
                return Repaired(version=version, problem=problem)
            if seen[state] > _TRIES:
                return Repaired(version=version, problem=wrong[0].detail)
            try:
                self._process(version, entry, wrong)
            except (RefusedError, NeverTakenError, NotNowError, WaitError) as error:
                return Repaired(version=version, problem=str(error))

    def _remember(self, correction: ListedVersion) -> None:
        # The next reconciliation finds what is too much for this one.
        if len(self.corrections) < MOST_FILES:
            self.corrections[correction.id] = correction

    def _mark(self, version: ListedVersion) -> Repaired | None:
        _, found = self._here.check(version)
        return self.repair(version) if any(each.is_wrong for each in found) else None

    def _each(
        self, function: Callable[[ListedVersion], Found], versions: Iterable[ListedVersion]
    ) -> Iterator[Found]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            yield from in_order(pool, function, versions, AT_ONCE)

    def _process(self, version: ListedVersion, entry: Item, wrong: list[Finding]) -> None:
        if entry and _is_behind(entry, wrong) and not reopen(self._bucket, entry):
            return  # it has changed meanwhile: look again
        event = event_of(self._bucket, version)
        invoked(lambda: dead_letters.reprocess(self._bucket, event))
        wait_until_stored(self._bucket, version)

    def _unreplicated(self, version: ListedVersion) -> str:
        def is_right() -> bool:
            _, found = self._there.check(version)
            return not any(each.is_wrong for each in found)

        if self._there.table is self._bucket:
            return ""
        if find_within(is_right, limit_s=_REPLICATED_WITHIN_S):
            return ""
        return f"stored in {self._bucket.name}, but not in {self._there.table.name}"


def _is_behind(entry: Item, wrong: Iterable[Finding]) -> bool:
    """Return whether something is missing that a run would take for done, and not look at again."""
    done = int(entry["rowsRead"]["N"])
    return any(each.code is Code.COUNTS_DISAGREE or 0 < each.row <= done for each in wrong)
