"""JSON: the quick way and the exact way read alike, and what the quick way cannot see."""

import json
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import Struct, structs

from services.processor.runtime.contracts.orders import CONTRACT as ORDERS
from services.processor.runtime.declaration import Contract, Moment
from services.processor.runtime.errors import RejectedRowError
from tests.unit.processor.declaration.shop import Goods, StandardGoods, goods, refusal
from tests.unit.processor.files import order_json

GOODS = goods()
MOMENTS = st.sampled_from(
    ["2026-01-31T12:00:00Z", "2026-01-31 12:00:00.5+02:00", "2026-01-31T12:00:00", "x", 5]
)
NUMBERS = st.sampled_from(
    [0, 1, -1, 2.0, 2.5, 9.99, 9.999, 1e3, 1e400, "9.95", "1e3", "NaN", "1_0", " 2 ", True, None]
)
TEXTS = st.sampled_from(["nails", "", 'a ":b"', '":', "é\n", "x" * 21, 7, None])
LINE = st.fixed_dictionaries({}, optional={"sku": TEXTS, "price": NUMBERS})
PLACE = st.fixed_dictionaries(
    {}, optional={"aisle": NUMBERS, "side": st.sampled_from(["left", "up", None]), "x": TEXTS}
)
ROWS = st.fixed_dictionaries(
    {"name": TEXTS},
    optional={
        "count": NUMBERS,
        "price": NUMBERS,
        "is_new": st.sampled_from([True, False, "true", 1, None]),
        "made_at": MOMENTS,
        "made_on": st.sampled_from(["2026-01-31", "2026-02-31", "31.01.2026"]),
        "prices": st.none() | st.lists(NUMBERS, max_size=2),
        "place": st.none() | PLACE,
        "lines": st.none() | st.lists(LINE, max_size=2),
        "unknown": TEXTS,
    },
)


def exact(raw: bytes) -> Goods | tuple[str, str | None]:
    try:
        return GOODS.reader.from_json(raw)
    except RejectedRowError as error:
        return error.code, error.field


@given(row=ROWS, indent=st.none() | st.just(1), colon=st.sampled_from([":", " : ", "\t: "]))
@example(row={"name": "nails", "price": 9.999}, indent=None, colon=":")
@example(row={"name": "nails", "price": "1_0"}, indent=None, colon=":")
def test_a_row_that_the_quick_way_accepts_is_read_alike_by_the_exact_way(
    row: dict[str, Any], indent: int | None, colon: str
) -> None:
    raw = json.dumps(row, indent=indent, separators=(",", colon)).replace("Infinity", "1e400")

    quick = GOODS.reader.quick(raw.encode())

    assert quick is None or quick == exact(raw.encode())


def test_ordinary_rows_are_read_in_the_quick_way() -> None:
    for indent in (None, 2):
        raw = json.dumps(json.loads(order_json()), indent=indent).encode()
        assert ORDERS.reader.quick(raw) is not None
    spaced = json.dumps({"name": "nails", "place": {"aisle": 3}}, separators=(", ", " : "))
    assert GOODS.reader.quick(spaced.encode()) is not None


@pytest.mark.parametrize(
    ("decimals", "kept"),
    [
        ("", 0),
        (".1", 100_000),
        (".123999", 123_999),
        (".9999999", 999_999),
        (".999999999999999999999", 999_999),
        (".00000049", 0),
        (".\\u0039999999", 999_999),
        ("\\u002e9999999", 999_999),
    ],
)
def test_decimals_of_a_moment_are_cut_however_many_there_are(decimals: str, kept: int) -> None:
    raw = f'{{"name": "nails", "made_at": "2026-12-31T23:59:59{decimals}Z"}}'.encode()

    assert GOODS.from_json(raw)["made_at"] == datetime(2026, 12, 31, 23, 59, 59, kept, UTC)


def test_a_text_that_looks_like_a_moment_is_left_as_it_is() -> None:
    note = "at 2026-12-31T23:59:59.999999999Z"

    assert ORDERS.from_json(order_json(note=note))["note"] == note


@pytest.mark.parametrize(
    ("number", "read"), [("2.0", 2), ("2e0", 2), ("20e-1", 2), ("-0.0", 0), ("1" * 38, 10**38 // 9)]
)
def test_a_number_without_decimals_is_whole_however_it_is_written(number: str, read: int) -> None:
    value = GOODS.from_json(f'{{"name": "nails", "count": {number}}}'.encode())["count"]

    assert (value, type(value)) == (read, int)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("2.5", "WRONG_TYPE"),
        ("1e-999999999", "WRONG_TYPE"),
        ("true", "WRONG_TYPE"),
        ('"2"', "WRONG_TYPE"),
        ("1e38", "NUMBER_OUT_OF_RANGE"),
        ("1e999999999", "NUMBER_OUT_OF_RANGE"),
    ],
)
def test_other_numbers_are_not_whole(number: str, code: str) -> None:
    raw = f'{{"name": "nails", "count": {number}}}'.encode()

    assert refusal(lambda: GOODS.from_json(raw))[:2] == (code, "count")


@pytest.mark.parametrize("text", ["9.95", " 9.95 ", "+9.95", "9.950"])
def test_a_number_may_be_a_text_which_keeps_it_exact(text: str) -> None:
    raw = json.dumps({"name": "nails", "price": text}).encode()

    assert GOODS.from_json(raw)["price"] == Decimal("9.95")


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (b'{"name": "a", "name": "a"}', "name"),
        (b'{"name": "a", "name" : "b"}', "name"),
        (b'{"name": "a", "n\\u0061me": "b"}', "name"),
        (b'{"name": "\\":", "name": "b"}', "name"),
        (b'{"name": "a", "count" \n: 1, "count":2}', "count"),
        (b'{"name" : "a", "count" : 1, "count":2}', "count"),
        (b'{"name": "a", "count": null, "count": 2}', "count"),
        (b'{"name": "a", "place": {"aisle": 1, "aisle": 2}}', "place.aisle"),
        (b'{"name": "a", "place": {"aisle": 1}, "place": null}', "place"),
        (b'{"name": "a", "lines": [{"sku": "x"}, {"sku": "x", "sku": "y"}]}', "lines[1].sku"),
        (b'{"name": "a", "lines": [{"sku": "x", "y": {"z": 1, "z": 2}}]}', "lines[0].y.z"),
    ],
)
def test_a_name_twice_is_refused_wherever_it_is(raw: bytes, field: str) -> None:
    assert refusal(lambda: GOODS.from_json(raw))[:2] == ("DUPLICATE_FIELD", field)


@given(st.data())
def test_a_name_twice_is_found_in_any_row_in_any_layout(data: st.DataObject) -> None:
    row = {"name": "a", "count": 1, "is_new": True, "place": {"aisle": 1, "side": "left"}}
    names = data.draw(st.lists(st.sampled_from(list(row)), min_size=1, max_size=6))
    blanks = st.text(" \t\r\n", max_size=2)
    members = [
        f'"{name}"{data.draw(blanks)}:{data.draw(blanks)}{json.dumps(row[name])}{data.draw(blanks)}'
        for name in ["name", *names]
    ]
    raw = f"{{{','.join(members)}}}".encode()

    if len({"name", *names}) < len(members):
        assert refusal(lambda: GOODS.from_json(raw))[0] == "DUPLICATE_FIELD"
    else:
        assert GOODS.from_json(raw)["name"] == "a"


@pytest.mark.parametrize("levels", [1, 100, 300, 500, 900, 995, 1_000, 3_000, 100_000])
def test_a_row_is_refused_however_deep_it_is_nested(levels: int) -> None:
    for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
        raw = b'{"name": "nails", "x": %s1%s}' % (opening * levels, closing * levels)

        assert refusal(lambda: GOODS.from_json(raw))[0] in {"UNKNOWN_FIELD", "NESTED_TOO_DEEP"}  # noqa: B023


def test_a_number_of_a_million_digits_is_refused_soon() -> None:
    digits = "1" * 1_000_000

    for column in ("count", "price"):
        with pytest.raises(RejectedRowError):
            GOODS.from_csv({"name": "nails", column: f"{digits}.{digits}"})
        with pytest.raises(RejectedRowError):
            GOODS.from_json(f'{{"name": "nails", "{column}": {digits}}}'.encode())
        with pytest.raises(RejectedRowError):
            GOODS.from_json(f'{{"name": "nails", "{column}": 0.{digits}}}'.encode())


def test_a_name_that_is_there_twice_is_found_in_linear_time() -> None:
    def cpu_s(names: int) -> float:
        members = [f'"{name}": 1' for name in (*range(names), names - 1)]
        raw = f"{{{', '.join(members)}}}".encode()
        start = time.process_time()
        assert refusal(lambda: GOODS.from_json(raw))[:2] == ("DUPLICATE_FIELD", str(names - 1))
        return time.process_time() - start

    assert cpu_s(8_000) < 10 * max(cpu_s(2_000), 0.01)


class Seen(Struct, forbid_unknown_fields=True):
    seen: list[Moment]


def test_a_moment_in_a_list_is_cut_to_microseconds_and_not_rounded() -> None:
    contract = Contract(
        dataset="goods",
        version=1,
        description="Goods.",
        row=Seen,
        standard_form=StandardGoods,
        standardise=structs.asdict,
    )

    data = contract.from_json(b'{"seen": ["2026-01-31T23:59:59.9999999Z"]}')

    assert data == {"seen": [datetime(2026, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC)]}


@given(st.permutations([str(number) for number in range(20)]))
def test_of_several_names_twice_the_first_is_named(names: list[str]) -> None:
    # Whoever sends the row again, or replays it, reads the same reason: it is stored.
    members = ", ".join(f'"{name}": 1' for name in (*names, *names))

    found = refusal(lambda: GOODS.from_json(f"{{{members}}}".encode()))

    assert found[:2] == ("DUPLICATE_FIELD", names[0])
