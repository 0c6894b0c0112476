"""Simulate the product at three sizes: which settings carry them, and where the walls stand.

The defaults of the speeds are those that docs/scale.md names; measure your own.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from simulation import report, scenarios
from simulation.announcer import Consumer
from simulation.plan import Records, new_account, walls
from simulation.scenarios import Measured
from simulation.writers import Speed

DOCS = Path(__file__).resolve().parents[1] / "docs" / "scale"
RESULTS = """# What the simulation showed

`make simulate` writes this page; [scale](../scale.md) explains it. The functions' speeds: {speeds}.

{tables}
"""


@click.command(help=__doc__)
@click.option("--us-per-record", default=40.0, help="Time of the processor's core for a record.")
@click.option("--latency-ms", default=7.6, help="Time of a write, there and back.")
@click.option("--connections", default=128, help="Writes in the air, of one function.")
@click.option("--us-per-change", default=25.0, help="Time of a whole core for a change.")
@click.option("--consumer-mb", default=512, help="Memory of the consumer.")
@click.option("--batch-overhead-ms", default=30.0, help="Time of a batch besides its changes.")
@click.option("--kib", default=1, help="Size of an item.")
@click.option("--rejected-share", default=0.01, help="Share of the rows that are rejected.")
@click.option("--seed", default=1)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--write", is_flag=True, help="Write tables and plots to docs/scale as well.")
def simulate(seed: int, *, as_json: bool, write: bool, **values: Any) -> None:
    """Simulate, print tables or JSON, and write tables and plots if they are wanted."""
    measured = _measured(seed, values)
    account = new_account(measured.speed, measured.consumer)
    runs = list(scenarios.many_functions(measured))
    found = {
        "measured": asdict(measured),
        "sizes": list(scenarios.sizes(measured)),
        "walls": [asdict(each) for each in walls(account, measured.records, measured.speed)],
        "functions": [scenarios.summary(*each) for each in runs],
    }
    click.echo(json.dumps(found, indent=1) if as_json else _tables(found))
    if write:
        from simulation.plots import draw  # noqa: PLC0415  # matplotlib is in another environment

        for file in draw(DOCS, measured, runs):
            click.echo(f"wrote {file}", err=True)
        page = RESULTS.format(speeds=report.speeds(values), tables=_tables(found))
        (DOCS / "results.md").write_text(page)


def _measured(seed: int, values: Mapping[str, Any]) -> Measured:
    return Measured(
        speed=Speed(
            us_per_record=values["us_per_record"],
            latency_s=values["latency_ms"] / 1000,
            connections=values["connections"],
        ),
        consumer=Consumer(
            us_per_change=values["us_per_change"],
            memory_mb=values["consumer_mb"],
            overhead_s=values["batch_overhead_ms"] / 1000,
        ),
        records=Records(kib=values["kib"], rejected_share=values["rejected_share"]),
        seed=seed,
    )


def _tables(found: Mapping[str, Any]) -> str:
    parts = (
        ("Settings and the next wall", report.SIZES, report.size_rows(found["sizes"])),
        ("A new account: its walls", report.WALLS, report.wall_rows(found["walls"])),
        ("Functions at once", report.FUNCTIONS, report.function_rows(found["functions"])),
    )
    return "\n\n".join(f"## {title}\n\n{report.table(heads, rows)}" for title, heads, rows in parts)


if __name__ == "__main__":
    sys.exit(simulate())
