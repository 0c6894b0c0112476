"""One run over one file: its rows flow into the table, with checkpoints on the way."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

import msgspec

from services.processor.runtime.contracts import contract_for
from services.processor.runtime.errors import (
    NothingReachedError,
    OutOfTimeError,
    PermanentError,
    TransientError,
)
from services.processor.runtime.file_names import Format
from services.processor.runtime.item import RecordItem, Rejection, record_item, rejected_item
from services.processor.runtime.parsing import Row, read_rows, resume_rows
from services.processor.runtime.resume_point import ResumePoints
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.flow import MAX_BYTES, MAX_ROWS, Flow, SentRow
from services.processor.runtime.storage.ledger import Ledger
from services.processor.runtime.storage.ledger_entry import (
    Counts,
    Entry,
    Failure,
    Status,
)
from services.processor.runtime.storage.writer import Writer
from services.processor.runtime.tally import Tally
from services.processor.runtime.telemetry import Telemetry
from services.processor.runtime.text_truncation import truncate


@dataclass(kw_only=True)
class FileRun:
    """Stores the rows of one file that come after its ledger ``entry``; ``counts`` always agrees.

    The file is read from the entry's resume point, or from its start, up to ``last_row`` or its
    end, and only new rows are built and sent.
    """

    file: SourceFile
    entry: Entry
    writer: Writer
    ledger: Ledger
    telemetry: Telemetry
    deadline: Deadline
    checkpoint_rows: int
    rows_under_way: int = MAX_ROWS
    last_row: int | None = None
    bytes_read: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.file = replace(self.file, sequencer=self.entry.sequencer)
        self._contract = contract_for(self.file.key)
        self._points = ResumePoints(self.entry.resume)
        self._tally = Tally(self.entry.counts)
        self._retries_before = self.writer.retries
        self._has_reached = False

    @property
    def counts(self) -> Counts:
        """Return the counts of the rows that are stored, from the first one on without a gap."""
        return self._tally.counts()

    @property
    def has_progressed(self) -> bool:
        """Return whether rows were stored that were not when this run began."""
        return self.counts.rows_read > self.entry.counts.rows_read

    @property
    def write_retries(self) -> int:
        """Return how many requests were sent again since this run began."""
        return self.writer.retries - self._retries_before

    def store(self, chunks_from: Callable[[int], Iterable[bytes]], file_format: Format) -> None:
        """Store every remaining row, saving a checkpoint every ``checkpoint_rows`` rows.

        ``chunks_from(byte)`` returns the bytes of the file from an offset on.

        Raises:
            UnreadableFileError: the rows before it are stored and counted.
            CountsDisagreeError: the writer did not acknowledge every row.
            NothingReachedError: reading took all the time, up to the first row or before it.
            TransientError: the rows up to ``counts`` are stored.

        """
        flow = Flow(
            self.writer,
            self.deadline,
            stored=self._row_stored,
            rejected=self._row_refused,
            max_rows=self.rows_under_way,
            max_bytes=MAX_BYTES,
        )
        reading = _Reading(self._rows(chunks_from, file_format))
        try:
            self._send(flow, reading.rows_after(self.entry.counts.rows_read))
            flow.finish()
        finally:
            self.writer.stop()
        if isinstance(reading.failure, OutOfTimeError) and not self._has_reached:
            raise NothingReachedError(str(reading.failure)) from reading.failure
        if reading.failure:
            raise reading.failure

    def unfinished(self, status: Status, failure: Failure | None = None) -> Entry:
        """Return the entry from which another run goes on where this one is."""
        counts = self.counts
        return Entry(status, counts, failure, resume=self._points.after(counts.rows_read))

    def _rows(
        self, chunks_from: Callable[[int], Iterable[bytes]], file_format: Format
    ) -> Iterator[Row]:
        def counted_from(byte: int) -> Iterator[bytes]:
            return self._counted(chunks_from(byte))

        form, mark = self._contract.form, self._points.mark
        if self.entry.resume:
            first = self.entry.resume.row
            rows = resume_rows(counted_from, file_format, form, self.entry.resume, mark)
        else:
            first = 1
            rows = read_rows(counted_from(0), file_format, form, mark)
        return rows if self.last_row is None else islice(rows, self.last_row - first + 1)

    def _send(self, flow: Flow, rows: Iterator[Row]) -> None:
        file, contract, tally = self.file, self._contract, self._tally
        next_checkpoint = tally.last_row + self.checkpoint_rows
        for row in rows:
            self._has_reached = True
            flow.add(record_item(file, contract, row))
            if tally.last_row >= next_checkpoint:
                self.ledger.save(file, self.unfinished("PROCESSING"), self.deadline)
                next_checkpoint = tally.last_row + self.checkpoint_rows

    def _row_stored(self, sent: SentRow) -> None:
        self._tally.add(sent)
        if sent.rejection:
            self.telemetry.rejected(sent.row, sent.rejection)

    def _row_refused(self, record: RecordItem, refusal: str) -> RecordItem:
        rejection = Rejection("REFUSED_BY_TABLE", truncate(refusal))
        return rejected_item(self.file, record.source, rejection)

    def _counted(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            # Rows that are stored already are read and skipped, which takes time as well.
            self.deadline.check()
            self.bytes_read += len(chunk)
            yield chunk


class _Reading(msgspec.Struct):
    """Rows up to an error, which is kept until the rows before it are stored."""

    rows: Iterator[Row]
    failure: PermanentError | TransientError | None = None

    def rows_after(self, number: int) -> Iterator[Row]:
        try:
            for row in self.rows:
                if row.number > number:
                    yield row
        except (PermanentError, TransientError) as error:
            self.failure = error
