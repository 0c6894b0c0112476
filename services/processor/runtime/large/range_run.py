"""One range of a large file, stored by the code that stores every other file."""

from dataclasses import dataclass

from services.processor.runtime.errors import PermanentError, TransientError
from services.processor.runtime.file_names import Format
from services.processor.runtime.file_run import FileRun
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.intake.source import ObjectVersion
from services.processor.runtime.keys import MAX_ROWS
from services.processor.runtime.large.range_ledger import RangeLedger
from services.processor.runtime.large.rounds import Range
from services.processor.runtime.large.states import Part
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.ledger_entry import Counts, Entry, failure_of
from services.processor.runtime.telemetry import RunReport


@dataclass(frozen=True, kw_only=True)
class RangeRun:
    """Stores what is left of a part's range, and enters the range in the round with this plan."""

    ingest: Ingest
    ranges: RangeLedger
    file: SourceFile
    plan: str
    deadline: Deadline

    def store(
        self, version: ObjectVersion, file_format: Format, wanted: Range, part: Part
    ) -> Part | None:
        """Return what is still left, if time ran out or another obstacle came up on the way.

        A fault that the plan did not see makes the file FAILED, and leaves nothing.

        Raises:
            TransientError: no row more was stored; the file's entry says why.

        """
        entry = part.entry or rows_before(wanted, self.file.sequencer)
        run = self._run(wanted, entry)
        started_s = self.ingest.clock_s()
        try:
            run.store(version.chunks_from, file_format)
        except PermanentError as error:
            self._fail(error)
        except TransientError as error:
            if run.has_progressed:
                left = run.unfinished("PROCESSING", failure_of(error))
                self._report(run, started_s)
                return Part(wanted, left, part.passes + 1)
            self.ranges.note(self.file, failure_of(error), self.deadline.last_call())
            raise
        else:
            counts = since(run.counts, wanted.first)
            last_call = self.deadline.last_call()
            self.ranges.enter(self.file, self.plan, wanted.index, counts, last_call)
        self._report(run, started_s)
        return None

    def _run(self, wanted: Range, entry: Entry) -> FileRun:
        ingest = self.ingest
        return FileRun(
            file=self.file,
            entry=entry,
            writer=ingest.writer,
            ledger=ingest.ledger,
            telemetry=ingest.telemetry,
            deadline=self.deadline,
            rows_under_way=ingest.rows_under_way,
            checkpoint_rows=MAX_ROWS,  # the entry counts rows only from the first one on
            last_row=wanted.last,
        )

    def _fail(self, error: PermanentError) -> None:
        last_call = self.deadline.last_call()
        entry = self.ranges.known(self.file, last_call).entry
        failed = Entry("FAILED", entry.counts, failure_of(error), resume=entry.resume)
        self.ingest.ledger.save(self.file, failed, last_call)

    def _report(self, run: FileRun, started_s: float) -> None:
        report = RunReport(
            before=run.entry.counts,
            entry=run.unfinished("PROCESSING"),
            bytes_read=run.bytes_read,
            write_retries=run.write_retries,
            duration_ms=round(1000 * (self.ingest.clock_s() - started_s)),
        )
        self.ingest.telemetry.ended(self.file, report)


def rows_before(wanted: Range, sequencer: str) -> Entry:
    """Return the entry from which a run goes on with a range: all rows before it count as done."""
    before = wanted.first - 1
    counts = Counts(rows_read=before, rows_accepted=before, items_written=before)
    return Entry("PROCESSING", counts, sequencer=sequencer, resume=wanted.point)


def since(counts: Counts, first: int) -> Counts:
    """Return the counts of the rows from ``first`` on, of those of a run that began there."""
    before = first - 1
    return Counts(
        rows_read=counts.rows_read - before,
        rows_accepted=counts.rows_accepted - before,
        rows_rejected=counts.rows_rejected,
        items_written=counts.items_written - before,
        rejections=counts.rejections,
    )
