"""The state machine, in memory: the same steps, with parts in any order, some of them twice."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.large.range_attributes import Known
from services.processor.runtime.large.rounds import Cut, Round
from services.processor.runtime.large.steps import Steps, make_steps
from services.processor.runtime.large.worker import LargeFiles
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.ledger_entry import (
    Counts,
    Entry,
    Failure,
    Status,
    united,
)
from tests.unit.processor.fakes import (
    PLENTY_OF_TIME,
    FakeLedger,
    FakeSource,
    FakeTelemetry,
    FakeWriter,
    key_of,
    ref,
)

KEY = "any/a.json"
ITEM: dict[str, Any] = {
    "itemType": "FILE",
    "source": {"bucket": "inbox", "key": KEY, "version": "v1"},
    "timestamp": "2026-01-31T12:00:00.000Z",
    "sequencer": "",
}


@dataclass
class FakeRound:
    round: Round
    done: dict[int, Counts] = field(default_factory=dict)


@dataclass
class FakeRangeLedger:
    """Keeps the rounds beside the entries of ``ledger``, which forgets them as it saves."""

    ledger: FakeLedger

    def known(self, file: SourceFile, deadline: Deadline) -> Known:
        entry, work = self._entry(file, deadline), self.ledger.rounds.get(key_of(file))
        if work is None or work.round.first != entry.counts.rows_read + 1:
            return Known(entry, entry.failure)
        return Known(entry, entry.failure, Cut(work.round.size, work.round.last))

    def begin(self, file: SourceFile, planned: Round, deadline: Deadline) -> frozenset[int] | None:
        entry = self._entry(file, deadline)
        if not self._is_open(file) or entry.counts.rows_read != planned.first - 1:
            return None
        work = self.ledger.rounds.get(key_of(file))
        if work is None or work.round.plan != planned.plan:
            work = self.ledger.rounds[key_of(file)] = FakeRound(planned)
        self._set(file, status="PROCESSING", failure=None)
        return frozenset(work.done)

    def enter(
        self, file: SourceFile, plan: str, index: int, counts: Counts, deadline: Deadline
    ) -> None:
        self._entry(file, deadline)
        work = self.ledger.rounds.get(key_of(file))
        if work and work.round.plan == plan and self._is_open(file):
            work.done.setdefault(index, counts)
            self._set(file, status="PROCESSING")

    def finish(self, file: SourceFile, done: Round, deadline: Deadline) -> Entry:
        entry = self._entry(file, deadline)
        work = self.ledger.rounds.get(key_of(file))
        if work is None or work.round.plan != done.plan or len(work.done) != done.ranges:
            return entry
        if not self._is_open(file):
            return entry
        counts = entry.counts
        for each in work.done.values():
            counts = Counts(
                rows_read=counts.rows_read + each.rows_read,
                rows_accepted=counts.rows_accepted + each.rows_accepted,
                rows_rejected=counts.rows_rejected + each.rows_rejected,
                items_written=counts.items_written + each.items_written,
                rejections=united(counts.rejections, each.rejections),
            )
        counts.check()
        assert counts.rows_read == done.last
        status: Status = "COMPLETED" if done.is_end else "FAILED" if done.failure else "PROCESSING"
        resume = None if done.is_end else done.resume
        finished = Entry(status, counts, done.failure, resume=resume)
        self.ledger.save(file, finished, deadline)
        return finished

    def note(self, file: SourceFile, failure: Failure, deadline: Deadline) -> None:
        self._entry(file, deadline)
        if self._is_open(file):
            self._set(file, failure=failure)

    def stop(self, file: SourceFile, failure: Failure, deadline: Deadline) -> None:
        self._entry(file, deadline)
        if self._is_open(file):
            self._set(file, status="SUSPENDED", failure=failure)

    def _entry(self, file: SourceFile, deadline: Deadline) -> Entry:
        deadline.check()
        self.ledger.before_entry()
        return self.ledger.entries[key_of(file)]

    def _is_open(self, file: SourceFile) -> bool:
        is_same = self.ledger.versions[key_of(file)] == file.contract_version
        return is_same and self.ledger.entries[key_of(file)].status in {"PROCESSING", "SUSPENDED"}

    def _set(self, file: SourceFile, **values: object) -> None:
        self.ledger.set(file, **values)


@dataclass
class Context:
    remaining_ms: Callable[[], int] = lambda: 900_000

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_ms()


@dataclass
class World:
    """A table, a ledger and one object, the processor's run and the machine's steps on them."""

    content: bytes
    key: str = KEY
    writer: FakeWriter = field(default_factory=FakeWriter)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    telemetry: FakeTelemetry = field(default_factory=FakeTelemetry)
    max_ranges: int = 1000
    rows_under_way: int = 2
    checkpoint_rows: int = 1000
    large_file_bytes: int | None = None
    size: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.source = FakeSource({self.key: self.content})

    def ingest(self, unfinished: Status | None = None) -> Ingest:
        return Ingest(
            source=self.source,
            ledger=self.ledger,
            writer=self.writer,
            telemetry=self.telemetry,
            origin_region="us-east-1",
            rows_under_way=self.rows_under_way,
            checkpoint_rows=self.checkpoint_rows,
            large_file_bytes=self.large_file_bytes,
            unfinished=unfinished,
        )

    def steps(self) -> Steps:
        ranges = FakeRangeLedger(self.ledger)
        ingest = self.ingest("PROCESSING")
        return make_steps(LargeFiles(ingest=ingest, ranges=ranges, max_ranges=self.max_ranges))

    def item(self) -> dict[str, Any]:
        source = {**ITEM["source"], "key": self.key}
        return {**ITEM, "source": source, **({"rangeSize": self.size} if self.size else {})}

    def entry(self) -> Entry:
        [entry] = self.ledger.entries.values()
        return entry


@dataclass
class Machine:
    """One execution: ``arranged`` says in which order parts are stored, and which of them again."""

    world: World
    context: Context = field(default_factory=Context)
    arranged: Callable[[list[Any]], list[Any]] = list
    steps_taken: list[str] = field(default_factory=list)

    def run(self) -> dict[str, Any]:
        state: dict[str, Any] = {"file": self.world.item(), "passes": 0}
        while True:
            state = self._step("plan", state)
            for part in self.arranged(state["parts"]):
                self._store({"file": state["file"], "round": state["round"], "part": part})
            state = self._step(
                "finish", {name: state[name] for name in ("file", "round", "passes")}
            )
            if state["outcome"] != "MORE":
                return state

    def give_up(self, error: str, cause: str) -> dict[str, Any]:
        problem = {"Error": error, "Cause": cause}
        return self._step("give_up", {"file": self.world.item(), "error": problem})

    def _store(self, state: dict[str, Any]) -> None:
        while True:
            state = self._step("store", state)
            if not state.pop("more"):
                return

    def _step(self, step: str, state: dict[str, Any]) -> dict[str, Any]:
        self.steps_taken.append(step)
        answer: dict[str, Any] = self.world.steps()({"step": step, **state}, self.context)
        return answer


def undisturbed(content: bytes, key: str = KEY) -> World:
    """Return the world after a serial run, which may have failed."""
    world = World(content, key)
    with suppress(UnreadableFileError):
        world.ingest()(ref(world.key), PLENTY_OF_TIME)
    return world
