"""What is said of the moments to which a table can be restored."""

from datetime import UTC, datetime, timedelta

import pytest

from ops.backups import Window

NOW = datetime.now(UTC)
MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def window(
    earliest: datetime | None = NOW - 35 * DAYS,
    latest: datetime | None = NOW - 5 * MINUTES,
    expected: datetime = NOW - 35 * DAYS,
) -> Window:
    return Window(region="here", earliest=earliest, latest=latest, expected=expected)


def test_the_whole_time_and_until_just_now_is_in_order() -> None:
    assert (window().problem, window().unknown) == ("", "")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (window(None, None), "point-in-time recovery is off"),
        (window(earliest=NOW - 7 * DAYS), "it should reach back to"),
        (window(earliest=NOW - 2 * HOURS, expected=NOW - 5 * HOURS), "it should reach back to"),
        (window(latest=NOW - 1 * HOURS), "nothing newer than"),
    ],
)
def test_what_is_off_or_short_or_behind_is_a_problem(wrong: Window, said: str) -> None:
    assert said in wrong.problem
    assert wrong.unknown == ""


def test_a_young_table_need_not_reach_back_further_than_it_exists() -> None:
    assert window(earliest=NOW - 3 * HOURS, expected=NOW - 3.5 * HOURS).problem == ""


def test_a_platform_that_keeps_no_history_is_unknown_not_in_order() -> None:
    nothing = window(earliest=NOW, latest=NOW)

    assert nothing.problem == ""
    assert nothing.unknown
