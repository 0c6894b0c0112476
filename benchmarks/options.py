"""What a run of the benchmarks measures, and how long it may take."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.cases import BY_NAME, CASES
from benchmarks.errors import BenchmarkError

_STEPS = (1, 2, 5)
_FEWEST = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """How many rounds and rows; ``cases`` are the peers beside the product, all if empty.

    A quick run is for the developer of the moment: its figures are too few to be published.
    """

    rounds: int = 5
    rows: int = 100_000
    quick: bool = False
    cases: Sequence[str] = ()
    # The longest that one run of a case should take.
    turn_s: float = 25.0

    def __post_init__(self) -> None:
        unknown = sorted({*self.cases} - {*BY_NAME})
        if unknown:
            known = ", ".join(BY_NAME)
            raise BenchmarkError(f"unknown cases: {', '.join(unknown)}; there are {known}")

    def chosen(self, names: Sequence[str]) -> list[str]:
        """Return those of the cases that this run is to measure; the product always is."""
        wanted = {*self.cases, CASES[0].name} if self.cases else {*BY_NAME}
        return [name for name in names if name in wanted]

    def rows_for(self, case: str, us_a_record: float, rows: int = 0) -> int:
        """Return how many of ``rows`` a case gets, one of 1, 2 or 5 and some zeros."""
        most = min((rows or self.rows) / BY_NAME[case].one_in, 1e6 * self.turn_s / us_a_record)
        return max(_FEWEST, round_down(most))


def round_down(most: float) -> int:
    """Return the greatest of 1, 2, 5, 10, 20, 50 … that is no more than ``most``, or 1."""
    steps = (step * 10**power for power in range(9) for step in _STEPS)
    return max((step for step in steps if step <= most), default=1)
