"""The promises of a range ledger, checked with the other tests' fake and with DynamoDB."""

from dataclasses import dataclass
from typing import Any

import pytest
from botocore.client import BaseClient

from services.processor.runtime.large.range_ledger import DynamoDbRangeLedger, RangeLedger
from services.processor.runtime.large.rounds import Cut, RangeSize, Round
from services.processor.runtime.resume_point import ResumePoint
from services.processor.runtime.storage.ledger import DynamoDbLedger, Ledger
from services.processor.runtime.storage.ledger_entry import Counts, Entry, Failure, Rejections
from tests.adapters.moto_dynamodb import sending_to
from tests.unit.processor.fakes import PLENTY_OF_TIME, FakeLedger
from tests.unit.processor.files import source_file
from tests.unit.processor.large.machines import FakeRangeLedger

FILE = source_file()
SIZE = RangeSize(rows=4, size_bytes=100)
POINT = ResumePoint(9, 100, line=9)
REASON = Failure("OUT_OF_TIME", "too late")


@dataclass
class Ledgers:
    files: Ledger
    ranges: RangeLedger

    def known(self) -> Any:  # noqa: ANN401
        return self.ranges.known(FILE, PLENTY_OF_TIME)

    def begin(self, planned: Round) -> frozenset[int] | None:
        return self.ranges.begin(FILE, planned, PLENTY_OF_TIME)

    def enter(self, index: int, counts: Counts, plan: str = "p1") -> None:
        self.ranges.enter(FILE, plan, index, counts, PLENTY_OF_TIME)

    def finish(self, done: Round) -> Entry:
        return self.ranges.finish(FILE, done, PLENTY_OF_TIME)


@pytest.fixture(params=["fake", "dynamodb"])
def ledgers(request: pytest.FixtureRequest, dynamodb: BaseClient, table_name: str) -> Ledgers:
    if request.param == "fake":
        fake = FakeLedger()
        found = Ledgers(fake, FakeRangeLedger(fake))
    else:
        sending = sending_to(dynamodb)
        found = Ledgers(
            DynamoDbLedger(sending, table_name), DynamoDbRangeLedger(sending, table_name)
        )
    found.files.open(FILE, PLENTY_OF_TIME)
    return found


def planned(plan: str = "p1", first: int = 1, **changes: Any) -> Round:  # noqa: ANN401
    known: dict[str, Any] = {"last": first + 7, "ranges": 2, "resume": POINT} | changes
    return Round(plan=plan, first=first, size=SIZE, contract_version=1, **known)


def good(rows: int) -> Counts:
    return Counts(rows_read=rows, rows_accepted=rows, items_written=rows)


def bad(*rows: int, code: str = "BAD_FORMAT") -> Counts:
    example = Rejections(rows=len(rows), row=rows[0], line=rows[0], message="no", field="n")
    return Counts(
        rows_read=4,
        rows_accepted=4 - len(rows),
        rows_rejected=len(rows),
        items_written=4,
        rejections={code: example},
    )


def test_rows_of_a_round_are_counted_when_all_its_ranges_are_stored(ledgers: Ledgers) -> None:
    assert ledgers.begin(planned()) == frozenset()
    ledgers.enter(1, bad(6, 8))
    assert ledgers.known().entry.counts == Counts()
    assert ledgers.finish(planned()).counts == Counts()
    ledgers.enter(0, bad(3))

    entry = ledgers.finish(planned())

    example = Rejections(rows=3, row=3, line=3, message="no", field="n")
    counts = Counts(
        rows_read=8,
        rows_accepted=5,
        rows_rejected=3,
        items_written=8,
        rejections={"BAD_FORMAT": example},
    )
    assert (entry.status, entry.counts, entry.resume) == ("PROCESSING", counts, POINT)
    found = ledgers.known()
    assert (found.entry.counts, found.cut) == (counts, None)


def test_a_range_is_counted_once_however_often_it_is_entered(ledgers: Ledgers) -> None:
    ledgers.begin(planned())
    for _ in range(2):
        ledgers.enter(0, bad(3))
        ledgers.enter(1, good(4))

    assert ledgers.finish(planned(is_end=True)).status == "COMPLETED"
    assert ledgers.known().entry.counts.rows_rejected == 1


def test_reasons_of_many_ranges_are_added_by_code(ledgers: Ledgers) -> None:
    ledgers.begin(planned(last=16, ranges=4))
    ledgers.enter(3, bad(14, code="B"))
    ledgers.enter(1, bad(6, code="A"))
    ledgers.enter(2, good(4))
    ledgers.enter(0, bad(1, 2, code="B"))

    found = ledgers.finish(planned(last=16, ranges=4)).counts.rejections

    assert {code: (each.rows, each.row) for code, each in found.items()} == {
        "A": (1, 6),
        "B": (3, 1),
    }


def test_a_round_that_is_begun_again_knows_what_is_done(ledgers: Ledgers) -> None:
    ledgers.begin(planned())
    ledgers.enter(1, good(4))

    assert ledgers.begin(planned()) == frozenset({1})
    assert ledgers.known().cut == Cut(SIZE, 8)


def test_ranges_that_were_cut_otherwise_count_nothing(ledgers: Ledgers) -> None:
    ledgers.begin(planned())
    ledgers.enter(0, good(4))

    assert ledgers.begin(planned("p2")) == frozenset()
    ledgers.enter(1, good(4), plan="p1")
    ledgers.enter(0, bad(2), plan="p1")

    assert ledgers.begin(planned("p2")) == frozenset()
    assert ledgers.finish(planned()).counts == Counts()


def test_a_round_without_ranges_ends_the_file(ledgers: Ledgers) -> None:
    empty = planned(last=0, ranges=0, is_end=True)
    ledgers.begin(empty)

    assert ledgers.finish(empty) == ledgers.known().entry == Entry("COMPLETED", Counts())


def test_a_fault_behind_the_ranges_fails_the_file_with_its_rows(ledgers: Ledgers) -> None:
    failed = planned(failure=Failure("TRUNCATED_JSON", "it ends", 9))
    ledgers.begin(failed)
    ledgers.enter(0, good(4))
    ledgers.enter(1, good(4))

    ledgers.finish(failed)

    found = ledgers.known()
    assert (found.entry.status, found.entry.counts) == ("FAILED", good(8))
    assert found.failure == Failure("TRUNCATED_JSON", "it ends", 9)


def test_a_round_finished_twice_is_counted_once(ledgers: Ledgers) -> None:
    ledgers.begin(planned())
    ledgers.enter(0, good(4))
    ledgers.enter(1, good(4))
    ledgers.finish(planned())

    assert ledgers.finish(planned()).counts == good(8)
    assert ledgers.begin(planned()) is None


def test_a_second_round_goes_on_behind_the_first(ledgers: Ledgers) -> None:
    ledgers.begin(planned())
    ledgers.enter(0, good(4))
    ledgers.enter(1, good(4))
    ledgers.finish(planned())
    second = planned("p2", first=9, is_end=True)

    ledgers.begin(second)
    ledgers.enter(0, good(4), plan="p1")
    ledgers.enter(0, good(4), plan="p2")
    ledgers.enter(1, good(4), plan="p2")

    assert ledgers.finish(second).counts == good(16)


@pytest.mark.parametrize("status", ["COMPLETED", "FAILED"])
def test_a_file_that_has_ended_takes_no_round(ledgers: Ledgers, status: Any) -> None:  # noqa: ANN401
    ledgers.begin(planned())
    ledgers.files.save(FILE, Entry(status, Counts()), PLENTY_OF_TIME)

    ledgers.enter(0, good(4))
    ledgers.ranges.note(FILE, REASON, PLENTY_OF_TIME)
    ledgers.ranges.stop(FILE, REASON, PLENTY_OF_TIME)

    assert ledgers.begin(planned()) is None
    assert ledgers.finish(planned()).status == ledgers.known().entry.status == status


def test_an_entry_that_a_run_saves_forgets_the_round(ledgers: Ledgers) -> None:
    ledgers.begin(planned())
    ledgers.enter(0, good(4))
    ledgers.files.save(FILE, Entry("PROCESSING", good(2)), PLENTY_OF_TIME)

    ledgers.enter(1, good(4))

    assert ledgers.known().cut is None
    assert ledgers.finish(planned()).counts == good(2)


def test_what_went_wrong_stands_until_the_round_is_finished(ledgers: Ledgers) -> None:
    ledgers.begin(planned())
    ledgers.ranges.note(FILE, REASON, PLENTY_OF_TIME)
    ledgers.enter(0, good(4))
    noted = ledgers.known()
    ledgers.enter(1, good(4))
    ledgers.finish(planned())

    assert (noted.entry.status, noted.failure) == ("PROCESSING", Failure("OUT_OF_TIME", "too late"))
    assert ledgers.known().failure is None


def test_a_stopped_file_keeps_its_ranges_for_the_next_machine(ledgers: Ledgers) -> None:
    ledgers.begin(planned())
    ledgers.enter(1, good(4))

    ledgers.ranges.stop(FILE, REASON, PLENTY_OF_TIME)
    ledgers.files.hand_over(FILE, PLENTY_OF_TIME)
    handed_over = ledgers.known()

    assert handed_over.entry.status == "SUSPENDED"
    assert handed_over.failure is not None
    assert handed_over.failure.code == "LARGE_FILE"
    assert ledgers.begin(planned()) == frozenset({1})
    assert (ledgers.known().entry.status, ledgers.known().failure) == ("PROCESSING", None)


def test_a_newer_contract_takes_no_range_of_the_older_one(ledgers: Ledgers) -> None:
    newer = source_file(contract_version=2)
    ledgers.begin(planned())
    ledgers.files.open(newer, PLENTY_OF_TIME)

    ledgers.enter(0, good(4))

    assert ledgers.begin(planned()) is None
    assert ledgers.ranges.known(newer, PLENTY_OF_TIME).cut is None


def test_each_time_that_a_file_is_handed_over_its_item_changes(
    dynamodb: Any,  # noqa: ANN401
    table_name: str,
) -> None:
    ledger = DynamoDbLedger(sending_to(dynamodb), table_name)
    ledger.open(FILE, PLENTY_OF_TIME)
    key = {"recordId": {"S": FILE.id}, "timestamp": {"S": FILE.timestamp}}
    items = []

    for _ in range(2):
        ledger.hand_over(FILE, PLENTY_OF_TIME)
        items.append(dynamodb.get_item(TableName=table_name, Key=key)["Item"])

    assert items[0] != items[1]
    assert {item["failure"]["M"]["code"]["S"] for item in items} == {"LARGE_FILE"}


def test_an_entry_with_a_full_round_can_be_stored(dynamodb: Any, table_name: str) -> None:  # noqa: ANN401
    sending = sending_to(dynamodb)
    files, ranges = DynamoDbLedger(sending, table_name), DynamoDbRangeLedger(sending, table_name)
    files.open(FILE, PLENTY_OF_TIME)
    full = planned(last=4000, ranges=1000)
    ranges.begin(FILE, full, PLENTY_OF_TIME)
    message = "\N{PILE OF POO}" * 256
    rejections = {
        f"CODE_{number}": Rejections(rows=1, row=number, line=1, message=message, field="n" * 255)
        for number in range(1, 101)
    }
    many = Counts(rows_read=100, rows_rejected=100, items_written=100, rejections=rejections)
    ranges.enter(FILE, "p1", 999, many, PLENTY_OF_TIME)
    for index in range(0, 999, 100):
        ranges.enter(FILE, "p1", index, good(4), PLENTY_OF_TIME)

    item = dynamodb.get_item(
        TableName=table_name, Key={"recordId": {"S": FILE.id}, "timestamp": {"S": FILE.timestamp}}
    )["Item"]

    assert len(item["rangesDone"]["NS"]) == 11
    assert 2 * len(repr(item["rangeRejections"])) < 400_000


def test_sums_that_are_not_those_of_the_plan_fail_the_file_and_count_nothing(
    dynamodb: Any,  # noqa: ANN401
    table_name: str,
) -> None:
    sending = sending_to(dynamodb)
    files, ranges = DynamoDbLedger(sending, table_name), DynamoDbRangeLedger(sending, table_name)
    files.open(FILE, PLENTY_OF_TIME)
    ranges.begin(FILE, planned(), PLENTY_OF_TIME)
    ranges.enter(FILE, "p1", 0, good(4), PLENTY_OF_TIME)
    ranges.enter(FILE, "p1", 1, good(3), PLENTY_OF_TIME)

    ranges.finish(FILE, planned(), PLENTY_OF_TIME)

    found = ranges.known(FILE, PLENTY_OF_TIME)
    assert (found.entry.status, found.entry.counts) == ("FAILED", Counts())
    assert found.failure is not None
    assert found.failure.code == "COUNTS_DISAGREE"
    assert found.failure.message.startswith("rows 1 to 8 are 8, stored and counted: (7,")
