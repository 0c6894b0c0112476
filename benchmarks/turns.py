"""Runs cases in turns, round by round, and sums up what they took."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from benchmarks.cases import BY_NAME, PRODUCT
from benchmarks.job import Measurement
from benchmarks.rounds import Round, Spread, ratio, spread_of, turns

Rounds = Sequence[Mapping[str, Measurement]]


def take_turns(
    cases: Sequence[str], rounds: int, run: Callable[[str], Measurement]
) -> list[dict[str, Measurement]]:
    """Run every case once a round, each round beginning with another one."""
    return [{case: run(case) for case in order} for order in turns(cases, rounds)]


def figures(measured: Rounds, figure: Callable[[Measurement], float]) -> list[Round]:
    """Return one figure of each measurement, by case, for each round."""
    return [{case: figure(one) for case, one in each.items()} for each in measured]


def summed_up(measured: Rounds, product: str = PRODUCT) -> dict[str, dict[str, Any]]:
    """Return what each case took, and how many times as much as the product in the same round."""
    cost = figures(measured, lambda one: one.us_a_record)
    speed = figures(measured, lambda one: one.records / one.wall_s)
    return {
        case: {
            "title": BY_NAME[case].title,
            "rows": measured[0][case].records,
            "usARecord": asdict(spread_of(case, cost)),
            "timesTheProduct": asdict(ratio(case, product, cost)),
            "recordsASecond": asdict(spread_of(case, speed)),
            "coreBusy": asdict(Spread.of([min(1.0, each[case].busy) for each in measured])),
            "waitedShare": median(each[case].waited_s / each[case].wall_s for each in measured),
            "serverWaitedShare": median(
                each[case].details["serverWaitedS"] / each[case].wall_s for each in measured
            ),
            "peakRssBytes": max(each[case].peak_rss_bytes for each in measured),
            "details": dict(measured[-1][case].details),
        }
        for case in sorted(measured[0], key=list(BY_NAME).index)
    }
