from collections.abc import Callable
from decimal import Decimal

import pytest

from datasets.compatibility.variants import variants


@pytest.mark.parametrize(
    ("schema", "accepts", "narrower"),
    [
        ({"multipleOf": 0.0001}, lambda n: n % Decimal("0.0001") == 0, lambda n: n % 1 == 0),
        (
            {"multipleOf": 0.0001, "minimum": 3},
            lambda n: n >= 3 and n % Decimal("0.0001") == 0,
            lambda n: n >= 3 and n % Decimal("0.01") == 0,
        ),
        ({"multipleOf": 5}, lambda n: n % 5 == 0, lambda n: n % 35 == 0),
        ({"exclusiveMaximum": 70}, lambda n: n < 70, lambda n: n < 69),
        ({"exclusiveMinimum": 70}, lambda n: n > 70, lambda n: n > 71),
        ({"maximum": 70}, lambda n: n <= 70, lambda n: n < 70),
    ],
)
def test_of_two_limits_one_value_tells_the_narrower_from_the_wider(
    schema: dict[str, object],
    accepts: Callable[[Decimal], bool],
    narrower: Callable[[Decimal], bool],
) -> None:
    of_schema = [each for each in variants({**schema, "type": "number"}, 7) if "its" in each[0]]

    values = [Decimal(str(value)) for _, value in of_schema]

    assert any(accepts(value) and not narrower(value) for value in values)
    assert any(not accepts(value) for value in values)
