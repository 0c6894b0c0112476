"""A CSV row read by positions is the row that is read by names, or is left to that way."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.declaration import Contract, FileForm
from services.processor.runtime.errors import RejectedRowError
from tests.unit.processor.declaration.shop import goods
from tests.unit.processor.files import order_row

GERMAN = FileForm(
    decimal_comma=True, null_texts=("---",), moment_forms=("%d.%m.%Y %H:%M",), zone="Europe/Berlin"
)
CONTRACTS_READ = [CONTRACTS["orders"], CONTRACTS["readings"], goods(), goods(GERMAN)]
ODD_CELLS = (
    *("", " ", "---", "EUR", " eur ", "EURO", "gold", "true", "FALSE", "|", "a|b", "a||b", " a"),
    *("2", "02", "2.0", "-1", "1.50", ".5", "5.", "1.5.2", "0.00001", "1.234,5", "1_0", "٣", "٣.5"),
    *("1" * 38, "1" * 39, "0." + "1" * 40, "1e3", "NaN", "x" * 65, "x" * 255, "ana@example.com"),
    *("2026-01-31T23:59:59Z", "2026-01-31T23:59:59.1234567Z", "31.01.2026 12:00", "2026-01-31"),
    *("2026-01-31T23:59:59", "0001-01-01T00:00:00+01:00", "hall-3", "temperature", "°C", "left"),
)
CELLS = st.text(max_size=6) | st.sampled_from(ODD_CELLS)
GOOD = {
    "orders": order_row(),
    "readings": {
        "sensor": "hall-3",
        "time": "31.01.2026 23:59:59",
        "quantity": "temperature",
        "value": "21,5",
        "unit": "°C",
    },
    "goods": {"name": "nails"},
}


def columns_of(contract: Contract[Any]) -> list[str]:
    reader: Any = contract.reader
    return list(reader.csv.columns)


@st.composite
def rows(draw: st.DrawFn) -> tuple[Contract[Any], dict[str, str]]:
    contract = draw(st.sampled_from(CONTRACTS_READ))
    columns = [*columns_of(contract), "other"]
    changes = draw(st.dictionaries(st.sampled_from(columns), CELLS, max_size=4))
    row = GOOD[contract.dataset] | changes
    left_out = draw(st.sets(st.sampled_from(columns), max_size=2))
    order = draw(st.permutations([name for name in row if name not in left_out]))
    return contract, {name: row[name] for name in order}


def check(contract: Contract[Any], row: dict[str, str]) -> None:
    try:
        by_names = contract.reader.from_csv(row)
    except RejectedRowError:
        by_names = None

    assert contract.reader.quick_csv(tuple(row), list(row.values())) == by_names


@pytest.mark.parametrize("contract", CONTRACTS_READ, ids=lambda contract: contract.dataset)
def test_a_row_with_one_odd_cell_is_read_alike_by_positions_and_by_names(
    contract: Contract[Any],
) -> None:
    good = GOOD[contract.dataset]

    check(contract, good)
    for column in [*columns_of(contract), "other"]:
        check(contract, {name: cell for name, cell in good.items() if name != column})
        for cell in ODD_CELLS:
            check(contract, good | {column: cell})


@pytest.mark.parametrize("side", ["", "left", "up"])
@pytest.mark.parametrize("aisle", ["", "1", "0"])
def test_an_object_of_several_cells_is_read_alike_by_positions_and_by_names(
    aisle: str, side: str
) -> None:
    check(goods(), {"name": "nails", "place_side": side, "place_aisle": aisle})


@given(rows())
def test_a_row_with_several_odd_cells_is_read_alike_by_positions_and_by_names(
    given_row: tuple[Contract[Any], dict[str, str]],
) -> None:
    check(*given_row)


def test_each_header_has_a_plan_of_its_own() -> None:
    reader: Any = goods().reader

    for header in (("name", "count"), ("count", "name"), ("name",), ("name", "count")):
        cells = ["7" if name == "count" else "nails" for name in header]
        found = reader.quick_csv(header, cells)
        assert (found.name, found.count) == ("nails", 7 if "count" in header else None)


def test_a_header_of_the_same_names_is_planned_once() -> None:
    reader: Any = goods().reader
    first = reader.csv.quick(("name",), ["a"])
    plans = len(reader.csv._plans)  # noqa: SLF001

    second = reader.csv.quick(tuple(iter(["name"])), ["a"])

    assert first == second
    assert len(reader.csv._plans) == plans  # noqa: SLF001


def test_many_headers_are_forgotten_again() -> None:
    reader: Any = goods().reader

    for number in range(1000):
        assert reader.csv.quick(("name", f"x{number}"), ["a", "b"]) is None

    assert len(reader.csv._plans) <= 64  # noqa: SLF001
