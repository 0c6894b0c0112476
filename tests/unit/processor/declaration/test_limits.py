from collections.abc import Mapping

import pytest
from msgspec.inspect import IntType

from services.processor.runtime.declaration.fields import number
from services.processor.runtime.declaration.limits import number_limits, whole_limits


@pytest.mark.parametrize(
    ("declared", "words", "kept", "broken"),
    [
        (IntType(ge=5), "of at least 5", 5, 4),
        (IntType(gt=5), "above 5", 6, 5),
        (IntType(le=5), "of at most 5", 5, 6),
        (IntType(lt=5), "below 5", 4, 5),
        (IntType(multiple_of=5), "divisible by 5", 10, 12),
    ],
)
def test_a_whole_number_may_reach_its_limit_if_the_words_say_so(
    declared: IntType, words: str, kept: int, broken: int
) -> None:
    [limit] = whole_limits(declared)

    assert (limit.code, limit.words) == ("OUT_OF_RANGE", words)
    assert limit.keeps(kept)
    assert not limit.keeps(broken)


@pytest.mark.parametrize(
    ("declared", "words", "kept", "broken"),
    [
        ({"minimum": 5}, "of at least 5", (5,), (4,)),
        ({"maximum": 5}, "of at most 5", (5,), (6,)),
        ({"minimum": 5, "maximum": 7}, "from 5 to 7", (5, 7), (4, 8)),
    ],
)
def test_a_number_may_reach_its_limits(
    declared: Mapping[str, int], words: str, kept: tuple[int, ...], broken: tuple[int, ...]
) -> None:
    [limit] = number_limits(declared)

    assert (limit.code, limit.words) == ("OUT_OF_RANGE", words)
    assert all(map(limit.keeps, kept))
    assert not any(map(limit.keeps, broken))


def test_the_schema_of_a_number_says_its_limits() -> None:
    declared = number(minimum=1, maximum=9, decimal_places=2).extra_json_schema

    assert declared == {"minimum": 1, "maximum": 9, "multipleOf": 0.01}
    assert not number().extra_json_schema
