"""What is said of the moments to which a table can be restored."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ops.backups import Window

MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def window(
    earliest: timedelta | None = 35 * DAYS,
    latest: timedelta | None = 5 * MINUTES,
    expected: timedelta = 35 * DAYS,
) -> Window:
    """Return a window between moments that are so long ago, whenever the test is run."""
    now = datetime.now(UTC)
    begin, end = (None if ago is None else now - ago for ago in (earliest, latest))
    return Window(region="here", earliest=begin, latest=end, expected=now - expected)


def test_the_whole_time_and_until_just_now_is_in_order() -> None:
    assert (window().problem, window().unknown) == ("", "")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"earliest": None, "latest": None}, "point-in-time recovery is off"),
        ({"earliest": 7 * DAYS}, "it should reach back to"),
        ({"earliest": 2 * HOURS, "expected": 5 * HOURS}, "it should reach back to"),
        ({"latest": 1 * HOURS}, "nothing newer than"),
    ],
)
def test_what_is_off_or_short_or_behind_is_a_problem(wrong: dict[str, Any], said: str) -> None:
    found = window(**wrong)

    assert said in found.problem
    assert found.unknown == ""


def test_a_young_table_need_not_reach_back_further_than_it_exists() -> None:
    assert window(earliest=3 * HOURS, expected=3.5 * HOURS).problem == ""


def test_a_platform_that_keeps_no_history_is_unknown_not_in_order() -> None:
    nothing = window(earliest=0 * DAYS, latest=0 * DAYS)

    assert nothing.problem == ""
    assert nothing.unknown
