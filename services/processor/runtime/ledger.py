"""The account of a file: how far it is, kept beside its records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from services.processor.runtime.deadline import Deadline
from services.processor.runtime.errors import PermanentError, TransientError
from services.processor.runtime.excerpts import bounded
from services.processor.runtime.source_file import SourceFile


class CountsDisagreeError(PermanentError):
    """Not every row was decided on and stored, so the account must not say so."""


class NewerContractError(TransientError):
    """A newer version of the contract has begun this file; an older one must not finish it."""

    code = "NEWER_CONTRACT"


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """All rows up to ``rows_read`` are stored; ``items_written`` is what the writer counted."""

    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    items_written: int = 0

    def plus(self, *, accepted: int, rejected: int, written: int) -> Counts:
        return Counts(
            rows_read=self.rows_read + accepted + rejected,
            rows_accepted=self.rows_accepted + accepted,
            rows_rejected=self.rows_rejected + rejected,
            items_written=self.items_written + written,
        )

    def check(self) -> None:
        """Raise ``CountsDisagreeError`` unless every row was decided on and stored."""
        if not self.rows_accepted + self.rows_rejected == self.rows_read == self.items_written:
            raise CountsDisagreeError(str(self))


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file is not complete; ``message`` is bounded, whatever it quotes."""

    code: str
    message: str
    row: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", bounded(self.message))


Status = Literal["PROCESSING", "SUSPENDED", "FAILED", "COMPLETED"]


@dataclass(frozen=True, slots=True)
class Entry:
    status: Status
    counts: Counts
    failure: Failure | None = None


class Ledger(Protocol):
    """Every entry only moves a file forward.

    Of two entries the later is the one of the newer contract version, then of more rows read, then
    of the higher status: PROCESSING, SUSPENDED, FAILED, COMPLETED. An entry that is earlier than
    the one on file changes nothing, so deliveries of one file may overlap in any order. After
    COMPLETED only a newer contract opens the file again.
    """

    def begin(self, file: SourceFile, deadline: Deadline) -> Entry:
        """Open the account, or give the entry to go on from.

        Raises:
            NewerContractError: the entry is not COMPLETED.
            OutOfTimeError, RefusedError: the account is as it was, here and in ``enter``.

        """

    def enter(self, file: SourceFile, entry: Entry, deadline: Deadline) -> None: ...
