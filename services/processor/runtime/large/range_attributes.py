"""A round as attributes of the file's item, and back."""

import msgspec

from services.processor.runtime.attributes import Attribute
from services.processor.runtime.large.rounds import Cut, RangeSize, Round
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.file_items import Stored
from services.processor.runtime.storage.ledger_attributes import (
    RANGE_REJECTIONS,
    RANGE_SUMS,
    RANGES_DONE,
    RANGES_PLAN,
    Values,
    entry_of,
    failure_in,
    rejections_of,
)
from services.processor.runtime.storage.ledger_entry import Counts, Entry, Failure


class Known(msgspec.Struct, frozen=True):
    """A file's entry, what went wrong last, and how the round at work was cut, if there is one."""

    entry: Entry
    failure: Failure | None = None
    cut: Cut | None = None


def known_of(stored: Stored, file: SourceFile) -> Known:
    """Return what an item says; a cut of other rows than those behind the entry's is none."""
    entry = entry_of(stored, file)
    failure = failure_in(stored)
    if RANGES_PLAN not in stored:
        return Known(entry, failure)
    found = {name: each.get("N", "0") for name, each in stored[RANGES_PLAN]["M"].items()}
    is_next = int(found["first"]) == entry.counts.rows_read + 1
    size = RangeSize(int(found["mostRows"]), int(found["mostBytes"]))
    return Known(entry, failure, Cut(size, int(found["last"])) if is_next else None)


def plan_of(planned: Round) -> Attribute:
    """Return the attribute that says which round is at work."""
    return {
        "M": {
            "id": {"S": planned.plan},
            "first": {"N": str(planned.first)},
            "last": {"N": str(planned.last)},
            "ranges": {"N": str(planned.ranges)},
            "mostRows": {"N": str(planned.size.rows)},
            "mostBytes": {"N": str(planned.size.size_bytes)},
        }
    }


def plan_id(stored: Stored) -> str:
    """Return the plan of the round that is at work, empty if none is."""
    return str(stored[RANGES_PLAN]["M"]["id"]["S"]) if RANGES_PLAN in stored else ""


def done_ranges(stored: Stored) -> frozenset[int]:
    """Return which ranges of the round are stored."""
    found = stored[RANGES_DONE]["NS"] if RANGES_DONE in stored else ()
    return frozenset(map(int, found))


def is_to_be_entered(stored: Stored, plan: str, index: int) -> bool:
    """Return whether a range of a plan is not done, and the plan's round still at work."""
    return plan_id(stored) == plan and index not in done_ranges(stored)


def sums_of(index: int, counts: Counts) -> Values:
    """Return what a range with these counts adds to the attributes of its round."""
    numbers = (counts.rows_read, counts.rows_accepted, counts.rows_rejected, counts.items_written)
    sums = zip(RANGE_SUMS, numbers, strict=True)
    return {RANGES_DONE: {"NS": [str(index)]}, **{name: {"N": str(each)} for name, each in sums}}


def finished(stored: Stored, file: SourceFile, done: Round) -> Entry:
    """Return the entry with the rows of a round all of whose ranges are done."""
    entry = entry_of(stored, file)
    rows, accepted, rejected, written = (
        int(stored[name]["N"]) if name in stored else 0 for name in RANGE_SUMS
    )
    by_code = rejections_of(stored, RANGE_REJECTIONS)
    counts = entry.counts.plus(accepted=accepted, rejected=by_code, written=written)
    wanted = done.last - done.first + 1
    sums = (rows, accepted + rejected, written, accepted + sum(e.rows for e in by_code.values()))
    if any(each != wanted for each in sums):
        problem = f"rows {done.first} to {done.last} are {wanted}, stored and counted: {sums}"
        return Entry("FAILED", entry.counts, Failure("COUNTS_DISAGREE", problem), "", entry.resume)
    if done.is_end:
        return Entry("COMPLETED", counts)
    return Entry("FAILED" if done.failure else "PROCESSING", counts, done.failure, "", done.resume)
