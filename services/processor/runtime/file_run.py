from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from services.processor.runtime.batches import batches
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.deadline import Deadline
from services.processor.runtime.item import RecordItem, record_item
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
        records = [record_item(self.file, self._contract, row) for row in batch]
        acknowledged = self.writer.write(records, self.deadline)
        self.write_retries += acknowledged.retries
        self.counts = self._counts_after(records, acknowledged)
        for record in records:
            if record.rejection:
                self.telemetry.rejected(record.row, record.rejection)

    def _counts_after(self, records: list[RecordItem], acknowledged: Acknowledged) -> Counts:
        rejected = sum(record.rejection is not None for record in records)
        counts = self.counts.plus(
            accepted=len(records) - rejected, rejected=rejected, written=len(acknowledged.rows)
        )
        counts.check()
        return counts

    def _counted(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            # Rows that are stored already are read and passed over: that takes time as well.
            self.deadline.check()
            self.bytes_read += len(chunk)
            yield chunk
