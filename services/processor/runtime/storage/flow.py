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

The queue is bounded in rows and in bytes. When it is full, the flow waits for answers. Each row
enters and leaves the queue once, so the time is linear in the rows. The worst case is a first row
that is never stored: once the queue is full nothing is read, until the deadline ends the run.

An item that DynamoDB rejects as invalid is replaced by that of a rejected row, in its place.
"""

from collections import deque
from collections.abc import Callable

from services.processor.runtime.errors import CountsDisagreeError
from services.processor.runtime.item import RecordItem
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.writer import Writer

# Enough for a row that is sent again for a second while others are stored.
MAX_ROWS = 2_000
# Large items are few in the air, but one always is.
MAX_BYTES = 8 * 1024 * 1024
BURST_ROWS = 32
BURST_BYTES = 1024 * 1024


class Flow:
    """Sends rows to the ``writer``; ``stored`` is called with each, in the order of the file.

    ``rejected`` makes the item of a rejected row, given the row's record and DynamoDB's reason.
    """

    def __init__(
        self,
        writer: Writer,
        deadline: Deadline,
        *,
        stored: Callable[[RecordItem], None],
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
        self._underway: deque[_Underway] = deque()
        self._held_bytes = 0
        self._burst_rows = min(burst_rows, max_rows)
        self._burst: list[_Underway] = []
        self._burst_bytes = 0

    def add(self, record: RecordItem) -> None:
        """Take a row's item, and send it with the burst that it completes.

        Raises:
            OutOfTimeError: here and in :meth:`finish`; rows may be stored that are not counted.
            RefusedError: the same.
            CountsDisagreeError: the same; the writer has nothing left to do, and a row is missing.

        """
        row = _Underway(record, self)
        self._burst.append(row)
        self._burst_bytes += row.held_bytes
        if len(self._burst) >= self._burst_rows or self._burst_bytes >= BURST_BYTES:
            self._send_burst()

    def finish(self) -> None:
        """Wait until every row is stored and counted."""
        self._send_burst()
        while self._underway:
            self._wait()

    def _send_burst(self) -> None:
        self._writer.collect()
        for row in self._burst:
            while self._held_bytes >= self._max_bytes or len(self._underway) >= self._max_rows:
                self._wait()
            self._underway.append(row)
            self._held_bytes += row.held_bytes
            self._writer.send(row.record, row.answered, self._deadline)
        self._burst, self._burst_bytes = [], 0

    def _wait(self) -> None:
        if self._writer.is_idle:
            raise CountsDisagreeError(f"row {self._underway[0].record.row} was not stored")
        self._writer.wait(self._deadline)

    def settle(self, row: "_Underway") -> None:
        """Count a row that is stored as soon as all rows before it are."""
        row.is_stored = True
        underway = self._underway
        while underway and underway[0].is_stored:
            first = underway.popleft()
            self._held_bytes -= first.held_bytes
            self._stored(first.record)

    def replace(self, row: "_Underway", refusal: str) -> None:
        """Store, in place of an item that DynamoDB rejects, that of a rejected row."""
        row.record = self._rejected(row.record, refusal)
        self._writer.send_soon(row.record, row.answered)


class _Underway:
    """A row in the queue."""

    __slots__ = ("flow", "held_bytes", "is_stored", "record")

    def __init__(self, record: RecordItem, flow: Flow) -> None:
        self.record = record
        self.flow = flow
        self.is_stored = False
        self.held_bytes = record.held_bytes

    def answered(self, refusal: str | None) -> None:
        if refusal is None:
            self.flow.settle(self)
        else:
            self.flow.replace(self, refusal)
