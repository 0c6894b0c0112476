"""The steps by which the state machine stores a large file; each may be repeated at any time.

How it works: ``plan`` cuts the rows behind those that the entry counts into ranges, ``store``
stores one range, and ``finish`` enters the rows of all of them. Then the next round begins, until
the file ends. Nothing but the entry says how far a file is. Whoever repeats a step, or starts the
machine again, goes on from there, and two machines at once share the work (see ``range_ledger``).

A file that cannot be cut is one part, stored as the processor does: serially, with checkpoints, in
as many runs as it takes. Each run must store a row. Where reading alone takes a whole run, no other
run would get any further, so the file fails.
"""

from contextlib import closing
from dataclasses import dataclass, replace

from msgspec.structs import replace as changed

from services.processor.runtime.errors import (
    NothingReachedError,
    OutOfTimeError,
    PermanentError,
    TransientError,
)
from services.processor.runtime.file_names import file_format
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.large.planning import planned
from services.processor.runtime.large.range_attributes import Known
from services.processor.runtime.large.range_ledger import RangeLedger
from services.processor.runtime.large.range_run import RangeRun
from services.processor.runtime.large.rounds import MAX_RANGES, Cut
from services.processor.runtime.large.states import (
    Ended,
    FileName,
    Finish,
    GiveUp,
    Part,
    Plan,
    Store,
    Stored,
    ToStore,
)
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.ledger_entry import LARGE_FILE, Entry, Failure
from services.processor.runtime.telemetry import RunReport

# Of rounds, and of runs of one part: ten days of work, and within an execution's 25,000 events.
MAX_PASSES = 1000
_ENDED = ("COMPLETED", "IGNORED", "FAILED")
_NOT_REACHED = (
    "the file cannot be cut, because it is compressed, in another encoding than UTF-8, or one long"
    " value; reading it up to its first row that is not stored took a whole run; send it as several"
    " files, or uncompressed"
)


@dataclass(frozen=True, kw_only=True)
class LargeFiles:
    """Stores large files; ``ingest`` leaves a file PROCESSING whose run is out of time."""

    ingest: Ingest
    ranges: RangeLedger
    max_ranges: int = MAX_RANGES

    def plan(self, step: Plan, deadline: Deadline) -> ToStore:
        """Return the parts that are to be stored next; none if the file has ended.

        Raises:
            TransientError: the file or its entry cannot be read.

        """
        self.ingest.telemetry.received(step.file.ref)
        with closing(self.ingest.source.open(step.file.ref)) as version:
            file = self.ingest.describe(version)
            entry = self.ingest.ledger.open(file, deadline)
            name = changed(step.file, sequencer=entry.sequencer)
            if entry.status in _ENDED:
                return ToStore(name, [], step.passes)
            cut = self.ranges.known(file, deadline).cut
            cut = cut or Cut(step.file.range_size, max_ranges=self.max_ranges)
            found = planned(version, file, entry, cut, deadline)
        if found is None:
            return ToStore(name, [Part()], step.passes)
        done = self.ranges.begin(file, found.round, deadline.last_call())
        if done is None:  # another machine was faster
            return ToStore(name, [], step.passes)
        parts = [Part(each) for each in found.ranges if each.index not in done]
        return ToStore(name, parts, step.passes, found.round)

    def store(self, step: Store, deadline: Deadline) -> Stored:
        """Store a part, or as much of it as there is time for.

        Raises:
            TransientError: no row more was stored; the file's entry says why.

        """
        self.ingest.telemetry.received(step.file.ref)
        left = self._store(step, deadline)
        if left and left.passes > MAX_PASSES:
            raise OutOfTimeError(f"not done after {MAX_PASSES:,} runs")
        return Stored(step.file, left or step.part, left is not None, step.round)

    def finish(self, step: Finish, deadline: Deadline) -> Ended:
        """Enter a round all of whose parts are stored, and say whether more of the file is left.

        Raises:
            TransientError: the entry cannot be read or saved, or there was no end of rounds.

        """
        file = self._file(step.file)
        before = self.ranges.known(file, deadline).entry
        if step.round is not None:
            after = self.ranges.finish(file, step.round, deadline)
            if after.status != before.status:
                self.ingest.telemetry.ended(file, RunReport.of(after))
        known = self.ranges.known(file, deadline)
        if known.entry.status not in _ENDED and step.passes >= MAX_PASSES:
            raise OutOfTimeError(f"not done after {MAX_PASSES:,} rounds")
        return _ended(step.file, known, step.passes + 1)

    def give_up(self, step: GiveUp, deadline: Deadline) -> Ended:
        """Leave the file SUSPENDED, unless it has ended; what is stored stays stored and counted.

        A letter is returned even if nothing can be read or entered any more.
        """
        problem = f"{step.error.error}: {step.error.cause}"
        try:
            file = self._file(step.file)
            known = self.ranges.known(file, deadline)
            # What a range noted says more than that the map of ranges has failed.
            noted, said = known.failure, problem
            if noted and noted.code != LARGE_FILE:
                said = f"{noted.code}: {noted.message}"
            self.ranges.stop(file, Failure("LARGE_FILE_STOPPED", said), deadline)
            known = self.ranges.known(file, deadline)
        except (PermanentError, TransientError) as error:
            self.ingest.telemetry.failed(step.file.ref, error)
            return Ended("FAILED", step.file, 0, problem, step.file.letter)
        ended = _ended(step.file, known, 0)
        return changed(ended, outcome="FAILED") if ended.outcome == "MORE" else ended

    def _store(self, step: Store, deadline: Deadline) -> Part | None:
        if step.round is None or step.part.range is None:
            return self._store_whole(step, deadline)
        with closing(self.ingest.source.open(step.file.ref)) as version:
            file = replace(self.ingest.describe(version), sequencer=step.file.sequencer)
            known = file_format(version.key)
            # Under another contract the file begins anew, with the next plan.
            if known is None or file.contract_version != step.round.contract_version:
                return None
            run = RangeRun(
                ingest=self.ingest,
                ranges=self.ranges,
                file=file,
                plan=step.round.plan,
                deadline=deadline,
            )
            return run.store(version, known, step.part.range, step.part)

    def _store_whole(self, step: Store, deadline: Deadline) -> Part | None:
        try:
            status = self.ingest(step.file.ref, deadline)
        except NothingReachedError:
            file, last_call = self._file(step.file), deadline.last_call()
            entry = self.ranges.known(file, last_call).entry
            failed = Entry("FAILED", entry.counts, Failure("CANNOT_BE_CUT", _NOT_REACHED))
            self.ingest.ledger.save(file, failed, last_call)
            return None
        except PermanentError:
            return None  # the entry says so
        return Part(passes=step.part.passes + 1) if status == "PROCESSING" else None

    def _file(self, name: FileName) -> SourceFile:
        with closing(self.ingest.source.open(name.ref)) as version:
            return replace(self.ingest.describe(version), sequencer=name.sequencer)


def _ended(name: FileName, known: Known, passes: int) -> Ended:
    status, problem = known.entry.status, known.failure.code if known.failure else ""
    if status in {"COMPLETED", "IGNORED"}:
        return Ended("COMPLETED", name, passes)
    if status == "FAILED":
        return Ended("FAILED", name, passes, problem, name.letter)
    return Ended("MORE", name, passes, problem, name.letter)
