"""``python -m benchmarks``: measures the product beside its peers and writes the report."""

import sys
from pathlib import Path

import click

from benchmarks import report
from benchmarks.errors import BenchmarkError
from benchmarks.options import Options
from benchmarks.report import SECTIONS
from benchmarks.runner import REPOSITORY, started
from ops.waiting import WaitError

RESULT = REPOSITORY / "build" / "bench.json"
PAGES = REPOSITORY / "docs" / "benchmarks"
QUICK_PAGES = REPOSITORY / "build" / "bench" / "quick"
QUICK_ROUNDS, QUICK_ROWS, QUICK_TURN_S = 2, 5_000, 2.0


@click.command(help=__doc__)
@click.option("--rounds", type=int, default=5, help="How often each case runs; at least five.")
@click.option("--rows", type=int, default=100_000, help="Rows of the files.")
@click.option("--cases", default="", help="Peers beside the product, with blanks between them.")
@click.option("--sections", default="", help=f"Parts to measure: {', '.join(SECTIONS)}.")
@click.option("--quick", is_flag=True, help="Two minutes; the report stays in build/bench/quick.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write the page.")
def main(
    *, rounds: int, rows: int, cases: str, sections: str, quick: bool, out: Path | None
) -> None:
    if quick:
        options = Options(
            rounds=min(rounds, QUICK_ROUNDS),
            rows=min(rows, QUICK_ROWS),
            cases=cases.split(),
            turn_s=QUICK_TURN_S,
            quick=True,
        )
    else:
        options = Options(rounds=rounds, rows=rows, cases=cases.split())
    chosen = sections.split() or list(SECTIONS)
    with started() as runner:
        result = report.measured(runner, options, chosen, say=click.echo)
    report.write(result, RESULT)
    pages = out or (QUICK_PAGES if quick or sections or cases else PAGES)
    report.write_page(result, pages)
    click.echo(f"{RESULT.relative_to(REPOSITORY)}, {pages}/README.md")
    if result["refused"]:
        raise BenchmarkError("; ".join(result["refused"].values()))


if __name__ == "__main__":
    try:
        main.main(standalone_mode=False)
    except (BenchmarkError, WaitError) as error:
        sys.exit(f"error: {error}")
    except click.ClickException as error:
        sys.exit(f"error: {error.format_message()}")
    except click.Abort:
        sys.exit(130)
