"""What a table holds after items were written, with moto as the table."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import permutations
from typing import Any

import msgspec
import pytest
from botocore.client import BaseClient

from services.processor.runtime.attributes import Attribute, attributes_of
from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.corrections import reference
from services.processor.runtime.item import RecordItem, record_item
from services.processor.runtime.parsing import BadRow, JsonRow
from services.processor.runtime.storage.writer import DynamoDbWriter
from tests.adapters.moto_dynamodb import sending_to
from tests.unit.processor.fakes import PLENTY_OF_TIME
from tests.unit.processor.files import source_file


def records(rows: int, *, contract_version: int = 1) -> list[RecordItem]:
    file = source_file(contract_version=contract_version)
    return [
        record_item(file, CONTRACTS["generic"], JsonRow(row, b'{"n": %d}' % row))
        for row in range(1, rows + 1)
    ]


def with_data(record: RecordItem, data: Attribute) -> RecordItem:
    item = attributes_of(record.item) | {"data": data}
    return msgspec.structs.replace(record, item=json.dumps(item).encode())


class Table:
    """A table, and what writes to it."""

    def __init__(self, dynamodb: BaseClient, name: str) -> None:
        self._dynamodb = dynamodb
        self._name = name
        self._writer = DynamoDbWriter(sending_to(dynamodb), name)

    def write(self, batch: Sequence[RecordItem]) -> dict[int, str | None]:
        """Return each row's answer: why its item is invalid, or ``None`` if it is stored."""
        answers: dict[int, str | None] = {}
        for record in batch:
            answered = partial(answers.__setitem__, record.row)
            self._writer.send(record, answered, PLENTY_OF_TIME)
        while not self._writer.is_idle:
            self._writer.wait(PLENTY_OF_TIME)
        return answers

    def items(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._dynamodb.scan(TableName=self._name)["Items"]
        return sorted(found, key=lambda item: str(item["recordId"]["S"]))

    def by_id(self) -> dict[str, dict[str, Any]]:
        return {item["recordId"]["S"]: item for item in self.items()}


@pytest.fixture
def table(dynamodb: BaseClient, table_name: str) -> Table:
    return Table(dynamodb, table_name)


def test_every_item_is_stored_and_acknowledged(table: Table) -> None:
    batch = records(40)

    assert table.write(batch) == dict.fromkeys(range(1, 41))
    assert table.items() == [attributes_of(record.item) for record in batch]


def test_a_second_delivery_changes_nothing_and_is_acknowledged(table: Table) -> None:
    [record] = records(1)
    table.write([record])

    assert table.write([with_data(record, {"M": {"n": {"N": "999"}}})]) == {1: None}
    assert table.items() == [attributes_of(record.item)]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_the_newer_contract_s_record_wins_in_whatever_order_they_arrive(
    table: Table, order: tuple[int, int]
) -> None:
    for contract_version in order:
        table.write(records(1, contract_version=contract_version))

    [stored] = table.items()
    assert stored["contractVersion"] == {"N": "2"}


def test_an_item_that_is_too_large_is_reported_and_disturbs_no_other(table: Table) -> None:
    first, second, third = records(3)

    answers = table.write([first, with_data(second, {"S": "x" * 500_000}), third])

    assert (answers[1], answers[3]) == (None, None)
    assert "Item size has exceeded" in str(answers[2])
    assert table.items() == [attributes_of(first.item), attributes_of(third.item)]


def correction(at_s: int, row: int = 1) -> RecordItem:
    """Return an accepted row of a later file that corrects row 2 of the file of ``rejected``."""
    file = replace(source_file(version=f"v{at_s}"), timestamp=f"2026-02-01T00:00:{at_s:02d}.000Z")
    corrects = reference(source_file().id, source_file().timestamp, 2)
    raw = b'{"ingestion:corrects": "%s", "n": 2}' % corrects.encode()
    return record_item(file, CONTRACTS["generic"], JsonRow(row, raw))


def rejected(contract_version: int = 1) -> RecordItem:
    file = source_file(contract_version=contract_version)
    return record_item(file, CONTRACTS["generic"], BadRow(2, b"x", 1, "INVALID_JSON", "no value"))


def test_a_rejected_row_is_marked_once_its_correction_is_stored(table: Table) -> None:
    table.write([rejected()])

    assert table.write([correction(1)]) == {1: None}

    marked = table.by_id()[rejected().record_id]
    assert marked["status"] == {"S": "CORRECTED"}
    assert marked["correctedBy"]["M"]["recordId"] == {"S": correction(1).record_id}
    assert marked["error"] == attributes_of(rejected().item)["error"]


def test_a_row_that_corrects_several_marks_all_of_them(table: Table) -> None:
    file = source_file()
    bad = [
        record_item(file, CONTRACTS["generic"], BadRow(row, b"x", 1, "INVALID_JSON", "no value"))
        for row in range(1, 6)
    ]
    table.write(bad)
    references = " ".join(reference(file.id, file.timestamp, row) for row in range(1, 6))
    raw = b'{"ingestion:corrects": "%s", "n": 2}' % references.encode()
    later = replace(source_file(version="v2"), timestamp="2026-02-01T00:00:00.000Z")

    table.write([record_item(later, CONTRACTS["generic"], JsonRow(1, raw))])

    statuses = [table.by_id()[each.record_id]["status"]["S"] for each in bad]
    assert statuses == ["CORRECTED"] * 5


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_whatever_the_order_the_newest_correction_is_named_and_the_row_stays_corrected(
    table: Table, order: tuple[int, ...]
) -> None:
    table.write([rejected()])
    later = [correction(1), correction(2), rejected()]

    for index in order:
        table.write([later[index]])

    marked = table.by_id()[rejected().record_id]
    assert marked["status"] == {"S": "CORRECTED"}
    by = marked["correctedBy"]["M"]
    assert by["precedence"] == attributes_of(correction(2).item)["precedence"]


def test_a_reference_to_a_row_that_does_not_exist_or_is_of_another_dataset_marks_nothing(
    table: Table,
) -> None:
    of_another = record_item(
        source_file(dataset="orders"),
        CONTRACTS["orders"],
        BadRow(2, b"x", 1, "INVALID_JSON", "no value"),
    )

    assert table.write([correction(1)]) == {1: None}
    table.write([of_another])
    table.write([correction(2)])

    statuses = sorted(item["status"]["S"] for item in table.items())
    assert statuses == ["ACCEPTED", "ACCEPTED", "REJECTED"]
