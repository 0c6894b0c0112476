"""What a run that resumes pays for the rows that are stored already."""

from typing import Any

from benchmarks.cases import PRODUCT, RESUME
from benchmarks.data import file_of
from benchmarks.options import Options
from benchmarks.runner import FOLDER, Runner
from benchmarks.tables import table

ROWS = 1_000_000
FORMS = ("ndjson", "json", "csv")


def run(runner: Runner, options: Options) -> dict[str, Any]:
    """Measure the product in each form, with as large a file as there is time for."""
    measured = {}
    for form in FORMS:
        us_a_record = runner.costs([PRODUCT], "orders", form)[PRODUCT]
        rows = options.rows_for(PRODUCT, us_a_record, options.rows if options.quick else ROWS)
        file = file_of(FOLDER / "data", "orders", rows, form)
        one = runner.run(RESUME.name, file, "orders")
        file_bytes = file.stat().st_size
        stored_bytes = file_bytes * one.records / rows
        past_s = max(0.0, one.details["resumeS"] - one.details["sForRowsLeft"])
        measured[form] = {
            "bytes": file_bytes,
            "rowsStored": one.records,
            **one.details,
            "sAGigabyte": past_s / stored_bytes * 1e9,
        }
    return measured


def text(result: dict[str, Any]) -> str:
    """Return the table."""
    heads = (
        *("file", "rows stored", "rows left", "CPU of the run that resumes, s"),
        "CPU for a GB that is stored, s",
    )
    rows = [
        (
            f"{each['bytes'] / 1e6:,.0f} MB {form}",
            f"{each['rowsStored']:,}",
            f"{each['rowsLeft']:,.0f}",
            f"{each['resumeS']:.3f}",
            f"{each['sAGigabyte']:.2f}",
        )
        for form, each in result.items()
    ]
    return table(heads, rows)
