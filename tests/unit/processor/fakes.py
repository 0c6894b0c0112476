"""In-memory ports that keep the promises of the real ones; ``test_ledger.py`` checks both."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from services.processor.runtime.attributes import Item, attributes_of
from services.processor.runtime.errors import (
    NewerContractError,
    ObjectMissingError,
    PermanentError,
    TransientError,
)
from services.processor.runtime.intake.event import ObjectRef
from services.processor.runtime.intake.source import ObjectVersion
from services.processor.runtime.item import RecordItem, Rejection
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.ledger_entry import Counts, Entry, Failure
from services.processor.runtime.storage.writer import Answered
from services.processor.runtime.telemetry import RunReport

LAST_MODIFIED = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
EVENT_TIME = datetime(2026, 1, 31, 12, 0, 0, 123_000, tzinfo=UTC)
PLENTY_OF_TIME = Deadline(lambda: 900_000)
LARGE_FILE_PROBLEM = "the file is larger than what one run stores; its ranges are stored one by one"
RANKS = ("PROCESSING", "IGNORED", "SUSPENDED", "FAILED", "COMPLETED")


def nothing_happens() -> None:
    pass


def ref(key: str, version_id: str | None = "v1") -> ObjectRef:
    return ObjectRef(
        bucket="inbox", key=key, version_id=version_id, etag="e1", event_time=EVENT_TIME
    )


@dataclass
class FakeSource:
    """Objects by key; any of their streams breaks after ``breaks_after`` bytes."""

    objects: dict[str, bytes]
    failure: Exception | None = None
    breaks_after: int = 1_000_000

    def open(self, wanted: ObjectRef) -> ObjectVersion:
        content = self.objects.get(wanted.key)
        return ObjectVersion(
            bucket=wanted.bucket,
            key=wanted.key,
            version=wanted.version_id or "newest",
            last_modified=wanted.event_time if content is None else LAST_MODIFIED,
            size_bytes=len(content or b""),
            chunks_from=lambda byte: self._chunks(content, byte),
            sequencer=wanted.sequencer,
        )

    def _chunks(self, content: bytes | None, byte: int) -> Iterator[bytes]:
        if content is None:
            raise ObjectMissingError("no such version")
        yield content[byte : self.breaks_after]
        if self.failure:
            raise self.failure
        yield content[max(byte, self.breaks_after) :]


class AtOnceWriter:
    """Answers each item as it is sent; ``before_put`` may raise or wait."""

    before_put: Callable[[], None]
    retries = 0
    is_idle = True

    def send_soon(self, record: RecordItem, answered: Answered) -> None:
        raise NotImplementedError

    def send(self, record: RecordItem, answered: Answered, deadline: Deadline) -> None:
        deadline.check()
        self.before_put()
        self.send_soon(record, answered)

    def collect(self) -> None:
        pass

    def wait(self, deadline: Deadline) -> None:
        deadline.check()

    def stop(self) -> None:
        pass


@dataclass
class FakeWriter(AtOnceWriter):
    """A table with the condition of the real one; ``before_put`` may raise or wait.

    It refuses the items of the rows in ``refuses``, unless they are rejected rows.
    """

    before_put: Callable[[], None] = nothing_happens
    items: dict[str, Item] = field(default_factory=dict)
    puts: int = 0
    forgets_one: bool = False
    refuses: frozenset[int] = frozenset()

    def send_soon(self, record: RecordItem, answered: Answered) -> None:
        if self._is_refused(record):
            answered("too large")
        elif self.forgets_one:
            self.forgets_one = False
        else:
            self._put(attributes_of(record.item))
            answered(None)

    def _is_refused(self, record: RecordItem) -> bool:
        return record.row in self.refuses and record.rejection is None

    def _put(self, item: Item) -> None:
        self.puts += 1
        key, precedence = str(item["recordId"]["S"]), str(item["precedence"]["S"])
        stored = self.items.get(key)
        if stored is None or str(stored["precedence"]["S"]) < precedence:
            self.items[key] = item


EntryKey = tuple[str, str]


def key_of(file: SourceFile) -> EntryKey:
    return file.id, file.timestamp


@dataclass
class FakeLedger:
    """Entries by the same key as the real ones: the file's id and timestamp."""

    before_entry: Callable[[], None] = nothing_happens
    entries: dict[EntryKey, Entry] = field(default_factory=dict)
    versions: dict[EntryKey, int] = field(default_factory=dict)
    history: list[Entry] = field(default_factory=list)
    rounds: dict[EntryKey, Any] = field(default_factory=dict)  # of large files

    def open(self, file: SourceFile, deadline: Deadline) -> Entry:
        deadline.check()
        self.before_entry()
        key = key_of(file)
        if self.versions.get(key, 0) < file.contract_version:
            self.versions[key] = file.contract_version
            known = self.entries[key].sequencer if key in self.entries else file.sequencer
            self.rounds.pop(key, None)
            self.entries[key] = Entry("PROCESSING", Counts(), sequencer=known)
        entry = self.entries[key]
        if self.versions[key] > file.contract_version and entry.status != "COMPLETED":
            raise NewerContractError(file.id)
        return entry

    def save(self, file: SourceFile, entry: Entry, deadline: Deadline) -> None:
        deadline.check()
        self.before_entry()
        key = key_of(file)
        stored = self.entries[key]
        is_same_contract = self.versions[key] == file.contract_version
        if is_same_contract and stored.status != "COMPLETED" and _place(stored) <= _place(entry):
            self.entries[key] = replace(entry, sequencer=stored.sequencer)
            self.history.append(entry)
            self.rounds.pop(key, None)

    def hand_over(self, file: SourceFile, deadline: Deadline) -> None:
        deadline.check()
        self.before_entry()
        if self.entries[key_of(file)].status in {"PROCESSING", "SUSPENDED"}:
            self.set(file, status="SUSPENDED", failure=Failure("LARGE_FILE", LARGE_FILE_PROBLEM))

    def set(self, file: SourceFile, **values: object) -> None:
        entry = self.entries[key_of(file)]
        known = {name: getattr(entry, name) for name in entry.__struct_fields__}
        self.entries[key_of(file)] = Entry(**{**known, **values})


def _place(entry: Entry) -> tuple[int, int]:
    return entry.counts.rows_read, RANKS.index(entry.status)


@dataclass
class FakeTelemetry:
    reports: list[tuple[SourceFile, RunReport]] = field(default_factory=list)
    rejections: list[tuple[int, str]] = field(default_factory=list)
    unchanged_files: list[SourceFile] = field(default_factory=list)
    handed_over_files: list[SourceFile] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)

    def received(self, ref: ObjectRef) -> None:
        pass

    def started(self, file: SourceFile, entry: Entry) -> None:
        pass

    def rejected(self, row: int, rejection: Rejection) -> None:
        self.rejections.append((row, rejection.code))

    def ended(self, file: SourceFile, report: RunReport) -> None:
        self.reports.append((file, report))

    def unchanged(self, file: SourceFile) -> None:
        self.unchanged_files.append(file)

    def handed_over(self, file: SourceFile) -> None:
        self.handed_over_files.append(file)

    def failed(self, ref: ObjectRef, error: PermanentError | TransientError) -> None:
        self.failures.append((ref.key, str(error)))
