"""Ingestion of one object: stored records and a ledger entry that counts them."""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from services.processor.runtime.attributes import utc_ms
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.errors import (
    OutOfTimeError,
    PermanentError,
    TransientError,
)
from services.processor.runtime.file_names import SUFFIXES, Format, file_format
from services.processor.runtime.file_run import FileRun
from services.processor.runtime.intake.event import ObjectRef
from services.processor.runtime.intake.source import ObjectVersion, Source
from services.processor.runtime.keys import StatusIndex
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.flow import MAX_ROWS
from services.processor.runtime.storage.ledger import Ledger
from services.processor.runtime.storage.ledger_entry import (
    Entry,
    Failure,
    Status,
    failure_of,
)
from services.processor.runtime.storage.writer import Writer
from services.processor.runtime.telemetry import RunReport, Telemetry

# What one run stores even of small rows into a new table: 100 bytes each, at 4,000 writes a second,
# in less than three of its five minutes. A larger file is left to the state machine.
LARGE_FILE_BYTES = 64 * 1024 * 1024
# The retry of a killed run sends at most these rows again, and those that were under way.
CHECKPOINT_ROWS = 10_000


@dataclass(frozen=True, kw_only=True)
class Ingest:
    """Ingests one object; safe to repeat for the same object, even concurrently.

    A file whose key names no known format is IGNORED: nothing of it is read or stored. Rejected
    rows expire ``rejected_kept_days`` after their file was put, or never if that is 0. Accepted
    rows are in the status index or not, as ``status_index`` says.

    A file of more than ``large_file_bytes`` is handed over to the state machine for large files.
    With ``unfinished``, which is a status, another run goes on with a file of whose rows only some
    were stored in time: its entry says so, and that is no error.

    Raises:
        PermanentError: the file is FAILED; the rows that could be read are stored.
        TransientError: the file is SUSPENDED, unless its ledger entry could not be read or saved;
            the next call resumes from the last checkpoint.

    """

    source: Source
    ledger: Ledger
    writer: Writer
    telemetry: Telemetry
    origin_region: str
    rejected_kept_days: int = 0
    status_index: StatusIndex = StatusIndex.ALL
    clock_s: Callable[[], float] = time.monotonic
    rows_under_way: int = MAX_ROWS
    checkpoint_rows: int = CHECKPOINT_ROWS
    large_file_bytes: int | None = None
    unfinished: Status | None = None

    def __call__(self, ref: ObjectRef, deadline: Deadline) -> Status:
        """Ingest the object, and return what its entry says then."""
        self.telemetry.received(ref)
        try:
            return self._ingest(ref, deadline)
        except (PermanentError, TransientError) as error:
            self.telemetry.failed(ref, error)
            raise

    def _ingest(self, ref: ObjectRef, deadline: Deadline) -> Status:
        with closing(self.source.open(ref)) as version:
            run = self._open(version, deadline)
            known = file_format(version.key)
            if run.entry.status == ("COMPLETED" if known else "IGNORED"):
                self.telemetry.unchanged(run.file)
                return run.entry.status
            if not known:
                return self._ignore(run)
            # What is left of a file that failed is short: from its last row to the fault.
            if self._is_large(version) and run.entry.status != "FAILED":
                return self._hand_over(run)
            return self._process(run, version, known)

    def _is_large(self, version: ObjectVersion) -> bool:
        return self.large_file_bytes is not None and version.size_bytes > self.large_file_bytes

    def _hand_over(self, run: FileRun) -> Status:
        self.ledger.hand_over(run.file, run.deadline)
        self.telemetry.handed_over(run.file)
        return "SUSPENDED"

    def _open(self, version: ObjectVersion, deadline: Deadline) -> FileRun:
        file = self.describe(version)
        return FileRun(
            file=file,
            entry=self.ledger.open(file, deadline),
            writer=self.writer,
            ledger=self.ledger,
            telemetry=self.telemetry,
            deadline=deadline,
            rows_under_way=self.rows_under_way,
            checkpoint_rows=self.checkpoint_rows,
        )

    def describe(self, version: ObjectVersion) -> SourceFile:
        """Return the file that an open object is, as its items describe it."""
        contract = contract_for(version.key)
        return SourceFile(
            bucket=version.bucket,
            key=version.key,
            version=version.version,
            timestamp=utc_ms(version.last_modified),
            size_bytes=version.size_bytes,
            dataset=contract.dataset,
            contract_version=contract.version,
            origin_region=self.origin_region,
            sequencer=version.sequencer,
            rejected_kept_days=self.rejected_kept_days,
            status_index=self.status_index,
        )

    def _ignore(self, run: FileRun) -> Status:
        # The object was opened all the same, and is closed unread: only its own answer has the
        # LastModified that is part of an entry's key, and an event's time may be seconds later.
        self.telemetry.started(run.file, run.entry)
        problem = f"nothing is read from it, as its name ends in none of {', '.join(SUFFIXES)}"
        entry = Entry("IGNORED", run.counts, Failure("UNKNOWN_SUFFIX", problem))
        return self._end(run, entry, self.clock_s())

    def _process(self, run: FileRun, version: ObjectVersion, known: Format) -> Status:
        self.telemetry.started(run.file, run.entry)
        started_s = self.clock_s()
        try:
            run.store(version.chunks_from, known)
        except PermanentError as error:
            self._end(run, run.unfinished("FAILED", failure_of(error)), started_s)
            raise
        except TransientError as error:
            goes_on = self.unfinished if isinstance(error, OutOfTimeError) else None
            status = goes_on or "SUSPENDED"
            self._end(run, run.unfinished(status, failure_of(error)), started_s)
            if goes_on and run.has_progressed:
                return status
            raise
        # Nothing is left to resume, and a newer contract begins with the first row.
        return self._end(run, Entry("COMPLETED", run.counts), started_s)

    def _end(self, run: FileRun, entry: Entry, started_s: float) -> Status:
        self.ledger.save(run.file, entry, run.deadline.last_call())
        report = RunReport(
            before=run.entry.counts,
            entry=entry,
            bytes_read=run.bytes_read,
            write_retries=run.write_retries,
            duration_ms=round(1000 * (self.clock_s() - started_s)),
        )
        self.telemetry.ended(run.file, report)
        return entry.status
