"""The outcome of one file, and how it differs from the expected one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from local.demo.announcements import Announcements
from local.demo.delivery import Delivery
from local.demo.table_census import Census
from ops.files import FINAL_STATUSES

Name = TypeVar("Name", int, str)
Check = tuple[str, object, object]  # what, expected, got

IGNORED = "IGNORED"
ABSENT = "absent"
DIFFERENCES_SHOWN = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """Everything observed about one file.

    Mappings are by region; ``announced`` counts the events of records, ``file_statuses`` are those
    that the file itself was announced with, ``superseded`` the accepted rows whose records are
    newer ones.
    """

    delivery: Delivery
    census: Mapping[str, Census]
    superseded: Mapping[str, Collection[int]]
    announced: Mapping[str, int]
    announcements: Announcements
    file_statuses: Sequence[str]
    dead_letters: int
    readable_after_s: Mapping[str, float | None]

    @property
    def key(self) -> str:
        return self.delivery.file.key

    @property
    def at_origin(self) -> Census:
        """Return the census of the region that the file was uploaded to."""
        return self.census[self.delivery.file.region]

    @property
    def ledger_entry(self) -> Mapping[str, Any]:
        """Return the file's own item in that region; empty if there is none."""
        return self.at_origin.ledger_entry

    @property
    def status(self) -> str:
        """Return the status in the ledger entry, or ``absent`` when there is no entry."""
        return str(self.ledger_entry.get("status", ABSENT))

    @property
    def failure(self) -> dict[str, str | int]:
        """Return the failure's code and message, and its row if it has one; empty when none."""
        stored = self.ledger_entry.get("failure", {})
        return {name: int(v) if name == "row" else str(v) for name, v in stored.items()}

    def rows(self, count: str = "rowsRead") -> int:
        """Return one of the ledger entry's counts."""
        return int(self.ledger_entry.get(count, 0))

    def differences(self) -> list[str]:
        """Return a line for each count that does not match; none if all match."""
        checks = (
            *_counts(self),
            *_regions(self),
            *_announced(self),
            *_known_in_advance(self),
        )
        return [
            f"{what}: expected {expected}, got {got}"
            for what, expected, got in checks
            if expected != got
        ]


def _counts(outcome: Outcome) -> Iterator[Check]:
    """Yield the checks that apply to any file."""
    if outcome.status not in FINAL_STATUSES:
        yield "status", " or ".join(FINAL_STATUSES), outcome.status
    counted = outcome.rows("rowsAccepted") + outcome.rows("rowsRejected")
    yield "rows accepted and rejected", outcome.rows(), counted
    yield "rows written, by the ledger entry", outcome.rows(), outcome.rows("itemsWritten")
    yield "dead letters", 1 if outcome.status == "FAILED" else 0, outcome.dead_letters


def _regions(outcome: Outcome) -> Iterator[Check]:
    """Yield the checks across regions: all hold the same, and only the file's own announces it."""
    for region, census in outcome.census.items():
        newer = len(outcome.superseded[region])
        accepted, rejected = outcome.rows("rowsAccepted"), outcome.rows("rowsRejected")
        yield f"items in {region}", outcome.rows() - newer, census.records
        yield f"ACCEPTED items in {region}", accepted - newer, census.statuses["ACCEPTED"]
        yield f"REJECTED items in {region}", rejected, census.statuses["REJECTED"]
        yield f"ledger entry in {region}", *_apart(outcome.ledger_entry, census.ledger_entry)
        readable = outcome.readable_after_s[region] is not None
        yield f"readable in {region}", bool(outcome.rows()), readable


def _announced(outcome: Outcome) -> Iterator[Check]:
    """Yield the checks of the events: each change once, by the region of the file."""
    origin, rows = outcome.delivery.file.region, outcome.announcements
    yield f"announced rows in {origin}", *_apart(rows.due, rows.made)
    for region, events in outcome.announced.items():
        if region != origin:
            yield f"record events in {region}", 0, events
    if outcome.ledger_entry:
        yield "announced with its status", True, outcome.status in outcome.file_statuses


def _known_in_advance(outcome: Outcome) -> Iterator[Check]:
    """Yield the checks of a sample; no two rows of the samples are the same record."""
    expected = outcome.delivery.file.expected
    if expected is None:
        return
    yield "status", expected.status, outcome.status
    yield "rows read", expected.rows_read, outcome.rows()
    yield "rows accepted", expected.rows_accepted, outcome.rows("rowsAccepted")
    yield "rows rejected", expected.rows_rejected, outcome.rows("rowsRejected")
    failure = {name: outcome.failure[name] for name in ("code", "row") if name in outcome.failure}
    yield "failure", dict(expected.failure), failure
    for region, census in outcome.census.items():
        yield f"superseded rows in {region}", 0, len(outcome.superseded[region])
        yield f"rejected rows in {region}", *_apart(expected.rejected, census.rejected)


def _apart(
    expected: Mapping[Name, object], got: Mapping[Name, object]
) -> tuple[dict[Name, object], dict[Name, object]]:
    """Return the first few entries in which two mappings differ; ``None`` where one is missing."""
    names = [name for name in {**expected, **got} if expected.get(name) != got.get(name)]
    shown = names[:DIFFERENCES_SHOWN]
    return {name: expected.get(name) for name in shown}, {name: got.get(name) for name in shown}
