"""A file's ledger entry: how far it has been ingested, and why it is not complete."""

from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec.structs import force_setattr, replace

from services.processor.runtime.errors import (
    CountsDisagreeError,
    PermanentError,
    TransientError,
    UnreadableFileError,
)
from services.processor.runtime.resume_point import ResumePoint
from services.processor.runtime.text_truncation import truncate

# A contract that makes its codes of what is in the rows must not make the entry too large to save.
MAX_CODES = 100
OTHER_CODES = "OTHER_REASONS"
# Why an entry is SUSPENDED that the state machine for large files is to go on with.
LARGE_FILE = "LARGE_FILE"

Status = Literal["PROCESSING", "IGNORED", "SUSPENDED", "FAILED", "COMPLETED"]


class Rejections(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows of a file were rejected with one code, and the first of them as an example."""

    rows: int
    row: int
    line: int
    message: str
    field: str | None = None


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """All rows up to ``rows_read`` are stored.

    ``items_written`` is the writer's own count: the rows that the table has acknowledged, also
    those that a newer record of the same key had superseded. ``rejections`` are by code, the first
    hundred codes of the file each by itself and further ones together as ``OTHER_REASONS``.
    """

    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    items_written: int = 0
    rejections: Mapping[str, Rejections] = msgspec.field(default_factory=dict)

    def plus(self, *, accepted: int, rejected: Mapping[str, Rejections], written: int) -> "Counts":
        """Return these counts with one more batch, whose rows come later in the file."""
        rows_rejected = sum(each.rows for each in rejected.values())
        rejections = self.rejections
        for code, each in rejected.items():
            is_counted = code in rejections or len(rejections) < MAX_CODES
            rejections = merged(rejections, {code if is_counted else OTHER_CODES: each})
        return Counts(
            rows_read=self.rows_read + accepted + rows_rejected,
            rows_accepted=self.rows_accepted + accepted,
            rows_rejected=self.rows_rejected + rows_rejected,
            items_written=self.items_written + written,
            rejections=rejections,
        )

    def check(self) -> None:
        """Raise ``CountsDisagreeError`` unless every row was decided and stored."""
        if not self.rows_accepted + self.rows_rejected == self.rows_read == self.items_written:
            numbers = (self.rows_read, self.rows_accepted, self.rows_rejected, self.items_written)
            raise CountsDisagreeError(f"rows read, accepted, rejected, items written: {numbers}")


def merged(
    earlier: Mapping[str, Rejections], later: Mapping[str, Rejections]
) -> Mapping[str, Rejections]:
    """Return the sums by code, each with its earliest example."""
    sums = dict(earlier)
    for code, more in later.items():
        known = sums.get(code)
        sums[code] = replace(known, rows=known.rows + more.rows) if known else more
    return sums


def united(
    some: Mapping[str, Rejections], others: Mapping[str, Rejections]
) -> dict[str, Rejections]:
    """Return the sums by code of any two stretches of a file, each with its earliest example.

    Codes beyond the first hundred are together, so which of them are is a matter of order.
    """
    sums = dict(some)
    for code, each in others.items():
        is_counted = code in sums or len(sums) < MAX_CODES
        name = code if is_counted else OTHER_CODES
        known = sums.get(name, each)
        first = min(known, each, key=lambda one: one.row)
        rows = each.rows + (known.rows if name in sums else 0)
        sums[name] = replace(first, rows=rows)
    return sums


class Failure(msgspec.Struct, frozen=True):
    """Why a file is not complete; ``code`` is stable, ``message`` is truncated."""

    code: str
    message: str
    row: int | None = None

    def __post_init__(self) -> None:
        force_setattr(self, "message", truncate(self.message))


def failure_of(error: PermanentError | TransientError) -> Failure:
    """Return why a run did not complete a file that ended with this error."""
    if isinstance(error, UnreadableFileError):
        return Failure(error.code, error.message, error.row)
    code = error.code if isinstance(error, TransientError) else "COUNTS_DISAGREE"
    return Failure(code, str(error))


class Entry(msgspec.Struct, frozen=True):
    """What the ledger holds for one file: the checkpoint, and the outcome of the last run.

    ``sequencer`` is that of the first event, so that a run without one orders its rows alike.
    ``resume`` is where the rows after the checkpoint can be read from, or a few rows before them;
    without it they are found by reading the file from its start.
    """

    status: Status
    counts: Counts
    failure: Failure | None = None
    sequencer: str = ""
    resume: ResumePoint | None = None
