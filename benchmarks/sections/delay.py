"""Answers after 5 ms, as DynamoDB gives them: whether a process still keeps its core busy."""

from typing import Any

from benchmarks.cases import PRODUCT
from benchmarks.data import file_of
from benchmarks.endpoints import DELAY_S
from benchmarks.job import Measurement
from benchmarks.lambda_price import compute_usd
from benchmarks.options import Options
from benchmarks.runner import FOLDER, Runner
from benchmarks.tables import percent, spread, table
from benchmarks.turns import summed_up, take_turns

CASES = (
    *(PRODUCT, "boto3_put_item", "boto3_batch_writer", "pydynox_put_item", "aiodynamo_put_item"),
    *("node_put", "node_batch_write"),
)
# One request after the other, each of which takes the whole delay.
_LONGEST_US = {"boto3_put_item": 1e6 * 1.5 * DELAY_S}
QUICK_CASES = (PRODUCT, "pydynox_put_item")
FORM = "ndjson"


def run(runner: Runner, options: Options) -> dict[str, Any]:
    """Measure the cases with the orders as NDJSON."""
    cases = options.chosen(QUICK_CASES if options.quick else CASES)
    files = {}
    for case, us_a_record in runner.costs(cases, "orders", FORM).items():
        rows = options.rows_for(case, max(us_a_record, _LONGEST_US.get(case, 0)))
        files[case] = file_of(FOLDER / "data", "orders", rows, FORM)

    def turn(case: str) -> Measurement:
        return runner.run(case, files[case], "orders", "delayed")

    return summed_up(take_turns(list(files), options.rounds, turn))


def text(result: dict[str, Any]) -> str:
    """Return the table."""
    heads = (
        *("case", "rows", "µs a record", "records/s", "core busy"),
        *("case, server waited", "USD a million", "times the product's"),
    )
    own = result[PRODUCT]["recordsASecond"]["median"]
    rows = [
        (
            each["title"],
            f"{each['rows']:,}",
            spread(each["usARecord"]),
            spread(each["recordsASecond"]),
            percent(each["coreBusy"]["median"]),
            f"{percent(each['waitedShare'])}, {percent(each['serverWaitedShare'])}",
            f"{compute_usd(1e6 / each['recordsASecond']['median']):.4f}",
            f"{own / each['recordsASecond']['median']:.1f}",
        )
        for each in result.values()
    ]
    title = f"### Orders as NDJSON, answers after {1000 * DELAY_S:.0f} ms"
    return f"{title}\n\n{table(heads, rows)}"
