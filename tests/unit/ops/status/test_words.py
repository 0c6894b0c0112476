import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.status.words import ago, several, span
from tests.unit.ops.status.seen import AT


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (2.44, "2.4 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (3600, "1 h"),
        (12_000, "3 h 20 min"),
        (86_400, "1 day"),
        (200_000, "2 days"),
    ],
)
def test_a_span_is_said_in_its_largest_units(seconds: float, words: str) -> None:
    assert span(seconds) == words


@given(st.floats(min_value=0, max_value=1e9))
def test_every_span_has_words(seconds: float) -> None:
    assert span(seconds)[0].isdigit()


def test_a_moment_in_the_future_is_not_a_negative_age() -> None:
    assert ago("2026-11-26T12:00:05.000Z", AT) == "0.0 s ago"


def test_a_count_that_reached_what_was_asked_for_is_a_lower_bound() -> None:
    assert several(3, 20, "running") == "3 running"
    assert several(20, 20, "running") == "20 or more running"
