"""The rows of a file on their way into the table: many at once, counted in the order of the file.

How it works: rows are sent as they are read, and their answers arrive in any order. Those that have
been sent form a queue in the order of the file. An answer marks its row as stored; whenever the
first row of the queue is, it leaves the queue and is counted, and so are the stored ones behind it.
What has been counted is the watermark: all rows up to it are stored, so a checkpoint may name it
at any time, while later rows are under way. One row that the table refuses for a while holds back
the watermark, not the rows behind it.

Rows are sent in bursts: while one is read, the answers to those before it arrive. A processor that
sends 32 requests and then reads 32 rows does both faster than one that takes turns, and a server
that is woken once for many requests costs less as well: 35 us a row instead of 50 over loopback.

The queue is bounded in rows, and in the bytes of those that are not stored yet. When it is full,
the flow waits for answers. Each row enters and leaves the queue once, so the time is linear in the
rows. The worst case is a first row that is never stored: once the queue is full nothing is read,
until the deadline ends the run.

An item that DynamoDB rejects as invalid is replaced by that of a rejected row, in its place.
"""

from collections import deque
from collections.abc import Callable

from services.processor.runtime.errors import CountsDisagreeError
from services.processor.runtime.item import RecordItem
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.writer import Writer

# At 25,000 rows a second, a row that is refused several times is sent again for half a second while
# those behind it are stored. Of a stored row only a few numbers are kept.
MAX_ROWS = 15_000
# Large items are few in the air, but one always is.
MAX_BYTES = 8 * 1024 * 1024
BURST_ROWS = 32
BURST_BYTES = 1024 * 1024


class Flow:
    """Sends rows to the ``writer``; ``stored`` is called for each, in the order of the file.

    ``rejected`` makes the item of a rejected row, given the row's record and DynamoDB's reason.
    """

    def __init__(
        self,
        writer: Writer,
        deadline: Deadline,
        *,
        stored: Callable[["SentRow"], None],
        rejected: Callable[[RecordItem, str], RecordItem],
        max_rows: int = MAX_ROWS,
        max_bytes: int = MAX_BYTES,
        burst_rows: int = BURST_ROWS,
    ) -> None:
        self._writer = writer
        self._deadline = deadline
        self._stored = stored
        self._rejected = rejected
        self._max_rows = max_rows
        self._max_bytes = max_bytes
        self._underway: deque[SentRow] = deque()
        self._held_bytes = 0
        self._burst_rows = min(burst_rows, max_rows)
        self._burst: list[RecordItem] = []
        self._burst_bytes = 0

    def add(self, record: RecordItem) -> None:
        """Take a row's item, and send it with the burst that it completes.

        Raises:
            OutOfTimeError: here and in :meth:`finish`; rows may be stored that are not counted.
            RefusedError: the same.
            CountsDisagreeError: the same; the writer has nothing left to do, and a row is missing.

        """
        self._burst.append(record)
        self._burst_bytes += record.held_bytes
        if len(self._burst) >= self._burst_rows or self._burst_bytes >= BURST_BYTES:
            self._send_burst()

    def finish(self) -> None:
        """Wait until every row is stored and counted."""
        self._send_burst()
        while self._underway:
            self._wait()

    def _send_burst(self) -> None:
        self._writer.collect()
        for record in self._burst:
            while self._held_bytes >= self._max_bytes or len(self._underway) >= self._max_rows:
                self._wait()
            row = SentRow(record, self)
            self._underway.append(row)
            self._held_bytes += row.held_bytes
            self._writer.send(record, row.answered, self._deadline)
        self._burst, self._burst_bytes = [], 0

    def _wait(self) -> None:
        if self._writer.is_idle:
            raise CountsDisagreeError(f"row {self._underway[0].row} was not stored")
        self._writer.wait(self._deadline)

    def settle(self, row: "SentRow") -> None:
        """Count a row that is stored as soon as all rows before it are."""
        self._held_bytes -= row.held_bytes
        underway = self._underway
        while underway and underway[0].is_stored:
            self._stored(underway.popleft())

    def replace(self, row: "SentRow", item: RecordItem, refusal: str) -> None:
        """Store, in place of an item that DynamoDB rejects, that of a rejected row."""
        instead = self._rejected(item, refusal)
        row.rejection = instead.rejection
        row.item = instead
        self._writer.send_soon(instead, row.answered)


class SentRow:
    """A row on its way into the table; its ``item`` is let go once it is stored."""

    __slots__ = ("flow", "held_bytes", "is_stored", "item", "line", "rejection", "row")

    def __init__(self, item: RecordItem, flow: Flow) -> None:
        self.item: RecordItem | None = item
        self.row = item.row
        self.line = item.line
        self.rejection = item.rejection
        self.held_bytes = item.held_bytes
        self.flow = flow
        self.is_stored = False

    def answered(self, refusal: str | None) -> None:
        """Take the writer's answer."""
        item = self.item
        if refusal is None or item is None:
            self.item, self.is_stored = None, True
            self.flow.settle(self)
        else:
            self.flow.replace(self, item, refusal)
