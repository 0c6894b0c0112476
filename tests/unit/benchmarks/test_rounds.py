from hypothesis import given
from hypothesis import strategies as st

from benchmarks.rounds import Spread, ratio, spread_of, turns

FIGURES = st.lists(st.floats(0.001, 1e6), min_size=1, max_size=9)


def test_a_ratio_is_computed_within_each_round() -> None:
    # The second round was three times slower for everybody, which says nothing about the cases.
    rounds = [{"a": 20.0, "b": 10.0}, {"a": 60.0, "b": 30.0}, {"a": 30.0, "b": 10.0}]

    assert ratio("a", "b", rounds) == Spread(2.0, 2.0, 2.5, 3)
    assert ratio("b", "a", rounds).median == 0.5


def test_a_round_without_one_of_the_two_cases_does_not_count() -> None:
    rounds = [{"a": 20.0, "b": 10.0}, {"a": 99.0}]

    assert ratio("a", "b", rounds) == Spread(2.0, 2.0, 2.0, 1)
    assert spread_of("a", rounds).rounds == 2


def test_a_spread_is_the_median_and_the_middle_half() -> None:
    assert Spread.of([5, 1, 3, 2, 4]) == Spread(3, 2, 4, 5)


@given(FIGURES)
def test_one_very_slow_round_moves_a_median_no_further_than_its_neighbour(
    figures: list[float],
) -> None:
    slower = Spread.of([*figures, 1e9])

    assert min(figures) <= slower.low <= slower.median <= slower.high
    if len(figures) > 1:
        assert slower.median <= max(figures)


@given(st.integers(1, 12), st.integers(1, 7))
def test_every_case_has_one_turn_a_round_and_begins_as_often_as_the_others(
    cases: int, cycles: int
) -> None:
    names = [f"case-{n}" for n in range(cases)]

    orders = turns(names, cycles * cases)

    assert all(sorted(order) == sorted(names) for order in orders)
    assert {[order[0] for order in orders].count(name) for name in names} == {cycles}
