"""A file's ledger entry: how far it has been ingested, and why it is not complete."""

from dataclasses import dataclass
from typing import Literal

from services.processor.runtime.errors import CountsDisagreeError
from services.processor.runtime.text_truncation import truncate

Status = Literal["PROCESSING", "SUSPENDED", "FAILED", "COMPLETED"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """All rows up to ``rows_read`` are stored; ``items_written`` is the writer's own count."""

    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    items_written: int = 0

    def plus(self, *, accepted: int, rejected: int, written: int) -> "Counts":
        """Return these counts with one more batch."""
        return Counts(
            rows_read=self.rows_read + accepted + rejected,
            rows_accepted=self.rows_accepted + accepted,
            rows_rejected=self.rows_rejected + rejected,
            items_written=self.items_written + written,
        )

    def check(self) -> None:
        """Raise ``CountsDisagreeError`` unless every row was decided and stored."""
        if not self.rows_accepted + self.rows_rejected == self.rows_read == self.items_written:
            raise CountsDisagreeError(str(self))


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file is not complete; ``code`` is stable, ``message`` is truncated."""

    code: str
    message: str
    row: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", truncate(self.message))


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger holds for one file: the checkpoint, and the outcome of the last run."""

    status: Status
    counts: Counts
    failure: Failure | None = None
