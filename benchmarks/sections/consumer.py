"""What a change costs the stream consumer, beside the plain way to announce it."""

from typing import Any

from benchmarks.cases import CONSUMER, CONSUMERS
from benchmarks.data import file_of
from benchmarks.job import Measurement
from benchmarks.options import Options
from benchmarks.runner import FOLDER, Runner
from benchmarks.tables import spread, table
from benchmarks.turns import summed_up, take_turns

# Ten changes a call; all of them are in memory before the clock starts.
ROWS = 20_000
FORM = "ndjson"


def run(runner: Runner, options: Options) -> dict[str, Any]:
    """Measure both with the changes that storing the orders makes."""
    names = [case.name for case in CONSUMERS]
    files = {}
    for case, us_a_record in runner.costs(names, "orders", FORM, CONSUMER.name).items():
        rows = options.rows_for(case, us_a_record, min(ROWS, options.rows))
        files[case] = file_of(FOLDER / "data", "orders", rows, FORM)

    def turn(case: str) -> Measurement:
        return runner.run(case, files[case], "orders")

    return summed_up(take_turns(list(files), options.rounds, turn), CONSUMER.name)


def text(result: dict[str, Any]) -> str:
    """Return the table."""
    heads = ("case", "changes", "µs a change", "changes/s of a core", "times the product's cost")
    rows = [
        (
            each["title"],
            f"{each['rows']:,}",
            spread(each["usARecord"]),
            f"{1e6 / each['usARecord']['median']:,.0f}",
            spread(each["timesTheProduct"], 1) if case != CONSUMER.name else "1",
        )
        for case, each in result.items()
    ]
    return table(heads, rows)
