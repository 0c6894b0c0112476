from typing import Any

import pytest

from benchmarks import answers
from benchmarks.recorder import written

ITEM = {"recordId": {"S": "orders:1"}}


@pytest.mark.parametrize(
    ("operation", "request_body"),
    [
        ("PutItem", {"Item": ITEM}),
        ("BatchWriteItem", {"RequestItems": {"records": [{"PutRequest": {"Item": ITEM}}]}}),
        ("TransactWriteItems", {"TransactItems": [{"Put": {"Item": ITEM}}]}),
        ("PutEvents", {"Entries": [ITEM]}),
    ],
)
def test_every_way_to_write_is_recorded(operation: str, request_body: dict[str, Any]) -> None:
    assert written(operation, request_body) == [ITEM]


def test_the_ledgers_entry_is_no_record() -> None:
    assert written("UpdateItem", {"Key": ITEM}) == []


def test_an_answer_has_the_checksum_that_the_sdks_verify() -> None:
    assert answers.checksum(answers.NOTHING) == 2745614147
