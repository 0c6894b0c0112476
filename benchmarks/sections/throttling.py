"""Endpoints that refuse: how much of what they allow arrives, and how many requests are wasted."""

from dataclasses import asdict
from statistics import median
from typing import Any

from benchmarks.cases import BY_NAME, PRODUCT
from benchmarks.data import file_of
from benchmarks.endpoints import ALLOWED_A_SECOND, BROKEN_PERCENT, REFUSED_PERCENT
from benchmarks.errors import BenchmarkError
from benchmarks.job import Measurement
from benchmarks.options import Options
from benchmarks.rounds import Spread
from benchmarks.runner import FOLDER, Runner
from benchmarks.tables import percent, spread, table

CASES = (PRODUCT, "boto3_put_item", "pydynox_put_item", "node_put")
QUICK_CASES = (PRODUCT,)
FORM = "ndjson"
# Eight seconds of what is allowed.
ROWS_AT_LIMIT = 8 * ALLOWED_A_SECOND
ROWS_REFUSED = 100_000
# Some peers pause for half a second after each refusal.
PEERS_ROWS = 100
_KINDS = {
    "at_once": "allows everything",
    "refusing": f"refuses {REFUSED_PERCENT} % at random",
    "limiting": f"allows {ALLOWED_A_SECOND:,} a second",
    "breaking": f"breaks {BROKEN_PERCENT} % of the connections",
}
_ANSWERED = "200"


def run(runner: Runner, options: Options) -> dict[str, Any]:
    """Measure the cases at each endpoint, in turns: what is allowed is of the same round."""
    wanted = options.chosen(QUICK_CASES if options.quick else CASES)
    cases = list(runner.costs(wanted, "orders", FORM))
    outcomes: dict[str, dict[str, list[dict[str, float]]]] = {
        kind: {case: [] for case in cases} for kind in _KINDS
    }
    failures: dict[str, dict[str, str]] = {kind: {} for kind in _KINDS}
    for _ in range(options.rounds):
        for case in cases:
            for kind in _KINDS:
                try:
                    outcome = _once(runner, options, case, kind)
                except BenchmarkError as error:
                    failures[kind][case] = str(error).strip().splitlines()[-1]
                else:
                    outcomes[kind][case].append(outcome)
    return {
        kind: {
            "title": title,
            "cases": {c: _summed_up(c, kind, outcomes) for c in cases if outcomes[kind][c]},
            "failures": failures[kind],
        }
        for kind, title in _KINDS.items()
    }


def _once(runner: Runner, options: Options, case: str, kind: str) -> dict[str, float]:
    if kind == "limiting":
        rows = min(ROWS_AT_LIMIT, options.rows)
    elif case == PRODUCT:
        us_a_record = runner.costs([case], "orders", FORM)[case]
        rows = options.rows_for(case, us_a_record, min(ROWS_REFUSED, options.rows))
    else:
        rows = PEERS_ROWS
    file = file_of(FOLDER / "data", "orders", rows, FORM)
    if kind != "at_once":
        runner.endpoints.answered(kind)
    measured = runner.run(case, file, "orders", kind)
    statuses = {} if kind == "at_once" else runner.endpoints.answered(kind)
    return {
        "recordsASecond": measured.records / _counted_s(measured, kind),
        "usARecord": measured.us_a_record,
        "wasted": _wasted(statuses),
    }


def _counted_s(measured: Measurement, kind: str) -> float:
    """Return the time that counts: a limit by time goes on while other processes have the core."""
    return measured.wall_s - (0.0 if kind == "limiting" else measured.waited_s)


def _wasted(statuses: dict[str, int]) -> float:
    """Return which share of the requests was not answered with success."""
    requests = sum(statuses.values())
    return 1 - statuses.get(_ANSWERED, 0) / requests if requests else 0.0


def _summed_up(
    case: str, kind: str, outcomes: dict[str, dict[str, list[dict[str, float]]]]
) -> dict[str, Any]:
    own, free = outcomes[kind][case], outcomes["at_once"][case]
    shares = [
        each["recordsASecond"] / _allowed(kind, unhindered["recordsASecond"])
        for each, unhindered in zip(own, free, strict=False)
    ]
    return {
        "title": BY_NAME[case].title,
        "recordsASecond": asdict(Spread.of([each["recordsASecond"] for each in own])),
        "usARecord": asdict(Spread.of([each["usARecord"] for each in own])),
        "shareOfAllowed": asdict(Spread.of(shares)) if shares else None,
        "wasted": median(each["wasted"] for each in own),
    }


def _allowed(kind: str, unhindered: float) -> float:
    """Return how many records a second would arrive if a refusal cost no more than a request."""
    if kind == "limiting":
        return min(ALLOWED_A_SECOND, unhindered)
    refused = REFUSED_PERCENT if kind == "refusing" else 0
    return unhindered * (1 - refused / 100)


def text(result: dict[str, Any]) -> str:
    """Return a table for all endpoints."""
    heads = ("endpoint, case", "records/s", "of what is allowed", "requests wasted", "µs a record")
    rows = []
    for kind in result.values():
        for each in kind["cases"].values():
            share = each["shareOfAllowed"]
            rows.append(
                (
                    f"{kind['title']}: {each['title']}",
                    spread(each["recordsASecond"]),
                    percent(share["median"]) if share else "",
                    percent(each["wasted"]),
                    spread(each["usARecord"]),
                )
            )
        rows += [
            (f"{kind['title']}: {BY_NAME[case].title}", "gave up", "", "", "")
            for case in kind["failures"]
            if case not in kind["cases"]
        ]
    return table(heads, rows)
