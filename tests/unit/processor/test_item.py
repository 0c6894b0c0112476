from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.attributes import attributes_of
from services.processor.runtime.canonical import canonical_json
from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.item import RecordItem, record_item
from services.processor.runtime.item_size import item_bytes
from services.processor.runtime.keys import StatusIndex, accepted_shard, shard
from services.processor.runtime.parsing import BadRow, JsonRow, Row
from tests.unit.processor.files import csv_row, order_json, order_row, source_file
from tests.unit.processor.values import objects

GENERIC, ORDERS = CONTRACTS["generic"], CONTRACTS["orders"]
FILE = source_file()


def plain(record: RecordItem) -> dict[str, Any]:
    item = attributes_of(record.item)
    return {name: TypeDeserializer().deserialize(value) for name, value in item.items()}


def stored(row: Row) -> dict[str, Any]:
    return plain(record_item(FILE, GENERIC, row))


def test_an_accepted_row_is_stored_with_its_origin() -> None:
    item = stored(JsonRow(7, b'{"b": 1.50, "a": "x"}'))

    assert item == {
        "recordId": FILE.id + ".000000007",
        "timestamp": "2026-01-31T12:00:00.000Z",
        "itemType": "RECORD",
        "status": "ACCEPTED",
        "shard": item["shard"],
        "dataset": "generic",
        "contractVersion": 1,
        "precedence": "2026-01-31T12:00:00.000Z//v1/000000001/000000007",
        "originRegion": "us-east-1",
        "source": {"bucket": "inbox", "key": "any/a.json", "version": "v1", "row": 7},
        "data": {"a": "x", "b": item["data"]["b"]},
        "digest": sha256(b'{"a":"x","b":1.5}').hexdigest(),
    }


def test_a_row_that_breaks_its_contract_is_stored_with_the_reason_and_the_raw_row() -> None:
    raw = order_json(quantity=0)
    record = record_item(source_file(dataset="orders"), ORDERS, JsonRow(7, raw))

    item = plain(record)

    assert record.rejection is not None
    assert (item["status"], item["itemType"], item["source"]["row"]) == ("REJECTED", "RECORD", 7)
    assert item["error"] == {
        "code": "OUT_OF_RANGE",
        "field": "quantity",
        "message": "quantity is 0; expected a whole number of at least 1, for example 2",
        "line": 0,
    }
    assert (item["raw"], item["rawBytes"]) == (raw.decode(), len(raw))
    assert "data" not in item


def test_a_row_that_cannot_be_read_is_stored_with_its_true_size() -> None:
    item = stored(BadRow(3, b"a,b", 5000, "RAGGED_ROW", "3 cells for 2 columns"))

    assert item["error"] == {
        "code": "RAGGED_ROW",
        "message": "3 cells for 2 columns",
        "line": 0,
    }
    assert (item["raw"], item["rawBytes"]) == ("a,b", 5000)


def test_csv_and_json_of_one_order_have_one_digest() -> None:
    from_json = record_item(FILE, ORDERS, JsonRow(1, order_json())).item
    from_csv = record_item(FILE, ORDERS, csv_row(1, b"", order_row())).item

    assert from_json == from_csv


@pytest.mark.parametrize(
    ("raw", "code", "field"),
    [
        (b'{"a": {"b": 1e126}}', "NUMBER_OUT_OF_RANGE", "a.b"),
        (b'{"a": [1, %s]}' % (b"1" * 39), "NUMBER_OUT_OF_RANGE", "a[1]"),
        (b'{"a": {"": 1}}', "EMPTY_FIELD_NAME", "a"),
        (b'{"a": %s}' % (b"[" * 499 + b"]" * 499), "NESTED_TOO_DEEP", "a" + "[0]" * 29),
        # Which of these can be parsed depends on Python's version.
        (b'{"a": %s}' % (b"[" * 500 + b"]" * 500), "NESTED_TOO_DEEP", None),
        (b'{"a": %s}' % (b"[" * 5_000 + b"]" * 5_000), "NESTED_TOO_DEEP", None),
        (b'{"a": %s}' % (b"[" * 5_000), "NESTED_TOO_DEEP", None),
        (b'{"a": %s}' % (b"[" * 90_000 + b"]" * 90_000), "NESTED_TOO_DEEP", None),
        (
            b'{"a": "%s", "b": %s}' % (b'[\\"' * 600, b"[" * 31 + b"]" * 31),
            "NESTED_TOO_DEEP",
            "b" + "[0]" * 29,
        ),
        (b'{"a": "%s' % (b"{" * 600), "INVALID_JSON", None),
        (b'{"a": [%s 1e999]}' % (b"[]," * 600), "NUMBER_OUT_OF_RANGE", "a[600]"),
        (b'{"a": "%s"}' % (b"x" * 409_000), "ITEM_TOO_LARGE", None),
        (b'{"a": "\\ud800"}', "INVALID_UNICODE", None),
        (b"[1]", "NOT_AN_OBJECT", None),
    ],
)
def test_what_the_table_cannot_hold_is_rejected_and_stops_nothing(
    raw: bytes, code: str, field: str | None
) -> None:
    item = stored(JsonRow(1, raw))

    assert (item["status"], item["error"]["code"]) == ("REJECTED", code)
    assert item["error"].get("field") == field


def test_an_item_is_kept_up_to_the_last_byte_of_the_limit() -> None:
    empty = item_bytes(attributes_of(record_item(FILE, GENERIC, JsonRow(1, b'{"a": ""}')).item))
    room = 400 * 1024 - 1024 - empty

    assert stored(JsonRow(1, b'{"a": "%s"}' % (b"x" * room)))["status"] == "ACCEPTED"
    assert stored(JsonRow(1, b'{"a": "%s"}' % (b"x" * (room + 1))))["status"] == "REJECTED"


def test_many_small_values_are_too_large_as_well() -> None:
    row = JsonRow(1, b'{"a": [%s]}' % b",".join([b"[]"] * 102_500))

    assert stored(row)["error"]["code"] == "ITEM_TOO_LARGE"


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (b"x" * 5000, "x" * 4096),
        ("é".encode() * 3000, "é" * 2048),
        (b"x" + "é".encode() * 3000, "x" + "é" * 2047),
        (b"\xff" * 5000, "\ufffd" * 1365),
        (b"a\xffb", "a\ufffdb"),
    ],
)
def test_a_rejected_row_is_kept_up_to_4096_bytes_of_text(raw: bytes, kept: str) -> None:
    item = stored(BadRow(1, raw, len(raw), "INVALID_UTF8", "no text"))

    assert (item["raw"], item["rawBytes"]) == (kept, len(raw))


def test_a_rejected_row_expires_the_set_number_of_days_after_its_file_was_put() -> None:
    file = replace(source_file(), timestamp="1970-01-02T00:00:00.999Z", rejected_kept_days=3)

    rejected = plain(record_item(file, GENERIC, JsonRow(1, b"1")))
    accepted = plain(record_item(file, GENERIC, JsonRow(2, b"{}")))

    assert rejected["expiresAt"] == (1 + 3) * 24 * 60 * 60
    assert "expiresAt" not in accepted


def test_a_rejected_row_is_kept_if_no_number_of_days_is_set() -> None:
    assert "expiresAt" not in stored(JsonRow(1, b"1"))


def test_a_reason_is_truncated_too() -> None:
    record = record_item(FILE, GENERIC, JsonRow(1, b'{"%s": {"": 1}}' % (b"n" * 60_000)))

    assert record.rejection is not None
    assert plain(record)["error"]["field"] == record.rejection.field == "n" * 1024


@given(st.one_of(objects.map(canonical_json), st.binary(max_size=40), st.just(order_json())))
def test_the_same_row_always_gives_the_same_bytes(raw: bytes) -> None:
    first, second = (record_item(source_file(), GENERIC, JsonRow(1, raw)) for _ in range(2))

    assert first.item == second.item


@given(objects)
def test_a_reader_can_verify_the_digest_of_the_stored_data(
    data: dict[str, Any],
) -> None:
    item = stored(JsonRow(1, canonical_json(data)))
    again = stored(JsonRow(1, canonical_json(item["data"])))

    assert item["digest"] == again["digest"]


@given(st.binary(max_size=60))
def test_every_row_gives_an_item(raw: bytes) -> None:
    rows: list[Row] = [JsonRow(1, raw), csv_row(2, raw, {"a": "x", "": "y"})]

    for contract in CONTRACTS.values():
        for row in rows:
            assert plain(record_item(FILE, contract, row))["status"] in {"ACCEPTED", "REJECTED"}


def test_records_name_the_contract_version_they_were_made_by() -> None:
    item = plain(record_item(source_file(contract_version=3), GENERIC, JsonRow(1, b"{}")))

    assert item["contractVersion"] == 3


@pytest.mark.parametrize("status_index", StatusIndex)
def test_an_accepted_row_has_a_shard_only_if_it_is_to_be_in_the_status_index(
    status_index: StatusIndex,
) -> None:
    file = replace(source_file(), status_index=status_index)

    accepted = plain(record_item(file, GENERIC, JsonRow(7, b'{"a": 1}')))
    rejected = plain(record_item(file, GENERIC, BadRow(7, b"a,b", 3, "RAGGED_ROW", "3 cells")))

    shards = {StatusIndex.ALL: accepted_shard(f"{FILE.id}.000000007")}
    assert accepted.get("shard") == shards.get(status_index)
    assert rejected["shard"] == shard(f"{FILE.id}.000000007")
