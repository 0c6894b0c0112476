"""The product and the size of a file: memory must not grow with it, nor the cost of a record."""

from dataclasses import asdict
from typing import Any

from benchmarks.cases import PRODUCT
from benchmarks.data import file_of
from benchmarks.options import Options
from benchmarks.rounds import Spread
from benchmarks.runner import FOLDER, LIMIT_S, Runner
from benchmarks.tables import megabytes, spread, table

ROWS = (1_000, 10_000, 100_000, 1_000_000)
REFERENCE_ROWS = 100_000
MEGABYTES = (20, 200, 2_000)
FORMS = {"ndjson": MEGABYTES, "json": MEGABYTES[:2], "csv": MEGABYTES[:2]}
_MEASURED_ROWS = 10_000


def run(runner: Runner, options: Options) -> dict[str, Any]:
    """Measure by the number of rows, and the peak memory by the size of the file."""
    return {"byRows": _by_rows(runner, options), "memory": _memory(runner, options)}


def _by_rows(runner: Runner, options: Options) -> dict[str, Any]:
    us_a_record = runner.costs([PRODUCT], "orders", "ndjson")[PRODUCT]
    most = options.rows if options.quick else ROWS[-1]
    counts = [n for n in ROWS if n <= most and n * us_a_record / 1e6 <= _limit_s(options)]
    rounds: list[dict[int, float]] = []
    for _ in range(min(options.rounds, 3)):
        taken = {}
        for count in counts:
            file = file_of(FOLDER / "data", "orders", count, "ndjson")
            taken[count] = runner.run(PRODUCT, file, "orders").us_a_record
        rounds.append(taken)
    reference = REFERENCE_ROWS if REFERENCE_ROWS in counts else counts[-1]
    return {
        str(count): {
            "usARecord": asdict(Spread.of([each[count] for each in rounds])),
            "timesReference": asdict(Spread.of([e[count] / e[reference] for e in rounds])),
        }
        for count in counts
    }


def _memory(runner: Runner, options: Options) -> list[dict[str, Any]]:
    measured = []
    for form, sizes in FORMS.items():
        us_a_record = runner.costs([PRODUCT], "orders", form)[PRODUCT]
        sample = file_of(FOLDER / "data", "orders", _MEASURED_ROWS, form)
        row_bytes = sample.stat().st_size / _MEASURED_ROWS
        for size in sizes[:1] if options.quick else sizes:
            rows = round(size * 1e6 / row_bytes)
            entry: dict[str, Any] = {"form": form, "megabytes": size, "rows": rows}
            if rows * us_a_record / 1e6 <= _limit_s(options):
                file = file_of(FOLDER / "data", "orders", rows, form)
                entry["peakRssBytes"] = runner.run(PRODUCT, file, "orders").peak_rss_bytes
                if size == MEGABYTES[-1]:
                    file.unlink()
            measured.append(entry)
    return measured


def _limit_s(options: Options) -> float:
    return options.turn_s if options.quick else LIMIT_S / 2


def text(result: dict[str, Any]) -> str:
    """Return a table by rows and one by size."""
    by_rows = table(
        ("rows", "µs a record", "times that of 100,000 rows"),
        [
            (f"{int(count):,}", spread(each["usARecord"]), spread(each["timesReference"], 2))
            for count, each in result["byRows"].items()
        ],
    )
    memory = table(
        ("file", "rows", "peak MB"),
        [
            (
                f"{each['megabytes']:,} MB {each['form']}",
                f"{each['rows']:,}",
                megabytes(each["peakRssBytes"]) if "peakRssBytes" in each else "not run: too slow",
            )
            for each in result["memory"]
        ],
    )
    return f"{by_rows}\n\n{memory}"
