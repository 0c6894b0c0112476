"""What a record costs each case, from the bytes of the file to the acknowledged write."""

from typing import Any, NamedTuple

from benchmarks.agreement import DIFFERENT_BY_NATURE
from benchmarks.cases import BY_NAME, CASES, PRODUCT, REFERENCE
from benchmarks.data import file_of
from benchmarks.job import Measurement
from benchmarks.lambda_price import compute_usd
from benchmarks.options import Options
from benchmarks.runner import FOLDER, Runner
from benchmarks.tables import megabytes, spread, table
from benchmarks.turns import summed_up, take_turns

# A row of the wide set is as long as seven orders.
WIDE_ONE_IN = 5
_SOME = (PRODUCT, REFERENCE.name, "boto3_batch_writer", "pydynox_put_item", "node_batch_write")
_ALL = (PRODUCT, REFERENCE.name, *(case.name for case in CASES[1:]))


class File(NamedTuple):
    """A set in a form, and the cases that are measured with it; a large row counts for several."""

    set_name: str
    form: str
    cases: tuple[str, ...]
    one_in: int = 1


FILES = (
    File("orders", "ndjson", _ALL),
    File("orders", "json", _ALL),
    File("orders", "csv", _ALL),
    File("bad", "ndjson", _SOME),
    File("wide", "ndjson", _SOME, WIDE_ONE_IN),
)
QUICK_FILES = (
    File("orders", "ndjson", _SOME),
    File("orders", "csv", (PRODUCT, "boto3_batch_writer", "awswrangler_put_csv")),
)
_TITLES = {
    "orders": "Orders",
    "bad": "Orders, one row of twenty bad",
    "wide": "Rows of 60 fields, 2 KB",
}
_FORMS = {"ndjson": "NDJSON", "json": "a JSON array", "csv": "CSV"}


def run(runner: Runner, options: Options) -> list[dict[str, Any]]:
    """Measure every case with every file it is meant for."""
    files = QUICK_FILES if options.quick else FILES
    return [_measured(runner, options, file) for file in files]


def _measured(runner: Runner, options: Options, file: File) -> dict[str, Any]:
    set_name, form, names, one_in = file
    wanted = options.chosen([name for name in names if form in BY_NAME[name].forms])
    files = {}
    for case, us_a_record in runner.costs(wanted, set_name, form).items():
        count = options.rows_for(case, us_a_record, options.rows // one_in)
        files[case] = file_of(FOLDER / "data", set_name, count, form)

    def turn(case: str) -> Measurement:
        return runner.run(case, files[case], set_name)

    measured = take_turns(list(files), options.rounds, turn)
    return {"set": set_name, "form": form, "cases": summed_up(measured)}


def text(result: list[dict[str, Any]]) -> str:
    """Return a table for each file."""
    return "\n\n".join(map(_text, result))


def _text(file: dict[str, Any]) -> str:
    heads = (
        *("case", "rows", "µs a record", "records/s of a core", "times the product's cost"),
        *("USD a million", "peak MB"),
    )
    rows = [
        (
            each["title"] + (" *" if case in DIFFERENT_BY_NATURE else ""),
            f"{each['rows']:,}",
            spread(each["usARecord"]),
            f"{1e6 / each['usARecord']['median']:,.0f}",
            spread(each["timesTheProduct"], 1) if case != PRODUCT else "1",
            f"{compute_usd(each['usARecord']['median']):.4f}",
            megabytes(each["peakRssBytes"]),
        )
        for case, each in file["cases"].items()
    ]
    title = f"### {_TITLES[file['set']]} as {_FORMS[file['form']]}"
    notes = [f"\\* {DIFFERENT_BY_NATURE[c]}." for c in file["cases"] if c in DIFFERENT_BY_NATURE]
    return "\n\n".join([title, table(heads, rows), *notes])
