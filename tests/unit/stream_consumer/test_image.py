import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.stream_consumer.runtime.image import Json, number, plain, plain_image

# The range of a DynamoDB number: 38 digits, 1E-130 to 9.99E+125.
DYNAMODB_NUMBERS = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(min_value=-(10**38) + 1, max_value=10**38 - 1),
    st.integers(min_value=-130, max_value=87),
)


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("42", "42"),
        ("-17", "-17"),
        ("1E+3", "1000"),
        ("19.90", "19.9"),
        ("0.1", "0.1"),
        ("999999999999999", "999999999999999"),
        ("1000000000000000", '"1000000000000000"'),
        ("1234567890.12345", "1234567890.12345"),
        ("1234567890.123456", '"1234567890.123456"'),
        ("9007199254740993", '"9007199254740993"'),
        ("1E+20", '"100000000000000000000"'),
        ("1.5E-100", "1.5e-100"),
        ("12345678901234567890123456789012345678", '"12345678901234567890123456789012345678"'),
    ],
)
def test_a_number_that_a_double_would_change_is_written_as_text(stored: str, written: str) -> None:
    assert json.dumps(number(stored)) == written


@given(DYNAMODB_NUMBERS)
def test_a_reader_with_doubles_sees_exactly_the_number_that_is_stored(stored: Decimal) -> None:
    read = json.loads(json.dumps(number(str(stored))), parse_int=float)

    assert Decimal(str(read)) == stored


@given(DYNAMODB_NUMBERS, st.integers(min_value=0, max_value=5))
def test_equal_numbers_are_written_alike_whatever_their_zeros(stored: Decimal, zeros: int) -> None:
    sign, digits, exponent = stored.as_tuple()
    assert isinstance(exponent, int)
    padded = Decimal((sign, digits + (0,) * zeros, exponent - zeros))

    assert json.dumps(number(str(padded))) == json.dumps(number(str(stored)))


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "1" * 39, "one", ""])
def test_a_number_that_dynamodb_would_not_store_is_refused(literal: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        number(literal)


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ({"S": ""}, ""),
        ({"BOOL": False}, False),
        ({"NULL": True}, None),
        ({"B": "AAE="}, "AAE="),
        ({"SS": ["b", "a"]}, ["a", "b"]),
        ({"BS": ["Ag==", "AQ=="]}, ["AQ==", "Ag=="]),
        ({"NS": ["10", "9", "1.5"]}, [1.5, 9, 10]),
        ({"L": [{"N": "1"}, {"M": {"a": {"L": []}}}]}, [1, {"a": []}]),
        ({"M": {}}, {}),
    ],
)
def test_each_kind_of_value_has_one_plain_form(stored: dict[str, object], expected: Json) -> None:
    assert plain(stored) == expected


def test_only_the_attributes_that_replication_adds_are_left_out() -> None:
    image = {
        "aws:rep:updateregion": {"S": "us-west-2"},
        "aws:rep:deleting": {"BOOL": False},
        "aws:else": {"S": "kept"},
        "data": {"M": {"aws:rep:in": {"S": "kept"}}},
    }

    assert plain_image(image) == {"aws:else": "kept", "data": {"aws:rep:in": "kept"}}
