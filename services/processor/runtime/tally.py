"""The rows of a run as they are stored, counted in the order of the file."""

import msgspec

from services.processor.runtime.storage.flow import SentRow
from services.processor.runtime.storage.ledger_entry import Counts, Rejections


class Tally:
    """Counts each row once all rows before it are stored; ``last_row`` is the last of them."""

    def __init__(self, before: Counts) -> None:
        self.last_row = before.rows_read
        self._counts = before
        self._accepted = 0  # this and the next since ``counts`` was asked for
        self._rejected: dict[str, Rejections] = {}

    def add(self, sent: SentRow) -> None:
        self.last_row = sent.row
        why = sent.rejection
        if why is None:
            self._accepted += 1
        elif known := self._rejected.get(why.code):
            self._rejected[why.code] = msgspec.structs.replace(known, rows=known.rows + 1)
        else:
            self._rejected[why.code] = Rejections(
                rows=1, row=sent.row, line=sent.line, message=why.message, field=why.field
            )

    def counts(self) -> Counts:
        """Return the counts so far, or raise ``CountsDisagreeError`` if a row is missing."""
        written = self.last_row - self._counts.rows_read
        self._counts = self._counts.plus(
            accepted=self._accepted, rejected=self._rejected, written=written
        )
        self._accepted, self._rejected = 0, {}
        self._counts.check()
        return self._counts
