import json
from decimal import Decimal

import pytest
from hypothesis import given

from services.processor.runtime.attributes import Attribute, Plain, attribute_text
from services.processor.runtime.canonical import canonical_json
from services.processor.runtime.item_size import item_bytes, value_bytes
from services.processor.runtime.stored_numbers import number_text
from tests.unit.processor.values import decimals, integers, objects


@pytest.mark.parametrize(
    ("encoded", "size_bytes"),
    [
        ({"S": ""}, 0),
        ({"S": "büro"}, 5),
        ({"BOOL": False}, 1),
        ({"NULL": True}, 1),
        ({"N": "0"}, 1),
        ({"N": "7"}, 2),
        ({"N": "1000"}, 2),
        ({"N": "1.2"}, 3),
        ({"N": "120"}, 3),
        ({"N": "1200"}, 2),
        ({"N": "100.5"}, 4),
        ({"N": "0.012"}, 3),
        ({"N": "0.0012"}, 2),
        ({"N": "-123"}, 4),
        ({"N": "1E+50"}, 2),
        ({"N": "1.2E+50"}, 3),
        ({"N": "1.2E-129"}, 2),
        ({"N": "9" * 38}, 20),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"NULL": True}]}, 3 + 1 + 2 + 1 + 1),
        ({"M": {}}, 3),
        ({"M": {"ab": {"S": "c"}}}, 3 + 1 + 2 + 1),
    ],
)
def test_a_value_is_as_large_as_dynamodb_says(encoded: Attribute, size_bytes: int) -> None:
    assert value_bytes(encoded) == size_bytes


@given(integers | decimals)
def test_a_number_is_as_large_as_its_digits_in_base_100(number: int | Decimal) -> None:
    text = number_text(number)
    whole, _, fraction = f"{Decimal(text).copy_abs():f}".partition(".")
    digits = "0" * (len(whole) % 2) + whole + fraction + "0" * (len(fraction) % 2)
    base_100 = bytes(int(digits[at : at + 2]) for at in range(0, len(digits), 2)).strip(b"\0")

    assert value_bytes({"N": text}) == len(base_100) + 1 + text.startswith("-")


def test_an_item_is_its_names_and_values() -> None:
    assert item_bytes({"id": {"S": "x"}, "größe": {"N": "10"}}) == 2 + 1 + 7 + 2


@given(objects)
def test_a_value_never_takes_more_than_twice_its_canonical_json(data: dict[str, Plain]) -> None:
    assert value_bytes(json.loads(attribute_text(data))) <= 2 * len(canonical_json(data))
