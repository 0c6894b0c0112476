"""The bytes of an item hold exactly what the oracle builds as a tree."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.processor.runtime.attributes import Plain, attributes_of
from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.declaration import Contract
from services.processor.runtime.item import RecordItem, record_item
from services.processor.runtime.parsing import BadRow, JsonRow, Row
from tests.unit.processor.files import csv_row, order_json, order_row, source_file
from tests.unit.processor.item_oracle import expected_item
from tests.unit.processor.values import objects

FILE = replace(source_file(), key='a "b"\\\n\u2028ü.json', sequencer="0F", rejected_kept_days=3)
MARK = f"f{'0' * 31}/2026-01-31T12:00:00.000Z/7"
ANY_TEXTS = st.text(max_size=20) | st.sampled_from(
    ["\ud800", "\x7f\u2028\U0001f600", "".join(map(chr, range(0x20))), '"\\/', "x" * 200_000]
)
NUMBERS = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(-(10**39), 10**39),
    st.integers(-140, 130),
) | st.sampled_from(
    [
        Decimal(20),
        Decimal("1E+5"),
        Decimal("-0"),
        Decimal("0E-9"),
        Decimal("1.50"),
        Decimal("NaN"),
    ]
)
ANY_VALUES: st.SearchStrategy[Any] = st.recursive(
    ANY_TEXTS
    | st.integers()
    | st.integers(-(10**40), 10**40)
    | NUMBERS
    | st.booleans()
    | st.none()
    | st.sampled_from([0.5, b"x", {1}, (1, "x")]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXTS, inner, max_size=3),
    max_leaves=8,
)


def check(contract: Contract[Any], row: Row) -> RecordItem:
    """Compare the item with the oracle's, and what the record says of it with the item."""
    file = replace(FILE, dataset=contract.dataset, contract_version=contract.version)
    record = record_item(file, contract, row)
    item = attributes_of(record.item)

    assert item == expected_item(file, contract, row)
    assert item["recordId"] == {"S": record.record_id}
    assert item["timestamp"] == {"S": record.timestamp}
    assert item["precedence"] == {"S": json.loads(record.precedence)}
    assert item["dataset"] == {"S": record.dataset}
    assert item["status"] == {"S": "REJECTED" if record.rejection else "ACCEPTED"}
    assert (record.source, record.row, record.line) == (row, row.number, row.line)
    return record


def making(standard: object) -> Contract[Any]:
    return Contract[Any](
        dataset="odd",
        version=1,
        description="Whatever a contract may compute.",
        row=dict,
        standard_form=dict,
        standardise=lambda _: cast("Any", standard),
    )


@given(st.dictionaries(ANY_TEXTS, ANY_VALUES, max_size=4))
def test_whatever_a_contract_makes_is_stored_as_ever(standard: dict[str, Any]) -> None:
    check(making(standard), JsonRow(1, b"{}", 5))


@pytest.mark.parametrize("number", ["20", "1E+5", "-0", "-0.0", "0E-9", "1.50", "-1.50", "1.5E-9"])
@pytest.mark.parametrize("where", [lambda n: {"a": n}, lambda n: {"a": [n], "b": 1}])
def test_a_number_in_another_form_has_the_digest_of_the_stored_one(
    number: str, where: Callable[[Decimal], Any]
) -> None:
    check(making(where(Decimal(number))), JsonRow(1, b"{}"))


@given(objects | st.dictionaries(ANY_TEXTS, st.text(max_size=5)), st.integers(1, 10**10))
def test_any_json_object_is_stored_as_ever(data: dict[str, Plain], number: int) -> None:
    raw = json.dumps(data, default=str).encode()

    check(CONTRACTS["generic"], JsonRow(number, raw, 7))


@pytest.mark.parametrize("levels", [28, 29, 30, 31, 499])
def test_values_nested_up_to_the_limit_are_stored_as_ever(levels: int) -> None:
    check(CONTRACTS["generic"], JsonRow(1, b'{"a":%s}' % (b"[" * levels + b"]" * levels)))


@pytest.mark.parametrize("size", [200_000, 407_000, 408_000, 408_300, 409_600, 1_000_000])
def test_rows_around_the_largest_item_are_stored_as_ever(size: int) -> None:
    check(CONTRACTS["generic"], JsonRow(1, b'{"a": "%s"}' % (b"x" * size)))
    lists = b",".join([b'["%s"]' % (b"x" * 27)] * (size // 32))  # of 32 bytes each in an item
    check(CONTRACTS["generic"], JsonRow(1, b'{"a": [%s]}' % lists))


@given(
    st.sampled_from(["INVALID_UTF8", "RAGGED_ROW"]),
    st.binary(max_size=40),
    ANY_TEXTS,
    st.none() | ANY_TEXTS,
)
@example("INVALID_UTF8", b"\xff" * 5000, "ü" * 2000, "\ud800")
def test_rejected_rows_are_stored_as_ever(
    code: str, raw: bytes, message: str, field: str | None
) -> None:
    check(CONTRACTS["orders"], BadRow(3, raw, 5000, code, message, field, 9))


@pytest.mark.parametrize("mark", [MARK, f"{MARK} {MARK}", "nonsense", '"\\', "é" * 2000])
def test_corrections_are_stored_as_ever(mark: str) -> None:
    marks = {"ingestion:corrects": mark}

    for quantity in (1, 0):
        raw = json.dumps(marks | json.loads(order_json(quantity=quantity))).encode()
        check(CONTRACTS["orders"], JsonRow(1, raw))
        check(CONTRACTS["orders"], csv_row(2, raw, marks | order_row(quantity=str(quantity))))


class Word(StrEnum):
    ONE = "one"


class Text(str):
    __slots__ = ()


class Level(int, Enum):
    LOW = 1


class Names(dict[str, Any]):
    __slots__ = ()


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        (Word.ONE, "one"),
        (Text("x"), "x"),
        (Level.LOW, 1),
        (Names(b=Text("y"), a=Level.LOW), {"a": 1, "b": "y"}),
        ({Text("n"): [Word.ONE]}, {"n": ["one"]}),
        (type("Exact", (Decimal,), {})("1.50"), Decimal("1.5")),
    ],
)
def test_a_value_of_a_subclass_is_stored_as_one_of_the_type_itself(
    odd: object, plain: object
) -> None:
    data, digest = (
        [
            attributes_of(record_item(FILE, making({"v": value}), JsonRow(1, b"{}")).item)[name]
            for value in (odd, plain)
        ]
        for name in ("data", "digest")
    )

    assert data[0] == data[1]
    assert digest[0] == digest[1]
