"""Any row of any dataset is one item that DynamoDB can store, and the same one every time."""

import json
from typing import Final

from fuzzing.targets.choices import Choices
from fuzzing.targets.rows import FORMATS, outcome_of
from services.processor.runtime.attributes import attributes_of
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.item import RecordItem, record_item
from services.processor.runtime.item_size import MAX_ITEM_BYTES, item_bytes
from services.processor.runtime.parsing import Row, read_rows
from services.processor.runtime.source_file import SourceFile

DATASETS: Final = ("orders", "readings", "generic")
MOST_KEY_BYTES: Final = 2048
SEEDS: Final = [
    b'\0\0{"order_id": "1001", "amount": "12.50", "placed_at": "2026-11-22T08:00:00Z"}',
    b"\0\1order_id,amount\n1001,12.5\n",
    b'\1\0{"sensor": "s1", "taken_at": "2026-11-22T08:00:00+01:00", "value": 1e-7}',
    b'\2\0[{"a": [1, {"b": null}], "c": 1e125}, "text", 12]',
    b"\2\1a,b,_correct\n1,2,f0123.000000001\n",
    b'\2\0{"a": 0.00000000000000000000000000000000000000000000000000001, "b": "\\ud83d\\ude00"}',
]


def check(data: bytes) -> None:
    """Build the item of every row, twice."""
    choices = Choices(data)
    dataset, file_format = choices.one_of(DATASETS), choices.one_of(FORMATS)
    file = _file(dataset)
    contract = contract_for(file.key)
    for row in outcome_of(lambda: read_rows([choices.rest()], file_format, contract.form)):
        if not isinstance(row, tuple):
            item = record_item(file, contract, row)
            assert item == record_item(file, contract, row)
            _check(item, row)


def _check(item: RecordItem, row: Row) -> None:
    stored = json.loads(item.item)
    assert stored["recordId"]["S"] == item.record_id
    assert stored["timestamp"]["S"] == item.timestamp
    assert 0 < len(item.record_id.encode()) <= MOST_KEY_BYTES
    assert stored["source"]["M"]["row"]["N"] == str(row.number)
    assert stored["status"]["S"] == ("REJECTED" if item.rejection else "ACCEPTED")
    assert ("data" in stored) != ("error" in stored)
    assert item_bytes(attributes_of(item.item)) <= MAX_ITEM_BYTES


def _file(dataset: str) -> SourceFile:
    contract = contract_for(f"{dataset}/a.json")
    return SourceFile(
        bucket="bucket",
        key=f"{dataset}/a.json",
        version="v1",
        timestamp="2026-11-22T08:00:00.000Z",
        size_bytes=1,
        dataset=contract.dataset,
        contract_version=contract.version,
        origin_region="us-east-1",
        sequencer="00",
        rejected_kept_days=30,
    )
