"""Play drills on a local cloud of their own; exits with 1 if a target is missed."""

import json
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click

from drill.page import page
from drill.sentence import sentence
from local import command_line
from local.cloud import Cloud
from local.drill import ground
from local.drill.run import play
from local.drill.scenarios import SCENARIOS
from local.drill.verdict import MET
from local.paths import REPOSITORY
from local.progress import Progress
from ops.progress import described, pulse

BUILD = REPOSITORY / "build"
# Asynchronous retries follow at once.
OPTIONS = {"LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.1"}


@click.command(help=__doc__)
@click.option("--seed", default=1, show_default=True, help="Decides files and faults.")
@click.option(
    "--scenario", "names", multiple=True, type=click.Choice([*SCENARIOS]), help="Play only these."
)
@click.option("--keep", is_flag=True, help="Use the drill's cloud if it is up, and leave it up.")
@click.option("--verbose", is_flag=True, help="Show what happens as it happens.")
def command(seed: int, names: Sequence[str], *, keep: bool, verbose: bool) -> int:
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("local.drill").setLevel(logging.INFO if verbose else logging.WARNING)
    progress = Progress()
    state = ground.state_folder(BUILD)
    started = datetime.now(UTC)
    results: list[dict[str, Any]] = []
    if not keep:
        Cloud.remove(state)
    try:
        cloud = Cloud.start(state, options=OPTIONS, progress=progress)
        wanted = names or [*SCENARIOS]
        with (
            ground.on(cloud, seed) as field,
            pulse(lambda elapsed_s: _running(wanted, len(results), elapsed_s)),
        ):
            for result in play(field, wanted):
                results.append(result)
                _write(started, seed, results)
                _show(progress, result)
    finally:
        if not keep:
            Cloud.remove(state)
    return int(any(each["verdict"] != MET for each in results))


def _write(started: datetime, seed: int, results: list[dict[str, Any]]) -> None:
    report = {"started": started.isoformat(timespec="seconds"), "seed": seed, "scenarios": results}
    BUILD.mkdir(exist_ok=True)
    (BUILD / "drill.json").write_text(json.dumps(report, indent=1) + "\n")
    (BUILD / "drill.html").write_text(page(report))


def _show(progress: Progress, result: dict[str, Any]) -> None:
    progress.note(f"          {sentence(result)}")
    for complaint in result["complaints"]:
        progress.note(f"            {complaint}")


def _running(names: Sequence[str], done: int, elapsed_s: float) -> str:
    shown = described(done, len(names), elapsed_s, "scenarios")
    return f"          {names[done] if done < len(names) else 'the end'} … {shown}"


def main(arguments: Sequence[str]) -> int:
    return command_line.run(command, arguments, "run it again to begin anew")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
