from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count, permutations
from threading import Event, Lock
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.corrections import reference
from services.processor.runtime.errors import OutOfTimeError, RefusedError
from services.processor.runtime.item import RecordItem, record_item
from services.processor.runtime.parsing import BadRow, JsonRow
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.retry import Retry
from services.processor.runtime.storage.writer import DynamoDbWriter
from tests.unit.processor.fakes import PLENTY_OF_TIME
from tests.unit.processor.files import source_file


def records(rows: int, *, contract_version: int = 1) -> list[RecordItem]:
    file = source_file(contract_version=contract_version)
    return [
        record_item(file, CONTRACTS["generic"], JsonRow(row, b'{"n": %d}' % row))
        for row in range(1, rows + 1)
    ]


def refusal(code: str) -> ClientError:
    response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    return ClientError(response, "PutItem")


@dataclass
class RefusingClient:
    """Refuses every put whose turn is in ``refusals``."""

    code: str
    refusals: Iterator[bool]
    puts: int = 0
    keys: set[str] = field(default_factory=set)
    takes_s: float = 0
    lock: Lock = field(default_factory=Lock)

    def put_item(self, **request: Any) -> None:  # noqa: ANN401  # as boto3 takes it
        Event().wait(self.takes_s)
        with self.lock:
            self.puts += 1
            if next(self.refusals):
                raise refusal(self.code)
            self.keys.add(request["Item"]["recordId"]["S"])


def contents(dynamodb: BaseClient, table_name: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = dynamodb.scan(TableName=table_name)["Items"]
    return sorted(items, key=lambda item: str(item["recordId"]["S"]))


def test_every_item_of_a_batch_is_stored_and_acknowledged(
    dynamodb: BaseClient, table_name: str
) -> None:
    batch = records(40)

    acknowledged = DynamoDbWriter(dynamodb, table_name, Retry()).write(batch, PLENTY_OF_TIME)

    assert (acknowledged.rows, acknowledged.retries) == (frozenset(range(1, 41)), 0)
    assert contents(dynamodb, table_name) == [record.item for record in batch]


def test_a_second_delivery_changes_nothing_and_is_acknowledged(
    dynamodb: BaseClient, table_name: str
) -> None:
    writer = DynamoDbWriter(dynamodb, table_name, Retry())
    [record] = records(1)
    writer.write([record], PLENTY_OF_TIME)
    other = RecordItem(1, record.item | {"data": {"M": {"n": {"N": "999"}}}})

    acknowledged = writer.write([other], PLENTY_OF_TIME)

    assert acknowledged.rows == {1}
    assert contents(dynamodb, table_name) == [record.item]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_the_newer_contract_s_record_wins_in_whatever_order_they_arrive(
    dynamodb: BaseClient, table_name: str, order: tuple[int, int]
) -> None:
    writer = DynamoDbWriter(dynamodb, table_name, Retry())

    for contract_version in order:
        writer.write(records(1, contract_version=contract_version), PLENTY_OF_TIME)

    [stored] = contents(dynamodb, table_name)
    assert stored["contractVersion"] == {"N": "2"}


def test_throttled_writes_are_retried_and_counted() -> None:
    every_twentieth = (turn % 20 == 0 for turn in count(1))
    client = RefusingClient("ThrottlingException", every_twentieth)
    retry = Retry(sleep=lambda _: None)

    acknowledged = DynamoDbWriter(client, "t", retry).write(records(200), PLENTY_OF_TIME)

    assert (len(acknowledged.rows), len(client.keys)) == (200, 200)
    assert acknowledged.retries == client.puts - 200 == 10


def test_an_item_that_is_too_large_is_reported_and_does_not_end_the_batch(
    dynamodb: BaseClient, table_name: str
) -> None:
    first, second, third = records(3)
    too_large = RecordItem(2, second.item | {"data": {"S": "x" * 500_000}})

    writer = DynamoDbWriter(dynamodb, table_name, Retry())
    acknowledged = writer.write([first, too_large, third], PLENTY_OF_TIME)

    assert acknowledged.rows == {1, 3}
    assert acknowledged.refused.keys() == {2}
    assert "Item size has exceeded" in acknowledged.refused[2]
    assert contents(dynamodb, table_name) == [first.item, third.item]


@pytest.mark.parametrize(
    "code", ["ValidationException", "ItemCollectionSizeLimitExceededException"]
)
def test_an_invalid_item_is_reported_and_does_not_end_the_batch(code: str) -> None:
    client = RefusingClient(code, (turn == 10 for turn in count(1)))

    acknowledged = DynamoDbWriter(client, "t", Retry()).write(records(40), PLENTY_OF_TIME)

    assert (len(acknowledged.rows), len(client.keys), client.puts) == (39, 39, 40)
    [(row, refusal)] = acknowledged.refused.items()
    assert row not in acknowledged.rows
    assert code in refusal


def test_if_even_a_rejected_row_s_item_is_refused_the_write_is_refused() -> None:
    client = RefusingClient("ValidationException", (True for _ in count()))
    file = source_file()
    rejected = record_item(file, CONTRACTS["generic"], JsonRow(1, b"no JSON"))

    with pytest.raises(RefusedError, match="ValidationException"):
        DynamoDbWriter(client, "t", Retry()).write([rejected], PLENTY_OF_TIME)


def test_a_refused_write_is_raised_and_ends_the_batch() -> None:
    client = RefusingClient(
        "AccessDeniedException", (turn == 10 for turn in count(1)), takes_s=0.02
    )

    with pytest.raises(RefusedError, match="AccessDeniedException"):
        DynamoDbWriter(client, "t", Retry()).write(records(2000), PLENTY_OF_TIME)

    puts_at_the_end = client.puts
    assert puts_at_the_end < 2000


def test_without_time_nothing_is_sent() -> None:
    client = RefusingClient("", (False for _ in count()))

    with pytest.raises(OutOfTimeError):
        DynamoDbWriter(client, "t", Retry()).write(records(5), Deadline(lambda: 14_000))

    assert client.puts == 0


def correction(at_s: int, row: int = 1) -> RecordItem:
    """Return an accepted row of a later file that corrects row 2 of the file of ``rejected``."""
    file = replace(source_file(version=f"v{at_s}"), timestamp=f"2026-02-01T00:00:{at_s:02d}.000Z")
    corrects = reference(source_file().id, source_file().timestamp, 2)
    raw = b'{"ingestion:corrects": "%s", "n": 2}' % corrects.encode()
    return record_item(file, CONTRACTS["generic"], JsonRow(row, raw))


def rejected(contract_version: int = 1) -> RecordItem:
    file = source_file(contract_version=contract_version)
    return record_item(file, CONTRACTS["generic"], BadRow(2, b"x", 1, "INVALID_JSON", "no value"))


def test_a_rejected_row_is_marked_once_its_correction_is_stored(
    dynamodb: BaseClient, table_name: str
) -> None:
    writer = DynamoDbWriter(dynamodb, table_name, Retry())
    writer.write([rejected()], PLENTY_OF_TIME)

    acknowledged = writer.write([correction(1)], PLENTY_OF_TIME)

    assert acknowledged.rows == {1}
    stored = {item["recordId"]["S"]: item for item in contents(dynamodb, table_name)}
    marked = stored[rejected().item["recordId"]["S"]]
    assert marked["status"] == {"S": "CORRECTED"}
    assert marked["correctedBy"]["M"]["recordId"] == correction(1).item["recordId"]
    assert marked["error"] == rejected().item["error"]


class StopsBeforeMarking:
    """The client of a run whose time is up once an item is stored."""

    def __init__(self, client: BaseClient) -> None:
        self.put_item = client.put_item

    def update_item(self, **_: object) -> None:
        raise refusal("ThrottlingException")


def test_a_run_that_is_stopped_between_the_record_and_the_mark_is_made_good_by_the_next(
    dynamodb: BaseClient, table_name: str
) -> None:
    DynamoDbWriter(dynamodb, table_name, Retry()).write([rejected()], PLENTY_OF_TIME)
    short = Deadline(lambda: 15_001)
    stopped = DynamoDbWriter(StopsBeforeMarking(dynamodb), table_name, Retry(draw=max))
    with pytest.raises(OutOfTimeError):
        stopped.write([correction(1)], short)
    before = [item["status"]["S"] for item in contents(dynamodb, table_name)]

    assert DynamoDbWriter(dynamodb, table_name, Retry()).write(
        [correction(1)], PLENTY_OF_TIME
    ).rows == {1}

    after = [item["status"]["S"] for item in contents(dynamodb, table_name)]
    assert (sorted(before), sorted(after)) == (["ACCEPTED", "REJECTED"], ["ACCEPTED", "CORRECTED"])


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_whatever_the_order_the_newest_correction_is_named_and_the_row_stays_corrected(
    dynamodb: BaseClient, table_name: str, order: tuple[int, ...]
) -> None:
    writer = DynamoDbWriter(dynamodb, table_name, Retry())
    writer.write([rejected()], PLENTY_OF_TIME)
    later = [correction(1), correction(2), rejected()]

    for index in order:
        writer.write([later[index]], PLENTY_OF_TIME)

    stored = {item["recordId"]["S"]: item for item in contents(dynamodb, table_name)}
    marked = stored[rejected().item["recordId"]["S"]]
    assert marked["status"] == {"S": "CORRECTED"}
    assert marked["correctedBy"]["M"]["precedence"] == correction(2).item["precedence"]


def test_a_reference_to_a_row_that_does_not_exist_or_is_of_another_dataset_marks_nothing(
    dynamodb: BaseClient, table_name: str
) -> None:
    writer = DynamoDbWriter(dynamodb, table_name, Retry())
    of_another = record_item(
        source_file(dataset="orders"),
        CONTRACTS["orders"],
        BadRow(2, b"x", 1, "INVALID_JSON", "no value"),
    )

    assert writer.write([correction(1)], PLENTY_OF_TIME).rows == {1}
    writer.write([of_another], PLENTY_OF_TIME)
    writer.write([correction(2)], PLENTY_OF_TIME)

    statuses = sorted(item["status"]["S"] for item in contents(dynamodb, table_name))
    assert statuses == ["ACCEPTED", "ACCEPTED", "REJECTED"]
