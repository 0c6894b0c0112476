from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from services.processor.runtime.batches import batches
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.deadline import Deadline
from services.processor.runtime.excerpts import bounded
from services.processor.runtime.item import RecordItem, Rejection, record_item, rejected_item
from services.processor.runtime.ledger import Counts, Entry, Ledger
from services.processor.runtime.parsing import Row, read_rows
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.telemetry import Telemetry
from services.processor.runtime.writer import Acknowledged, Writer


@dataclass(kw_only=True)
class FileRun:
    """Stores the rows of one file that its account does not have yet; ``counts`` is always true.

    It reads the file from the start, which is cheap, but builds and sends only what is new.
    """

    file: SourceFile
    account: Entry
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
        self.counts = self.account.counts
        self._contract = contract_for(self.file.key)

    def store(self, chunks: Iterable[bytes]) -> None:
        """Store every row that is left, saving checkpoints.

        Raises:
            UnreadableFileError: the rows before are stored and counted.
            TransientError: ``counts`` says how far it came.

        """
        suffix = "." + self.file.key.rpartition(".")[2]
        rows_before = rows_saved = self.counts.rows_read
        rows = (row for row in read_rows(self._counted(chunks), suffix) if row.number > rows_before)
        for batch in batches(rows, self.batch_rows):
            self._store(batch)
            if self.counts.rows_read - rows_saved >= self.checkpoint_rows:
                self.ledger.enter(self.file, Entry("PROCESSING", self.counts), self.deadline)
                rows_saved = self.counts.rows_read

    def _store(self, batch: list[Row]) -> None:
        records = {row.number: record_item(self.file, self._contract, row) for row in batch}
        acknowledged = self._write(records)
        stored = acknowledged.rows
        if acknowledged.refused:
            # An item that the table takes from nobody must not hold up the others for ever.
            instead = {
                row.number: self._not_taken(row, acknowledged.refused[row.number])
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

    def _not_taken(self, row: Row, refusal: str) -> RecordItem:
        return rejected_item(self.file, row, Rejection("REFUSED_BY_TABLE", bounded(refusal)))

    def _counts_after(self, records: Collection[RecordItem], written: int) -> Counts:
        rejected = sum(record.rejection is not None for record in records)
        counts = self.counts.plus(
            accepted=len(records) - rejected, rejected=rejected, written=written
        )
        counts.check()
        return counts

    def _counted(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            # Rows that are stored already are read and passed over: that takes time as well.
            self.deadline.check()
            self.bytes_read += len(chunk)
            yield chunk
