"""Replay: the events of chosen versions are delivered to the processor again.

After a contract was corrected, or a lost region has come back with files that nobody processed.
Order does not matter, as the newer file's contents win whoever comes last. A file that is COMPLETED
with this code's version of its contract needs nothing, so it is left out, and a replay that was
interrupted goes on where it was. The verdict on the others is what the ledger says afterwards.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ops import dead_letters, items
from ops.concurrency import chunks, in_order
from ops.errors import RefusedError
from ops.file_history import COMPLETED
from ops.items import Item
from ops.large_files import wait_until_stored
from ops.ledger_check import IGNORED, is_folder, with_entries
from ops.object_versions import ListedVersion, versions
from ops.redriving.invocation import NeverTakenError, NotNowError, invoked
from ops.region import Region
from ops.reprocessing import event_of
from ops.waiting import Pace, WaitError
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.file_names import file_format

AHEAD = 8
_AT_ONCE = 100


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What became of a version; ``problem`` is empty if it is done.

    ``was_done`` says that it was before, so that its event was not delivered.
    """

    version: ListedVersion
    problem: str = ""
    was_done: bool = False

    @property
    def outcome(self) -> str:
        """Return the outcome in a word."""
        if self.problem:
            return "NOT_COMPLETE"
        return "WAS_DONE" if self.was_done else COMPLETED

    @property
    def facts(self) -> dict[str, Any]:
        """Return it as plain values."""
        version = self.version
        return {
            "outcome": self.outcome,
            "bucket": version.bucket,
            "key": version.key,
            "version": version.version,
            "time": version.timestamp,
            "detail": self.problem,
        }


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A replay of the versions under ``prefix`` put from ``since`` until before ``until``.

    Both are timestamps, and an empty one is no limit. Delivered are ``per_second`` at most.
    """

    region: Region
    prefix: str
    since: str
    until: str = ""
    per_second: float = 10.0

    def versions(self) -> Iterator[ListedVersion]:
        """Yield the versions that are chosen; delete markers and folders are no files."""
        # A listed version has whole seconds: what was put within that second is not earlier.
        since = self.since[: len("2026-01-31T23:59:59")]
        for each in versions(self.region, self.prefix):
            is_chosen = each.timestamp >= since and not (
                self.until and each.timestamp >= self.until
            )
            if is_chosen and not each.is_marker and not is_folder(each):
                yield each

    def waiting(self) -> Iterator[tuple[ListedVersion, bool]]:
        """Yield the chosen versions, each with whether its event is to be delivered."""
        for version, entry in self._with_entries():
            yield version, not _is_done(version, entry)

    def run(self) -> Iterator[Replayed]:
        """Deliver what is not done and wait for it, a few at once; yield what became of each."""
        pace = Pace(self.per_second)

        def replayed(given: tuple[ListedVersion, Item]) -> Replayed:
            version, entry = given
            if _is_done(version, entry):
                return Replayed(version=version, was_done=True)
            pace.wait()
            return self._deliver(version)

        with ThreadPoolExecutor(AHEAD) as pool:
            yield from in_order(pool, replayed, self._with_entries(), AHEAD)

    def _with_entries(self) -> Iterator[tuple[ListedVersion, Item]]:
        for some in chunks(self.versions(), _AT_ONCE):
            yield from with_entries(self.region, some)

    def _deliver(self, version: ListedVersion) -> Replayed:
        try:
            event = event_of(self.region, version)
            error = invoked(lambda: dead_letters.reprocess(self.region, event))
            wait_until_stored(self.region, version)
        except (NeverTakenError, NotNowError, RefusedError, WaitError) as refusal:
            error = str(refusal)
        [(_, entry)] = with_entries(self.region, [version])
        if _is_done(version, entry):
            return Replayed(version=version)
        return Replayed(version=version, problem=_why(version, entry, error))


def _is_done(version: ListedVersion, entry: Item) -> bool:
    if file_format(version.key) is None:
        return entry.get("status") == {"S": IGNORED}
    here = contract_for(version.key).version
    is_current = bool(entry) and int(entry["contractVersion"]["N"]) >= here
    return is_current and entry["status"] == {"S": COMPLETED}


def _why(version: ListedVersion, entry: Item, error: str) -> str:
    if not entry:
        return error or "it has no ledger entry"
    facts = items.plain(entry)
    if facts["status"] == COMPLETED:
        here, there = contract_for(version.key).version, facts["contractVersion"]
        return f"the processor has version {there} of its contract, and this code version {here}"
    failure = facts.get("failure")
    why = f"{failure['code']}: {failure['message']}" if failure else error
    return f"it is {facts['status']}: {why}" if why else f"it is {facts['status']}"
