"""The arithmetic of rounds: medians and spreads of ratios between cases that ran side by side.

On a shared machine a figure of one minute says little about the next one. Cases therefore take
turns, and whatever compares two of them is computed within one round.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Self

Round = Mapping[str, float]
"""One figure for each case that ran in a round."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several figures, and the range of the middle half of them."""

    median: float
    low: float
    high: float
    rounds: int

    @classmethod
    def of(cls, figures: Sequence[float]) -> Self:
        """Return the spread of at least one figure."""
        if len(figures) == 1:
            return cls(figures[0], figures[0], figures[0], 1)
        low, _, high = quantiles(figures, n=4, method="inclusive")
        return cls(median(figures), low, high, len(figures))


def spread_of(case: str, rounds: Sequence[Round]) -> Spread:
    """Return the spread of a case's figures in the rounds in which it ran."""
    return Spread.of([each[case] for each in rounds if case in each])


def ratio(case: str, to: str, rounds: Sequence[Round]) -> Spread:
    """Return how many times the figure of ``to`` the one of ``case`` is, within each round."""
    return Spread.of([each[case] / each[to] for each in rounds if case in each and to in each])


def turns(cases: Sequence[str], rounds: int) -> list[list[str]]:
    """Return the order of the cases in each round; every round begins with another one."""
    starts = [number % len(cases) for number in range(rounds)]
    return [[*cases[start:], *cases[:start]] for start in starts]
