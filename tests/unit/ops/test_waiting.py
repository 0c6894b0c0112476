import pytest

from ops.waiting import Pace, WaitError, find_within, wait_for


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that only pauses move; each pause is in the list."""
    pauses_s: list[float] = []
    monkeypatch.setattr("time.sleep", pauses_s.append)
    monkeypatch.setattr("time.monotonic", lambda: sum(pauses_s))
    return pauses_s


def test_the_first_true_result_is_returned_without_a_further_pause(clock: list[float]) -> None:
    results = iter([None, "", "there"])

    assert wait_for(lambda: next(results), "it", limit_s=60, poll_s=2) == "there"
    assert clock == [2, 2]


def test_what_is_there_at_once_costs_no_pause(clock: list[float]) -> None:
    assert wait_for(lambda: True, "it", limit_s=0)
    assert clock == []


def test_what_does_not_come_is_named_with_the_time_it_was_waited_for(clock: list[float]) -> None:
    with pytest.raises(WaitError, match=r"^waited 5 s for the other half$"):
        wait_for(lambda: None, lambda: "the other half", limit_s=5, poll_s=2)

    assert clock == [2, 2, 1]


def test_work_that_moves_is_waited_for_beyond_the_limit(clock: list[float]) -> None:
    assert wait_for(
        lambda: sum(clock) >= 100, "it", limit_s=5, poll_s=2, state=lambda: sum(clock) // 4
    )


def test_work_that_stops_moving_is_given_up_after_the_limit(clock: list[float]) -> None:
    with pytest.raises(WaitError):
        wait_for(lambda: None, "it", limit_s=5, poll_s=1, state=lambda: min(sum(clock), 20))

    assert sum(clock) == pytest.approx(25)


def test_what_may_stay_away_is_none_in_the_end(clock: list[float]) -> None:
    assert find_within(lambda: 0, limit_s=3, poll_s=1) is None
    assert find_within(lambda: 7, limit_s=3, poll_s=1) == 7
    assert sum(clock) == 3


def test_calls_begin_at_equal_intervals_at_most(clock: list[float]) -> None:
    pace = Pace(per_second=4)

    for _ in range(5):
        pace.wait()

    assert sum(clock) == 1
