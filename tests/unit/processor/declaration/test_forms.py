"""A producer's form: texts have one meaning in it, or are refused with what is wanted."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.processor.runtime.declaration import Contract, FileForm
from services.processor.runtime.declaration.numbers import exact_number, read_number, write_number
from services.processor.runtime.stored_numbers import normal
from tests.unit.processor.declaration.shop import Goods, goods, refusal

GERMAN = FileForm(
    decimal_comma=True,
    null_texts=("-", "n/a"),
    moment_forms=("%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S.%f", "%d.%m.%Y"),
    zone="Europe/Berlin",
)


def cell(column: str, text: str, form: FileForm | None = None) -> Any:  # noqa: ANN401  # of any kind
    return goods(form).from_csv({"name": "nails", column: text}).get(column)


def cell_refusal(column: str, text: str, form: FileForm | None = None) -> tuple[str, str]:
    code, _, message = refusal(lambda: cell(column, text, form))
    return code, message


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,50", "1.5"),
        ("234,50", "234.5"),
        ("0,5", "0.5"),
        ("+7", "7"),
        ("500", "500"),
        ("1.000", "1000"),
    ],
)
def test_a_decimal_comma_is_read_where_it_is_declared(text: str, number: str) -> None:
    assert str(cell("price", text, GERMAN)) == number
    row = json.dumps({"name": "nails", "price": text}).encode()
    assert str(goods(GERMAN).from_json(row)["price"]) == number


@pytest.mark.parametrize("text", ["1.50", "1.5", "12.34,5", "1,5,0", "1,000.50", ",5", "1e2"])
def test_with_a_decimal_comma_any_other_number_is_refused(text: str) -> None:
    code, message = cell_refusal("price", text, GERMAN)

    assert code == "BAD_FORMAT"
    assert message.startswith(f'price is "{text}"; expected a number with a decimal comma')
    assert message.endswith('for example "9,95"')


@pytest.mark.parametrize("text", ["1,50", "1.234,50", "1,234.50", ".5", "1e2", "٢", "1_0", "5 €"])
def test_without_a_declaration_a_number_has_a_point_and_nothing_else(text: str) -> None:
    code, message = cell_refusal("price", text)

    assert code == "BAD_FORMAT"
    assert message.startswith(f'price is "{text}"; expected a number with a decimal point')
    assert message.endswith('for example "9.95"')


@given(st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=4), st.booleans())
@example(number=10**20 + 1, decimal_comma=True)
def test_a_number_that_is_written_in_a_form_is_read_back(
    number: int | Decimal,
    decimal_comma: bool,  # noqa: FBT001  # drawn
) -> None:
    text = write_number(number, decimal_comma=decimal_comma)

    assert read_number(text, decimal_comma=decimal_comma) == number


@given(st.from_regex(r"[+-]?[0-9]{1,45}(\.[0-9]{1,45})?([eE][+-]?[0-9]{1,3})?", fullmatch=True))
def test_a_number_is_read_in_the_form_it_is_stored_in(text: str) -> None:
    number = exact_number(text)

    assert str(number) == str(normal(Decimal(text)))
    assert type(number) is type(normal(Decimal(text)))


@pytest.mark.parametrize(("text", "whole"), [("2", 2), ("2.0", 2), ("+2.00", 2), ("-0.0", 0)])
def test_a_cell_without_decimals_is_a_whole_number(text: str, whole: int) -> None:
    assert (cell("count", text), type(cell("count", text))) == (whole, int)


@pytest.mark.parametrize("text", ["2.5", "two", "2,0", "٢", "1e3", "0x10"])
def test_a_cell_with_anything_else_is_no_whole_number(text: str) -> None:
    wanted = f'count is "{text}"; expected a whole number'

    assert cell_refusal("count", text) == ("WRONG_TYPE", wanted)


@pytest.mark.parametrize(("text", "truth"), [("true", True), ("FALSE", False)])
def test_a_cell_is_true_or_false_in_any_case(text: str, truth: bool) -> None:  # noqa: FBT001
    assert cell("is_new", text) is truth


@pytest.mark.parametrize("text", ["yes", "1", "wahr"])
def test_other_texts_are_neither_true_nor_false(text: str) -> None:
    message = f'is_new is "{text}"; expected true or false'

    assert cell_refusal("is_new", text) == ("WRONG_TYPE", message)


@pytest.mark.parametrize("text", ["", "  ", "-", " n/a "])
def test_an_empty_cell_or_a_text_for_null_is_an_absent_value(text: str) -> None:
    assert cell("price", text, GERMAN) is None


def test_a_required_cell_with_a_text_for_null_is_missing() -> None:
    code, _, message = refusal(lambda: goods(GERMAN).from_csv({"name": "n/a"}))

    assert code == "MISSING_FIELD"
    assert message.startswith("name is missing or empty; expected a text")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("31.01.2026 12:00", datetime(2026, 1, 31, 11, tzinfo=UTC)),
        ("31.07.2026 12:00", datetime(2026, 7, 31, 10, tzinfo=UTC)),
        ("31.01.2026 12:00:59.9999999", datetime(2026, 1, 31, 11, 0, 59, 999_999, UTC)),
        ("31.01.2026", datetime(2026, 1, 30, 23, tzinfo=UTC)),
        ("2026-01-31T12:00:00+03:00", datetime(2026, 1, 31, 9, tzinfo=UTC)),
        ("2026-01-31T12:00:00", datetime(2026, 1, 31, 11, tzinfo=UTC)),
        ("2026-01-31T12:00:00.999999999", datetime(2026, 1, 31, 11, 0, 0, 999_999, UTC)),
        # Both times of the hour that occurs twice, told apart by their offsets.
        ("2026-10-25T02:30:00+02:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T02:30:00+01:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_moments_are_read_in_the_declared_forms_and_zone(text: str, moment: datetime) -> None:
    row = json.dumps({"name": "nails", "made_at": text}).encode()

    assert cell("made_at", text, GERMAN) == moment
    assert goods(GERMAN).from_json(row)["made_at"] == moment


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("25.10.2026 02:30", "a local time that occurs twice in Europe/Berlin"),
        ("2026-10-25T02:30:00", "a local time that occurs twice in Europe/Berlin"),
        ("29.03.2026 02:30", "a local time that does not occur in Europe/Berlin"),
        ("31/01/2026", 'expected a moment such as "31.01.2026 23:59"'),
        ("31.02.2026 12:00", 'expected a moment such as "31.01.2026 23:59"'),
    ],
)
def test_a_moment_with_two_meanings_or_none_is_refused(text: str, why: str) -> None:
    code, message = cell_refusal("made_at", text, GERMAN)

    assert code == "BAD_FORMAT"
    assert message.startswith(f'made_at is "{text}"')
    assert why in message


@pytest.mark.parametrize(
    ("zone", "text", "times"),
    [
        ("Europe/London", "2026-10-25T01:30:00", "occurs twice"),
        ("Europe/London", "2026-03-29T01:30:00", "does not occur"),
        ("Atlantic/Azores", "2026-10-25T00:30:00", "occurs twice"),
        ("Africa/Casablanca", "2026-02-15T02:30:00", "occurs twice"),
        ("Pacific/Apia", "2011-12-30T12:00:00", "does not occur"),
    ],
)
def test_clocks_that_change_from_or_to_the_time_of_utc_are_no_exception(
    zone: str, text: str, times: str
) -> None:
    code, message = cell_refusal("made_at", text, FileForm(zone=zone))

    assert code == "BAD_FORMAT"
    assert f"{times} in {zone}" in message


def test_a_moment_without_offset_is_refused_where_no_zone_is_declared() -> None:
    code, message = cell_refusal("made_at", "2026-01-31T12:00:00")

    assert code == "BAD_FORMAT"
    assert message == (
        'made_at is "2026-01-31T12:00:00", which has no offset from UTC; '
        'expected a moment such as "2026-01-31T23:59:59Z"'
    )


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:00:00-05:00"])
def test_a_moment_outside_the_years_of_utc_is_refused(text: str) -> None:
    assert cell_refusal("made_at", text)[0] == "OUT_OF_RANGE"


@pytest.mark.parametrize("text", ["2026-01-31", "31.01.2026"])
def test_a_date_is_read_in_iso_8601_and_in_the_declared_forms(text: str) -> None:
    assert cell("made_on", text, GERMAN) == date(2026, 1, 31)


def test_a_date_in_a_form_that_is_not_declared_is_refused() -> None:
    message = 'made_on is "31.01.2026"; expected a date such as "2026-01-31"'

    assert cell_refusal("made_on", "31.01.2026") == ("BAD_FORMAT", message)


def test_a_date_is_shown_in_a_form_without_a_time_if_there_is_one() -> None:
    form = FileForm(moment_forms=("%d.%m.%Y %H:%M", "%d.%m.%Y"))
    message = 'made_on is "2026/01/31"; expected a date such as "31.01.2026"'

    assert cell_refusal("made_on", "2026/01/31", form) == ("BAD_FORMAT", message)


@pytest.mark.parametrize("text", ["2026-11-31T08:00:00+01:00", "2026-01-31T24:01:00Z"])
def test_a_moment_that_only_looks_like_one_is_said_to_be_no_valid_day_and_time(text: str) -> None:
    _, message = cell_refusal("made_at", text)

    assert f'made_at is "{text}", which is not a valid day and time; expected' in message


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ({}, None),
        ({"place_aisle": "", "place_side": " "}, None),
        ({"place_aisle": "3"}, (3, None)),
        ({"place_aisle": "3", "place_side": "left"}, (3, "left")),
    ],
)
def test_an_object_in_a_row_is_a_column_for_each_of_its_fields(
    cells: dict[str, str], place: tuple[int, str | None] | None
) -> None:
    found: Any = goods().from_csv({"name": "nails", **cells}).get("place")

    assert (found and (found.aisle, found.side)) == place


def test_an_object_that_is_begun_must_be_complete() -> None:
    code, field, message = refusal(
        lambda: goods().from_csv({"name": "nails", "place_side": "left"})
    )

    assert (code, field) == ("MISSING_FIELD", "place.aisle")
    assert message.startswith("place_aisle is missing or empty; expected a whole number")


def test_a_list_is_one_cell_whose_elements_are_read_like_cells() -> None:
    assert cell("prices", "1,5|2,00", GERMAN) == [Decimal("1.5"), 2]
    assert cell_refusal("prices", "1|x")[1].startswith('prices[1] is "x"; expected a number')


def test_a_list_of_objects_has_no_column() -> None:
    contract: Contract[Goods] = goods()

    assert refusal(lambda: contract.from_csv({"name": "x", "lines": "y"}))[0] == "UNKNOWN_FIELD"
