"""A contract that fails costs the row, never the file; our own defects are not hidden by that."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Never
from unittest.mock import patch

import pytest

from services.processor.runtime.attributes import attributes_of
from services.processor.runtime.declaration import kinds
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.item import record_item
from services.processor.runtime.parsing import JsonRow
from tests.unit.processor.declaration.shop import Goods, goods, refusal
from tests.unit.processor.files import source_file

RAW = b'{"name": "nails"}'


def failing(error: BaseException) -> Callable[[Goods], Never]:
    def standardise(_: Goods) -> Never:
        raise error

    return standardise


@pytest.mark.parametrize(
    "error", [KeyError("x"), ZeroDivisionError(), RecursionError(), AssertionError("no")]
)
def test_what_a_contract_raises_rejects_the_row_and_names_the_exception(error: Exception) -> None:
    contract = goods(standardise=failing(error))

    for run in (lambda: contract.from_json(RAW), lambda: contract.from_csv({"name": "nails"})):
        code, field, message = refusal(run)
        assert (code, field) == ("CONTRACT_ERROR", None)
        assert type(error).__name__ in message
        assert "test_faults.py, line" in message


def test_a_rule_of_a_contract_rejects_with_its_own_code() -> None:
    error = RejectedRowError("UNKNOWN_VALUE", "name is taken", "name")

    assert refusal(lambda: goods(standardise=failing(error)).from_json(RAW)) == (
        "UNKNOWN_VALUE",
        "name",
        "name is taken",
    )


class WordlessError(Exception):
    def __str__(self) -> str:
        raise RuntimeError


def test_an_exception_whose_message_cannot_be_read_costs_the_row_only() -> None:
    code, _, message = refusal(lambda: goods(standardise=failing(WordlessError())).from_json(RAW))

    assert (code, "WordlessError in test_faults.py" in message) == ("CONTRACT_ERROR", True)


@pytest.mark.parametrize(
    "reason",
    [
        ("", "no code"),
        ("taken: nails", "a code made of the row"),
        ("A" * 65, "a code without end"),
        ("\ud800", "half a character"),
        (None, "no code at all"),
        ("UNKNOWN_VALUE", KeyError("name")),
        ("UNKNOWN_VALUE", "name is taken", 3),
    ],
)
def test_a_rejection_that_could_not_be_stored_or_counted_is_a_fault_of_the_contract(
    reason: tuple[Any, ...],
) -> None:
    contract = goods(standardise=failing(RejectedRowError(*reason)))

    item = record_item(source_file(), contract, JsonRow(1, RAW))

    assert item.rejection is not None
    assert (item.rejection.code, item.rejection.field) == ("CONTRACT_ERROR", None)


def test_running_out_of_memory_is_no_fault_of_the_row() -> None:
    with pytest.raises(MemoryError):
        goods(standardise=failing(MemoryError())).from_json(RAW)


@pytest.mark.parametrize(
    ("made", "field"),
    [
        ({"price": 0.5}, "price"),
        ({"a": [{"b": {1, 2}}]}, "a[0].b"),
        ({"at": datetime(2026, 1, 1, tzinfo=UTC)}, "at"),
        ({5: "x"}, None),
        ({"a": "\ud800"}, None),
        ({"a": [{"\udfff": 1}]}, None),
        (["x"], None),
        (None, None),
    ],
)
def test_a_standard_form_that_cannot_be_stored_rejects_the_row_and_says_where(
    made: Any,  # noqa: ANN401
    field: str | None,
) -> None:
    item = record_item(source_file(), goods(standardise=lambda _: made), JsonRow(1, RAW))

    assert item.rejection is not None
    assert (item.rejection.code, item.rejection.field) == ("CONTRACT_ERROR", field)


@pytest.mark.parametrize(
    ("computed", "equal"),
    [
        (Decimal("1.0"), 1),
        (Decimal("39.80"), Decimal("39.8")),
        (Decimal("1E+2"), 100),
        (Decimal("-0.00"), 0),
        (Decimal("0E-9"), 0),
    ],
)
def test_a_number_that_a_contract_computes_has_the_digest_of_the_number_that_is_stored(
    computed: Decimal, equal: int | Decimal
) -> None:
    def stored(number: int | Decimal) -> dict[str, Any]:
        made: Any = {"a": number, "b": [{"c": number}, "x", number]}
        contract = goods(standardise=lambda _: made)
        return attributes_of(record_item(source_file(), contract, JsonRow(1, RAW)).item)

    assert stored(computed) == stored(equal)


def test_a_defect_of_our_own_is_not_taken_for_the_contracts() -> None:
    contract = goods()

    with (
        patch.object(kinds, "read_number", side_effect=KeyError("defect")),
        pytest.raises(KeyError, match="defect"),
    ):
        contract.from_csv({"name": "nails", "count": "1"})
