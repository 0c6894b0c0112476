from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from services.processor.runtime.errors import (
    CountsDisagreeError,
    ObjectMissingError,
    OutOfTimeError,
    RefusedError,
    UnreadableFileError,
)
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.intake.event import ObjectRef
from services.processor.runtime.intake.source import ObjectVersion
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.ledger_entry import Counts, Entry, Failure, Rejections
from tests.unit.processor.fakes import (
    PLENTY_OF_TIME,
    FakeLedger,
    FakeSource,
    FakeTelemetry,
    FakeWriter,
    ref,
)
from tests.unit.processor.files import order_json

EMPTY_NAME = Rejections(rows=1, row=3, line=3, message="empty field name")
LINES = b'{"n": 1}\n{"n": 2}\n{"": 3}\n{"n": 4}\n{"n": 5}\n'


@dataclass
class ClosingSource(FakeSource):
    """Notes which objects were closed."""

    closed: list[str] = field(default_factory=list)

    def open(self, wanted: ObjectRef) -> ObjectVersion:
        version = super().open(wanted)
        return ObjectVersion(
            bucket=version.bucket,
            key=version.key,
            version=version.version,
            last_modified=version.last_modified,
            size_bytes=version.size_bytes,
            chunks_from=version.chunks_from,
            close=lambda: self.closed.append(wanted.key),
        )


class World:
    def __init__(self, **objects: bytes) -> None:
        names = {name.replace("__", "/").replace("_", "."): body for name, body in objects.items()}
        self.source = ClosingSource(names)
        self.ledger = FakeLedger()
        self.writer = FakeWriter()
        self.telemetry = FakeTelemetry()
        self.time_s = iter(range(100))

    def ingest(
        self,
        key: str,
        version_id: str = "v1",
        *,
        rows_under_way: int = 2,
        deadline: Deadline = PLENTY_OF_TIME,
    ) -> None:
        Ingest(
            source=self.source,
            ledger=self.ledger,
            writer=self.writer,
            telemetry=self.telemetry,
            origin_region="us-east-1",
            clock_s=lambda: next(self.time_s),
            rows_under_way=rows_under_way,
            checkpoint_rows=2,
        )(ref(key, version_id), deadline)

    def entry(self) -> Entry:
        [entry] = self.ledger.entries.values()
        return entry

    def stored(self) -> list[tuple[str, str]]:
        """Row and status of every record, by row."""
        return [
            (key[-3:], str(item["status"]["S"])) for key, item in sorted(self.writer.items.items())
        ]


def test_a_bad_row_never_holds_up_a_good_one() -> None:
    world = World(a_json=LINES)

    world.ingest("a.json")

    assert world.stored() == [
        ("001", "ACCEPTED"),
        ("002", "ACCEPTED"),
        ("003", "REJECTED"),
        ("004", "ACCEPTED"),
        ("005", "ACCEPTED"),
    ]
    assert world.entry() == Entry(
        "COMPLETED",
        Counts(
            rows_read=5,
            rows_accepted=4,
            rows_rejected=1,
            items_written=5,
            rejections={"EMPTY_FIELD_NAME": EMPTY_NAME},
        ),
    )


def test_a_row_whose_item_the_table_refuses_is_rejected() -> None:
    world = World(a_json=LINES)
    world.writer.refuses = frozenset({2, 5})

    world.ingest("a.json")

    statuses = [status for _, status in world.stored()]
    assert statuses == ["ACCEPTED", "REJECTED", "REJECTED", "ACCEPTED", "REJECTED"]
    refusals = Rejections(rows=2, row=2, line=2, message="too large")
    assert world.entry() == Entry(
        "COMPLETED",
        Counts(
            rows_read=5,
            rows_accepted=2,
            rows_rejected=3,
            items_written=5,
            rejections={"EMPTY_FIELD_NAME": EMPTY_NAME, "REFUSED_BY_TABLE": refusals},
        ),
    )
    assert world.telemetry.rejections == [
        (2, "REFUSED_BY_TABLE"),
        (3, "EMPTY_FIELD_NAME"),
        (5, "REFUSED_BY_TABLE"),
    ]
    refused = next(item for key, item in world.writer.items.items() if key.endswith(".000000002"))
    assert refused["raw"] == {"S": '{"n": 2}'}
    assert refused["error"] == {
        "M": {
            "code": {"S": "REFUSED_BY_TABLE"},
            "message": {"S": "too large"},
            "line": {"N": "2"},
        }
    }


def test_a_file_of_bad_rows_only_is_complete() -> None:
    world = World(orders__a_csv=b"id,amount\n1,2\n3,4\n")

    world.ingest("orders/a.csv")

    entry = world.entry()
    assert (entry.status, entry.counts.rows_accepted, entry.counts.rows_rejected) == (
        "COMPLETED",
        0,
        2,
    )
    assert [(code, each.rows) for code, each in entry.counts.rejections.items()] == [
        ("MISSING_FIELD", 2)
    ]
    assert world.telemetry.rejections == [(1, "MISSING_FIELD"), (2, "MISSING_FIELD")]


def test_the_counts_by_code_are_bounded_whatever_codes_a_contract_makes() -> None:
    def batch(*rows: int) -> dict[str, Rejections]:
        return {f"ROW_{row}": Rejections(rows=1, row=row, line=row, message="") for row in rows}

    at_once = Counts().plus(accepted=0, rejected=batch(*range(1, 501)), written=500)
    halves = Counts().plus(accepted=0, rejected=batch(*range(1, 251)), written=250)
    halves = halves.plus(accepted=0, rejected=batch(*range(251, 501)), written=250)
    again = at_once.plus(accepted=0, rejected=batch(100, 501), written=2)

    assert at_once == halves
    assert len(at_once.rejections) == 101
    assert at_once.rejections["OTHER_REASONS"] == Rejections(
        rows=400, row=101, line=101, message=""
    )
    assert again.rejections["ROW_100"].rows == 2
    assert sum(each.rows for each in again.rejections.values()) == again.rows_rejected == 502


def test_a_table_without_rows_is_complete() -> None:
    world = World(a_csv=b"id,amount\n")

    world.ingest("a.csv")

    assert world.entry() == Entry("COMPLETED", Counts())


@pytest.mark.parametrize(("key", "dataset"), [("orders/a.json", "orders"), ("a.json", "generic")])
def test_the_key_chooses_the_contract(key: str, dataset: str) -> None:
    world = World(a_json=order_json(), orders__a_json=order_json())

    world.ingest(key)

    [item] = world.writer.items.values()
    assert (item["dataset"], item["status"]) == ({"S": dataset}, {"S": "ACCEPTED"})


def test_a_file_and_its_records_carry_when_the_object_was_put_and_where_it_was_read() -> None:
    world = World(a_json=b"{}")

    world.ingest("a.json")

    [item] = world.writer.items.values()
    [(file, _)] = world.telemetry.reports
    assert file.timestamp == "2026-01-31T12:00:00.000Z"
    assert item["timestamp"] == {"S": "2026-01-31T12:00:00.000Z"}
    assert item["originRegion"] == {"S": "us-east-1"}
    assert (file.bucket, file.key, file.version, file.size_bytes) == ("inbox", "a.json", "v1", 2)


def test_checkpoints_are_saved_during_a_run() -> None:
    world = World(a_json=LINES)

    world.ingest("a.json")

    steps = [(entry.status, entry.counts.rows_read) for entry in world.ledger.history]
    assert steps == [("PROCESSING", 2), ("PROCESSING", 4), ("COMPLETED", 5)]


def test_a_file_that_becomes_unreadable_keeps_the_rows_before() -> None:
    world = World(a_json=b'[{"n": 1}, {"n": 2}, {"n": 3}')

    with pytest.raises(UnreadableFileError) as unreadable:
        world.ingest("a.json")

    entry = world.entry()
    assert [row for row, _ in world.stored()] == ["001", "002", "003"]
    assert (entry.status, entry.counts.rows_read) == ("FAILED", 3)
    assert entry.failure == Failure(
        unreadable.value.code, unreadable.value.message, unreadable.value.row
    )
    assert entry.failure.row == 4


def test_a_missing_object_has_a_failed_entry_with_the_event_s_time() -> None:
    world = World()

    with pytest.raises(ObjectMissingError):
        world.ingest("a.json")

    [(file, report)] = world.telemetry.reports
    assert world.entry().status == report.entry.status == "FAILED"
    assert world.entry().failure == Failure("OBJECT_MISSING", "no such version")
    assert (file.timestamp, file.version) == ("2026-01-31T12:00:00.123Z", "v1")


def test_a_complete_file_that_is_delivered_again_is_not_read() -> None:
    world = World(a_json=LINES)
    world.ingest("a.json")
    world.source.failure = AssertionError("read again")
    world.source.breaks_after = 0

    world.ingest("a.json")

    assert world.writer.puts == 5
    assert [file.key for file in world.telemetry.unchanged_files] == ["a.json"]


def test_an_event_redelivered_after_its_version_is_gone_creates_a_second_entry() -> None:
    world = World(a_json=LINES)
    world.ingest("a.json")
    world.source.objects.clear()

    with pytest.raises(ObjectMissingError):
        world.ingest("a.json")

    [(file_id, put_at), (same_id, told_at)] = world.ledger.entries
    assert file_id == same_id
    assert (put_at, told_at) == ("2026-01-31T12:00:00.000Z", "2026-01-31T12:00:00.123Z")
    assert [entry.status for entry in world.ledger.entries.values()] == ["COMPLETED", "FAILED"]


def test_versions_of_an_object_are_files_of_their_own() -> None:
    world = World(a_json=LINES)

    world.ingest("a.json", "v1")
    world.ingest("a.json", "v2")

    assert len(world.writer.items) == 10


def test_a_row_the_writer_does_not_acknowledge_is_never_counted() -> None:
    world = World(a_json=LINES)
    world.writer.forgets_one = True

    with pytest.raises(CountsDisagreeError):
        world.ingest("a.json")

    entry = world.entry()
    assert (entry.status, entry.counts) == ("FAILED", Counts())
    assert entry.failure is not None
    assert entry.failure.code == "COUNTS_DISAGREE"


def test_a_report_counts_what_this_run_did() -> None:
    cut_off, whole = b'[{"n": 1}, {"": 2}', b'[{"n": 1}, {"": 2}, {"": 3}, {"n": 4}, {"n": 5}]'
    world = World(a_json=cut_off)
    with pytest.raises(UnreadableFileError):
        world.ingest("a.json")

    world.source.objects["a.json"] = whole
    world.ingest("a.json")

    [(_, first), (_, second)] = world.telemetry.reports
    assert (first.rows_accepted, first.rows_rejected) == (1, 1)
    assert (second.rows_accepted, second.rows_rejected) == (2, 1)
    assert (first.bytes_read, second.bytes_read) == (len(cut_off), len(whole))
    assert (first.duration_ms, second.duration_ms) == (1000, 1000)


@pytest.mark.parametrize("key", ["a.json", "broken.json", "missing.json"])
def test_an_object_is_closed_however_it_ends(key: str) -> None:
    world = World(a_json=LINES, broken_json=b"[")

    with suppress(UnreadableFileError):
        world.ingest(key)

    assert world.source.closed == [key]


def test_the_deadline_counts_while_rows_that_are_stored_already_are_skipped() -> None:
    world = World(any__a_json=LINES)
    world.ingest("any/a.json")
    [(key, done)] = world.ledger.entries.items()
    world.ledger.entries[key] = Entry("PROCESSING", done.counts)
    reading_is_late = iter([900_000, 0])

    with pytest.raises(OutOfTimeError):
        world.ingest("any/a.json", deadline=Deadline(lambda: next(reading_is_late, 900_000)))

    reason = Failure(
        "OUT_OF_TIME", "less than 15 s left in this invocation; stopped at the checkpoint"
    )
    assert world.entry() == Entry("SUSPENDED", done.counts, reason)


def test_a_file_whose_items_are_refused_is_suspended_with_the_reason_in_its_entry() -> None:
    def refuse() -> None:
        raise RefusedError("no permission")

    world = World(any__a_json=LINES)
    world.writer.before_put = refuse

    with pytest.raises(RefusedError):
        world.ingest("any/a.json")

    assert world.entry() == Entry("SUSPENDED", Counts(), Failure("REFUSED", "no permission"))
    assert len(world.telemetry.reports) == 1


def test_why_a_run_failed_is_logged_even_when_no_ledger_entry_can_say_so() -> None:
    world = World(any__a_json=LINES)

    with pytest.raises(OutOfTimeError):
        world.ingest("any/a.json", deadline=Deadline(lambda: 0))

    assert world.ledger.entries == {}
    assert world.telemetry.failures == [
        ("any/a.json", "less than 15 s left in this invocation; stopped at the checkpoint")
    ]


@pytest.mark.parametrize("key", ["notes/about.txt", "orders/a.xlsx", "a", "csv", "a.csv.zip"])
def test_a_file_of_no_known_format_is_ignored_unread_with_the_endings_that_are_known(
    key: str,
) -> None:
    world = World()
    world.source.objects[key] = LINES
    world.source.failure = AssertionError("read")
    world.source.breaks_after = 0

    world.ingest(key)
    world.ingest(key)

    entry = world.entry()
    assert (entry.status, entry.counts) == ("IGNORED", Counts())
    assert entry.failure is not None
    assert entry.failure.code == "UNKNOWN_SUFFIX"
    assert ".json, .json.gz, .jsonl" in entry.failure.message
    assert len(world.telemetry.reports) == len(world.telemetry.unchanged_files) == 1
    assert world.telemetry.failures == []
    assert world.source.closed == [key, key]


@pytest.mark.parametrize("key", ["a.Json", "a.NDJSON", "any/a.jSoNl"])
def test_a_known_ending_counts_in_any_case(key: str) -> None:
    world = World()
    world.source.objects[key] = LINES

    world.ingest(key)

    assert (world.entry().status, world.entry().counts.rows_read) == ("COMPLETED", 5)


def test_a_file_that_was_ignored_is_read_once_its_format_is_known() -> None:
    world = World(any__a_json=LINES)
    world.ingest("any/a.json")
    [key] = world.ledger.entries
    world.ledger.entries[key] = Entry("IGNORED", Counts())

    world.ingest("any/a.json")

    assert (world.entry().status, world.entry().counts.rows_read) == ("COMPLETED", 5)
