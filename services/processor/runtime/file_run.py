"""One run over one file: its rows are stored in batches, with checkpoints in between."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from services.processor.runtime.contracts import contract_for
from services.processor.runtime.errors import PermanentError, TransientError
from services.processor.runtime.file_names import Format
from services.processor.runtime.item import RecordItem, Rejection, record_item, rejected_item
from services.processor.runtime.parsing import CsvRow, Row, read_rows
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.ledger import Ledger
from services.processor.runtime.storage.ledger_entry import Counts, Entry, Rejections, merged
from services.processor.runtime.storage.writer import Acknowledged, Writer
from services.processor.runtime.telemetry import Telemetry
from services.processor.runtime.text_truncation import truncate

BATCH_ROWS = 500
BATCH_BYTES = 32 * 1024 * 1024
# A byte is held in the row and in its item, a character of text in up to four bytes.
_HELD_PER_BYTE = 4
# Each value, even an empty cell, is held in the dictionaries of the row and of its item.
_HELD_PER_VALUE = 300


@dataclass(kw_only=True)
class FileRun:
    """Stores the rows of one file that come after its ledger ``entry``; ``counts`` always agrees.

    The file is read from its start, which is cheap, but only new rows are built and sent.
    """

    file: SourceFile
    entry: Entry
    writer: Writer
    ledger: Ledger
    telemetry: Telemetry
    deadline: Deadline
    batch_rows: int
    checkpoint_rows: int
    counts: Counts = field(init=False)
    bytes_read: int = field(init=False, default=0)
    write_retries: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.counts = self.entry.counts
        self.file = replace(self.file, sequencer=self.entry.sequencer)
        self._contract = contract_for(self.file.key)

    def store(self, chunks: Iterable[bytes], file_format: Format) -> None:
        """Store every remaining row, saving a checkpoint every ``checkpoint_rows`` rows.

        Raises:
            UnreadableFileError: the rows before it are stored and counted.
            CountsDisagreeError: the writer did not acknowledge every row.
            TransientError: the rows up to ``counts`` are stored.

        """
        rows_before = rows_saved = self.counts.rows_read
        read = read_rows(self._counted(chunks), file_format, self._contract.form)
        rows = (row for row in read if row.number > rows_before)
        for batch in batches(rows, self.batch_rows):
            self._store(batch)
            if self.counts.rows_read - rows_saved >= self.checkpoint_rows:
                self.ledger.save(self.file, Entry("PROCESSING", self.counts), self.deadline)
                rows_saved = self.counts.rows_read

    def _store(self, batch: list[Row]) -> None:
        records = {row.number: record_item(self.file, self._contract, row) for row in batch}
        acknowledged = self._write(records)
        stored = acknowledged.rows
        if acknowledged.refused:
            # An item that DynamoDB rejects as invalid must not block the others forever.
            instead = {
                row.number: self._refused(row, acknowledged.refused[row.number])
                for row in batch
                if row.number in acknowledged.refused
            }
            records |= instead
            stored |= self._write(instead).rows
        self.counts = self._counts_after(records.values(), len(stored))
        for record in records.values():
            if record.rejection:
                self.telemetry.rejected(record.row, record.rejection)

    def _write(self, records: Mapping[int, RecordItem]) -> Acknowledged:
        acknowledged = self.writer.write(list(records.values()), self.deadline)
        self.write_retries += acknowledged.retries
        return acknowledged

    def _refused(self, row: Row, refusal: str) -> RecordItem:
        return rejected_item(self.file, row, Rejection("REFUSED_BY_TABLE", truncate(refusal)))

    def _counts_after(self, records: Collection[RecordItem], written: int) -> Counts:
        rejected = [record for record in records if record.rejection]
        counts = self.counts.plus(
            accepted=len(records) - len(rejected), rejected=summary(rejected), written=written
        )
        counts.check()
        return counts

    def _counted(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            # Rows that are stored already are read and skipped, which takes time as well.
            self.deadline.check()
            self.bytes_read += len(chunk)
            yield chunk


def summary(rejected: Iterable[RecordItem]) -> Mapping[str, Rejections]:
    """Return how many of the rows were rejected with each code, with the first as an example."""
    sums: Mapping[str, Rejections] = {}
    for record in rejected:
        if why := record.rejection:
            one = Rejections(
                rows=1, row=record.row, line=record.line, message=why.message, field=why.field
            )
            sums = merged(sums, {why.code: one})
    return sums


def batches(rows: Iterable[Row], max_rows: int) -> Iterator[list[Row]]:
    """Yield rows in batches of at most ``max_rows``, and of ``BATCH_BYTES`` of memory and one row.

    When ``rows`` raises an error, the rows before it are yielded first.
    """
    batch: list[Row] = []
    held_bytes = 0
    failure: PermanentError | TransientError | None = None
    try:
        for row in rows:
            batch.append(row)
            held_bytes += _held_bytes(row)
            if len(batch) == max_rows or held_bytes >= BATCH_BYTES:
                yield batch
                batch, held_bytes = [], 0
    except (PermanentError, TransientError) as error:
        failure = error
    if batch:
        yield batch
    if failure:
        raise failure


def _held_bytes(row: Row) -> int:
    """Estimate, on the high side, the memory that a row and the item built from it take."""
    if isinstance(row, CsvRow):
        values = len(row.fields)
    else:
        values = 1 + row.raw.count(b",") + row.raw.count(b"[") + row.raw.count(b"{")
    return _HELD_PER_BYTE * len(row.raw) + _HELD_PER_VALUE * values
