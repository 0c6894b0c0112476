"""The generated function writes a standard form as the functions that take any value do."""

import json
from decimal import Decimal
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import Meta

from services.processor.runtime.attributes import attribute_text
from services.processor.runtime.canonical import canonical_form, canonical_json
from services.processor.runtime.declaration import MomentText, Number
from services.processor.runtime.declaration.standard_form import fields_of
from services.processor.runtime.declaration.standard_text import Texts, writer_of
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.item import RecordItem, record_item
from services.processor.runtime.parsing import JsonRow
from tests.unit.processor.declaration.shop import goods
from tests.unit.processor.files import source_file
from tests.unit.processor.values import texts, values

Odd = TypedDict("Odd", {'a "q" {b}\\': str, "é\x00": NotRequired[int]})


class Inner(TypedDict, total=False):
    """Commas: optional members before, between and after the required one."""

    a: str
    b: bool
    c: Annotated[int, Meta(ge=0)]
    x: list[str]
    y: str | None


class Outer(TypedDict):
    first: NotRequired[Literal["x", "y"]]
    flag: bool
    inner: "Middle"
    many: list[Inner]
    more: NotRequired[dict[str, Any]]
    number: Number
    odd: Odd
    when: NotRequired[MomentText]
    z: NotRequired[Literal[1, 2]]


class Middle(TypedDict):
    a: NotRequired[str]
    m: str
    z: NotRequired[Number]


WRITE = writer_of(fields_of(Outer))
NUMBERS = (
    st.integers()
    | st.decimals(allow_nan=True)
    | st.sampled_from(
        [Decimal(20), Decimal("1E+5"), Decimal("-0"), Decimal("1.50"), 10**38, -(10**38), True]
    )
)
ANY = values | NUMBERS | texts | st.sampled_from([None, "\ud800", 0.5, (1, 2), {1: 2}, b"x"])


def objects(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Objects as declared and, now and then, with a value or a name that is not."""
    declared = st.fixed_dictionaries(required, optional=optional)
    names = [*required, *optional, "other", ""]
    odd = st.tuples(declared, st.sampled_from(names), ANY).map(
        lambda each: each[0] | {each[1]: each[2]}
    )
    less = st.tuples(declared, st.sampled_from(names)).map(
        lambda each: {name: value for name, value in each[0].items() if name != each[1]}
    )
    return declared | declared | odd | less


INNER = objects({}, {"a": texts, "b": st.booleans(), "c": NUMBERS, "x": st.lists(texts), "y": ANY})
OUTER = objects(
    {
        "flag": st.booleans(),
        "inner": objects({"m": texts}, {"a": texts, "z": NUMBERS}),
        "many": st.lists(INNER, max_size=2),
        "number": NUMBERS,
        "odd": objects({'a "q" {b}\\': texts}, {"é\x00": NUMBERS}),
    },
    {
        "first": st.sampled_from(["x", "y"]),
        "more": st.dictionaries(texts, ANY, max_size=2),
        "when": texts,
        "z": st.sampled_from([1, 2]),
    },
)


def check(written: Texts | None, data: dict[str, Any]) -> None:
    assert written is not None
    stored, canonical = written
    assert json.loads(stored) == json.loads(attribute_text(data))
    assert canonical == canonical_form(data)


@given(OUTER)
def test_what_it_writes_is_what_the_others_write(data: dict[str, Any]) -> None:
    if (written := WRITE(data)) is not None:
        check(written, data)


@given(NUMBERS)
@example(Decimal(20))
@example(Decimal("1E+5"))
@example(Decimal("-0"))
@example(Decimal("-0.0"))
@example(Decimal("0E-9"))
@example(Decimal("1.50"))
@example(Decimal("1.5E-9"))
@example(Decimal("NaN"))
@example(10**38)
@example(10**38 - 1)
@example(True)  # noqa: FBT003  # no flag, a value
def test_a_number_is_written_in_the_form_that_the_others_write(number: Any) -> None:  # noqa: ANN401
    data = {"m": "x", "z": number}

    if (written := writer_of(fields_of(Middle))(data)) is not None:
        check(written, data)


@given(
    st.fixed_dictionaries(
        {
            "flag": st.booleans(),
            "inner": st.fixed_dictionaries({"m": texts}, optional={"a": texts}),
            "many": st.just([{}, {"b": True, "y": None}]),
            "number": st.integers(-(10**38) + 1, 10**38 - 1) | st.just(Decimal("0.5")),
            "odd": st.fixed_dictionaries(
                {'a "q" {b}\\': texts}, optional={"é\x00": st.integers(0, 9)}
            ),
        },
        optional={"first": st.just("x"), "when": texts, "z": st.just(2)},
    )
)
def test_it_writes_whatever_is_as_declared(data: dict[str, Any]) -> None:
    check(WRITE(data), data)


@pytest.mark.parametrize(
    "character", ["\x00", "\x1f", "\x7f", "\u2028", "\U0001f600", '"', "\\", "/"]
)
def test_a_character_is_escaped_as_msgspec_escapes_it(character: str) -> None:
    written = writer_of(fields_of(Middle))({"m": character})

    assert written is not None
    assert written[1] == canonical_json({"m": character})


def test_all_characters_are_escaped_as_msgspec_escapes_them() -> None:
    every = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    written = writer_of(fields_of(Middle))({"m": every})

    assert written is not None
    assert written[1] == canonical_json({"m": every})


def test_a_form_without_a_required_field_is_left_to_the_others() -> None:
    assert writer_of(fields_of(Inner))({"a": "x"}) is None
    assert writer_of({})({}) is None


@given(st.fixed_dictionaries({"name": ANY}, optional={"count": ANY, "price": ANY, "other": ANY}))
def test_a_record_is_the_same_whether_or_not_it_is_written_by_it(data: dict[str, Any]) -> None:
    class Standard(TypedDict):
        name: str
        count: NotRequired[int]
        price: NotRequired[Number]

    def made(standard_form: type[Any]) -> RecordItem:
        contract = goods(standard_form=standard_form, standardise=lambda _: data)
        return record_item(source_file(), contract, JsonRow(1, b'{"name": "x"}'))

    quick, slow = made(Standard), made(dict)

    assert json.loads(quick.item) == json.loads(slow.item)
    assert quick.rejection == slow.rejection


def test_a_value_that_cannot_be_written_has_its_path_in_the_rejection() -> None:
    data: dict[str, Any] = {"inner": {"m": "x", "z": Decimal("1E+200")}}

    assert WRITE(data) is None
    with pytest.raises(RejectedRowError) as refused:
        attribute_text(data)
    assert refused.value.field == "inner.z"
