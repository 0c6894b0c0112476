"""The promises of a ledger, checked with the other tests' fake and with DynamoDB."""

from dataclasses import replace
from typing import Any

import pytest
from botocore.client import BaseClient
from msgspec import structs

from services.processor.runtime.errors import CountsDisagreeError, NewerContractError, RefusedError
from services.processor.runtime.resume_point import ResumePoint
from services.processor.runtime.storage.ledger import DynamoDbLedger, Ledger
from services.processor.runtime.storage.ledger_entry import Counts, Entry, Failure, Status
from tests.adapters.moto_dynamodb import sending_to
from tests.unit.processor.fakes import PLENTY_OF_TIME, FakeLedger
from tests.unit.processor.files import source_file

FILE = source_file()
NEWER = source_file(contract_version=2)
NOT_JSON = Failure("NOT_JSON", "row 4 is no JSON", 4)
POINT = ResumePoint(6, 100, line=9, column=4, indentation=b" \t")


@pytest.fixture(params=["fake", "dynamodb"])
def ledger(request: pytest.FixtureRequest, dynamodb: BaseClient, table_name: str) -> Ledger:
    if request.param == "fake":
        return FakeLedger()
    return DynamoDbLedger(sending_to(dynamodb), table_name)


def entry(status: Status, rows: int) -> Entry:
    counts = Counts(rows_read=rows, rows_accepted=rows, items_written=rows)
    return Entry(status, counts, NOT_JSON if status == "FAILED" else None)


def place(found: Entry) -> tuple[str, int]:
    return found.status, found.counts.rows_read


def test_a_new_file_starts_at_its_first_row(ledger: Ledger) -> None:
    assert ledger.open(FILE, PLENTY_OF_TIME) == Entry("PROCESSING", Counts())


def test_versions_of_an_object_have_entries_of_their_own(ledger: Ledger) -> None:
    ledger.open(FILE, PLENTY_OF_TIME)
    ledger.save(FILE, entry("COMPLETED", 5), PLENTY_OF_TIME)

    assert place(ledger.open(source_file(version="v2"), PLENTY_OF_TIME)) == ("PROCESSING", 0)


def test_one_version_known_by_two_times_has_two_entries(ledger: Ledger) -> None:
    ledger.open(FILE, PLENTY_OF_TIME)
    ledger.save(FILE, entry("COMPLETED", 5), PLENTY_OF_TIME)
    known_by_its_event = replace(FILE, timestamp="2026-01-31T12:00:00.123Z")

    assert place(ledger.open(known_by_its_event, PLENTY_OF_TIME)) == ("PROCESSING", 0)
    assert place(ledger.open(FILE, PLENTY_OF_TIME)) == ("COMPLETED", 5)


def test_a_run_resumes_where_the_entry_says(ledger: Ledger) -> None:
    counts = Counts(rows_read=7, rows_accepted=5, rows_rejected=2, items_written=7)
    ledger.open(FILE, PLENTY_OF_TIME)
    ledger.save(FILE, Entry("SUSPENDED", counts), PLENTY_OF_TIME)

    assert ledger.open(FILE, PLENTY_OF_TIME) == Entry("SUSPENDED", counts)


def test_an_entry_says_where_in_the_file_a_run_resumes(ledger: Ledger) -> None:
    suspended = structs.replace(entry("SUSPENDED", 7), resume=POINT)
    ledger.open(FILE, PLENTY_OF_TIME)
    ledger.save(FILE, suspended, PLENTY_OF_TIME)

    assert ledger.open(FILE, PLENTY_OF_TIME) == suspended


def test_a_point_is_forgotten_with_the_checkpoint_that_it_belonged_to(ledger: Ledger) -> None:
    ledger.open(FILE, PLENTY_OF_TIME)
    ledger.save(FILE, structs.replace(entry("PROCESSING", 7), resume=POINT), PLENTY_OF_TIME)

    ledger.save(FILE, entry("COMPLETED", 9), PLENTY_OF_TIME)

    assert ledger.open(FILE, PLENTY_OF_TIME).resume is None


@pytest.mark.parametrize(
    ("stored", "entered", "stands"),
    [
        (("PROCESSING", 5), ("PROCESSING", 9), ("PROCESSING", 9)),
        (("PROCESSING", 9), ("PROCESSING", 5), ("PROCESSING", 9)),
        (("PROCESSING", 9), ("SUSPENDED", 5), ("PROCESSING", 9)),
        (("PROCESSING", 5), ("SUSPENDED", 5), ("SUSPENDED", 5)),
        (("SUSPENDED", 5), ("PROCESSING", 5), ("SUSPENDED", 5)),
        (("SUSPENDED", 5), ("PROCESSING", 6), ("PROCESSING", 6)),
        (("SUSPENDED", 5), ("FAILED", 5), ("FAILED", 5)),
        (("FAILED", 5), ("SUSPENDED", 5), ("FAILED", 5)),
        (("FAILED", 5), ("PROCESSING", 6), ("PROCESSING", 6)),
        (("FAILED", 5), ("COMPLETED", 5), ("COMPLETED", 5)),
        (("COMPLETED", 5), ("FAILED", 5), ("COMPLETED", 5)),
        (("COMPLETED", 5), ("PROCESSING", 6), ("COMPLETED", 5)),
        (("COMPLETED", 5), ("COMPLETED", 6), ("COMPLETED", 5)),
    ],
)
def test_an_entry_only_moves_a_file_forward(
    ledger: Ledger,
    stored: tuple[Status, int],
    entered: tuple[Status, int],
    stands: tuple[Status, int],
) -> None:
    ledger.open(FILE, PLENTY_OF_TIME)
    ledger.save(FILE, entry(*stored), PLENTY_OF_TIME)

    ledger.save(FILE, entry(*entered), PLENTY_OF_TIME)

    assert place(ledger.open(FILE, PLENTY_OF_TIME)) == stands


@pytest.mark.parametrize("status", ["SUSPENDED", "FAILED", "COMPLETED"])
def test_a_newer_contract_starts_over(ledger: Ledger, status: Status) -> None:
    ledger.open(FILE, PLENTY_OF_TIME)
    ledger.save(FILE, structs.replace(entry(status, 5), resume=POINT), PLENTY_OF_TIME)

    assert ledger.open(NEWER, PLENTY_OF_TIME) == Entry("PROCESSING", Counts())


def test_an_older_contract_s_run_saves_nothing_any_more(ledger: Ledger) -> None:
    ledger.open(FILE, PLENTY_OF_TIME)
    ledger.open(NEWER, PLENTY_OF_TIME)

    ledger.save(FILE, entry("COMPLETED", 5), PLENTY_OF_TIME)

    assert place(ledger.open(NEWER, PLENTY_OF_TIME)) == ("PROCESSING", 0)


def test_an_older_contract_does_not_finish_what_a_newer_one_started(ledger: Ledger) -> None:
    ledger.open(NEWER, PLENTY_OF_TIME)

    with pytest.raises(NewerContractError):
        ledger.open(FILE, PLENTY_OF_TIME)


def test_a_file_that_a_newer_contract_completed_is_complete(ledger: Ledger) -> None:
    ledger.open(NEWER, PLENTY_OF_TIME)
    ledger.save(NEWER, entry("COMPLETED", 5), PLENTY_OF_TIME)

    assert place(ledger.open(FILE, PLENTY_OF_TIME)) == ("COMPLETED", 5)


def stored_item(dynamodb: BaseClient, table_name: str) -> dict[str, Any]:
    [item] = dynamodb.scan(TableName=table_name)["Items"]
    return dict(item)


def test_the_file_s_item_carries_its_identity_and_its_counts(
    dynamodb: BaseClient, table_name: str
) -> None:
    ledger = DynamoDbLedger(sending_to(dynamodb), table_name)
    counts = Counts(rows_read=3, rows_accepted=2, rows_rejected=1, items_written=3)
    ledger.open(FILE, PLENTY_OF_TIME)

    ledger.save(FILE, Entry("FAILED", counts, NOT_JSON), PLENTY_OF_TIME)

    item = stored_item(dynamodb, table_name)
    assert item.pop("shard")["N"].isdecimal()
    assert item == {
        "recordId": {"S": FILE.id},
        "timestamp": {"S": "2026-01-31T12:00:00.000Z"},
        "itemType": {"S": "FILE"},
        "status": {"S": "FAILED"},
        "dataset": {"S": "generic"},
        "contractVersion": {"N": "1"},
        "originRegion": {"S": "us-east-1"},
        "source": {
            "M": {"bucket": {"S": "inbox"}, "key": {"S": "any/a.json"}, "version": {"S": "v1"}}
        },
        "sizeBytes": {"N": "123"},
        "sequencer": {"S": ""},
        "rejections": {"M": {}},
        "rowsRead": {"N": "3"},
        "rowsAccepted": {"N": "2"},
        "rowsRejected": {"N": "1"},
        "itemsWritten": {"N": "3"},
        "failure": {
            "M": {
                "code": {"S": "NOT_JSON"},
                "message": {"S": "row 4 is no JSON"},
                "row": {"N": "4"},
            }
        },
    }


@pytest.mark.parametrize("status", ["PROCESSING", "COMPLETED"])
def test_a_failure_is_removed_once_the_file_is_further(
    dynamodb: BaseClient, table_name: str, status: Status
) -> None:
    ledger = DynamoDbLedger(sending_to(dynamodb), table_name)
    ledger.open(FILE, PLENTY_OF_TIME)
    ledger.save(FILE, entry("FAILED", 3), PLENTY_OF_TIME)

    ledger.save(FILE, entry(status, 5), PLENTY_OF_TIME)

    assert "failure" not in stored_item(dynamodb, table_name)


def test_a_refusal_is_told_apart_from_a_transient_failure(dynamodb: BaseClient) -> None:
    ledger = DynamoDbLedger(sending_to(dynamodb), "no-such-table")

    for call in (
        lambda: ledger.open(FILE, PLENTY_OF_TIME),
        lambda: ledger.save(FILE, entry("COMPLETED", 5), PLENTY_OF_TIME),
    ):
        with pytest.raises(RefusedError, match=r"ledger entry of the file: .*ResourceNotFound"):
            call()


def test_counts_that_do_not_add_up_are_refused() -> None:
    Counts(rows_read=3, rows_accepted=2, rows_rejected=1, items_written=3).check()

    for wrong in (
        Counts(rows_read=3, rows_accepted=2, rows_rejected=0, items_written=3),
        Counts(rows_read=3, rows_accepted=2, rows_rejected=1, items_written=2),
    ):
        with pytest.raises(CountsDisagreeError):
            wrong.check()


def test_a_failure_too_long_for_an_item_is_truncated_and_stored(
    dynamodb: BaseClient, table_name: str
) -> None:
    ledger = DynamoDbLedger(sending_to(dynamodb), table_name)
    ledger.open(FILE, PLENTY_OF_TIME)
    verbose = Failure("DUPLICATE_HEADER", "x" * 450_000, None)

    ledger.save(FILE, Entry("FAILED", Counts(), verbose), PLENTY_OF_TIME)

    failure = stored_item(dynamodb, table_name)["failure"]["M"]
    assert failure == {"code": {"S": "DUPLICATE_HEADER"}, "message": {"S": "x" * 1024}}
