"""What a contract shows as its examples is what it does, in JSON and in CSV alike."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.canonical import canonical_json
from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.declaration import Contract, Example
from services.processor.runtime.declaration.numbers import write_number
from services.processor.runtime.declaration.readers import DeclaredFields
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.item import record_item
from services.processor.runtime.parsing import JsonRow, Row
from tests.unit.processor.files import csv_row, source_file

ALL = [(contract, each) for contract in CONTRACTS.values() for each in contract.examples]
DECLARED = [each for each in CONTRACTS.values() if isinstance(each.reader, DeclaredFields)]


def cells(contract: Contract[Any], row: Mapping[str, Any], prefix: str = "") -> Iterator[Any]:
    """Yield the columns of a row and its cells, as its producer writes them."""
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from cells(contract, value, f"{prefix}{name}_")
        elif isinstance(value, int | float):
            number = Decimal(str(value))
            yield prefix + name, write_number(number, decimal_comma=contract.form.decimal_comma)
        else:
            yield prefix + name, "|".join(value) if isinstance(value, list) else value


def outcome(run: Any, row: Any) -> tuple[str | None, Any]:  # noqa: ANN401  # of either format
    try:
        return None, run(row)
    except RejectedRowError as error:
        return error.code, None


@pytest.mark.parametrize(
    ("contract", "example"), ALL, ids=lambda each: getattr(each, "dataset", "")
)
def test_an_example_is_accepted_or_refused_as_it_says(
    contract: Contract[Any], example: Example
) -> None:
    rows: list[Row] = [JsonRow(1, msgspec.json.encode(example.row))]
    if isinstance(contract.reader, DeclaredFields):
        rows.append(csv_row(1, b"", dict(cells(contract, example.row))))

    records = [record_item(source_file(), contract, row) for row in rows]

    assert {each.rejection and each.rejection.code for each in records} == {example.refused}
    assert example.refused or records[0].item == records[-1].item


@pytest.mark.parametrize("contract", DECLARED, ids=lambda contract: contract.dataset)
def test_a_standard_form_is_of_the_declared_type(contract: Contract[Any]) -> None:
    for example in contract.examples:
        code, standard = outcome(contract.from_json, msgspec.json.encode(example.row))
        if code is None:
            decode = msgspec.json.Decoder(contract.standard_form, float_hook=Decimal).decode
            assert decode(canonical_json(standard)) == standard


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=lambda contract: contract.dataset)
def test_a_contract_shows_and_describes_what_it_takes(contract: Contract[Any]) -> None:
    assert contract.description.endswith(".")
    assert any(example.refused is None for example in contract.examples)
    if contract in DECLARED:
        assert any(example.refused for example in contract.examples)


@pytest.mark.parametrize("contract", DECLARED, ids=lambda contract: contract.dataset)
@given(data=st.data())
def test_any_change_of_an_example_is_accepted_or_refused_and_never_a_fault(
    contract: Contract[Any], data: st.DataObject
) -> None:
    row = dict(data.draw(st.sampled_from(contract.examples)).row)
    row[data.draw(st.sampled_from(list(row)))] = data.draw(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner),
            max_leaves=4,
        )
    )

    code, _ = outcome(contract.from_json, msgspec.json.encode(row))

    assert code != "CONTRACT_ERROR"
