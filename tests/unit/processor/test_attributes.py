import json
from datetime import UTC, datetime
from decimal import Decimal
from itertools import repeat
from typing import cast

import pytest
from boto3.dynamodb.types import TypeDeserializer
from hypothesis import given

from services.processor.runtime.attributes import Attribute, Plain, attribute_text
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.stored_numbers import normal
from tests.unit.processor.values import decimals, values


def attribute(value: Plain) -> Attribute:
    return cast("Attribute", json.loads(attribute_text(value)))


def nested(levels: int) -> Plain:
    value: Plain = "core"
    for _ in repeat(None, levels):
        value = {"a": value}
    return value


def refusal(value: Plain) -> tuple[str, str | None]:
    with pytest.raises(RejectedRowError) as refused:
        attribute(value)
    return refused.value.code, refused.value.field


@given(values)
def test_boto3_reads_back_every_value_exactly(value: Plain) -> None:
    assert TypeDeserializer().deserialize(attribute(value)) == value


def test_each_type_has_its_own_attribute() -> None:
    value: Plain = {"s": "x", "i": 1, "d": Decimal("1.5"), "b": True, "n": None, "l": [1, "x"]}

    assert attribute(value) == {
        "M": {
            "s": {"S": "x"},
            "i": {"N": "1"},
            "d": {"N": "1.5"},
            "b": {"BOOL": True},
            "n": {"NULL": True},
            "l": {"L": [{"N": "1"}, {"S": "x"}]},
        }
    }


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("1.10"), "1.1"),
        (Decimal("1E+2"), "100"),
        (Decimal("-0.0"), "0"),
        (Decimal("1E-7"), "0.0000001"),
        (10**38 - 1, "9" * 38),
        (10**50, "1E+50"),
        (Decimal("9.9E+125"), "9.9E+125"),
        (Decimal("1E-130"), "1E-130"),
    ],
)
def test_a_number_is_written_out_unless_that_takes_over_38_digits(
    number: int | Decimal, text: str
) -> None:
    assert attribute(number) == {"N": text}


@pytest.mark.parametrize(
    "number",
    [
        10**38 + 1,
        Decimal("0." + "1" * 39),
        Decimal("1E+126"),
        Decimal("-1E+126"),
        Decimal("9E-131"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("-Infinity"),
    ],
)
def test_a_number_that_dynamodb_cannot_hold_is_rejected_with_its_path(
    number: int | Decimal,
) -> None:
    assert refusal({"a": [0, {"b": number}]}) == ("NUMBER_OUT_OF_RANGE", "a[1].b")


@pytest.mark.parametrize(
    "number", [10**38, Decimal("9.9E+125"), Decimal("-1E-130"), Decimal("1." + "1" * 37)]
)
def test_a_number_at_the_limits_is_kept(number: int | Decimal) -> None:
    assert TypeDeserializer().deserialize(attribute(number)) == number


def test_thirty_levels_are_stored_and_one_more_is_refused() -> None:
    assert TypeDeserializer().deserialize(attribute(nested(30))) == nested(30)
    assert refusal(nested(31)) == ("NESTED_TOO_DEEP", ".".join("a" * 30))
    assert refusal([nested(30)]) == ("NESTED_TOO_DEEP", "[0]." + ".".join("a" * 29))


def test_a_field_without_a_name_is_refused() -> None:
    assert refusal({"a": {"": 1}}) == ("EMPTY_FIELD_NAME", "a")


def test_a_name_of_over_64_kilobytes_is_refused() -> None:
    assert attribute({"ü" * 32_767: 1})
    assert refusal({"ü" * 32_768: 1}) == ("FIELD_NAME_TOO_LONG", None)


@pytest.mark.parametrize("value", [0.1, {1}, b"x", datetime(2026, 1, 1, tzinfo=UTC), {1: "x"}])
def test_a_value_that_only_a_faulty_contract_makes_is_refused_with_its_path(value: object) -> None:
    code, field = refusal(cast("Plain", {"a": [value]}))

    assert (code, field) == ("CONTRACT_ERROR", "a[0]")


@given(decimals)
def test_the_normal_form_is_the_same_number_and_does_not_change_again(number: Decimal) -> None:
    once = normal(number)

    assert once == number
    assert str(normal(Decimal(once))) == str(once)


@pytest.mark.parametrize("text", ["1E+126", "NaN", "-Infinity", "1E-131"])
def test_the_normal_form_leaves_alone_what_cannot_be_stored(text: str) -> None:
    assert str(normal(Decimal(text))) == text
