"""Push commits through the synthesized pipeline on this machine, and show what happens."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from local import command_line
from local.paths import REPOSITORY
from local.progress import Progress
from local.rehearsal import scenario_runner
from local.rehearsal.approval_action import Decide, ask_on_terminal
from local.rehearsal.rehearsal import Rehearsal
from local.rehearsal.scenarios import FIRST, SCENARIOS
from local.rehearsal.terminal_output import Console

BUILD = REPOSITORY / "build"
PATH = click.Path(path_type=Path)


@click.command(help=__doc__)
@click.option("--scenario", type=click.Choice([*SCENARIOS, scenario_runner.ALL]), default=FIRST)
@click.option("--approve", is_flag=True, help="Approve the first deployment without asking.")
@click.option("--reject", is_flag=True, help="Reject the first deployment without asking.")
@click.option("--keep", is_flag=True, help="Leave the cloud running.")
@click.option("--state", type=PATH, default=BUILD / "rehearsal", help="The working folder.")
@click.option("--summary", type=PATH, default=BUILD / "rehearsal.json", help="Results file.")
def rehearse(
    scenario: str, state: Path, summary: Path, *, approve: bool, reject: bool, keep: bool
) -> int:
    """Run scenarios; return 1 if a promise was broken."""
    if approve and reject:
        raise click.UsageError("--approve and --reject exclude each other")
    decide: Decide = ask_on_terminal
    if approve or reject or scenario != FIRST:
        decide = _always(approved=not reject or scenario != FIRST)
    console = Console()
    rehearsal = Rehearsal.start(state, decide, console)
    try:
        results = scenario_runner.run(rehearsal, scenario_runner.select(scenario), console)
    finally:
        _leave(rehearsal, console, keep=keep)
    scenario_runner.write_results(summary, results)
    console.note(f"{summary} has the details, {state / 'logs'} all output")
    broken = [each.cause for each in results if each.broken]
    for cause in broken:
        console.note(f"error: {cause}")
    return int(bool(broken))


def _always(*, approved: bool) -> Decide:
    return lambda _: approved


def _leave(rehearsal: Rehearsal, console: Console, *, keep: bool) -> None:
    progress = Progress()
    if not keep:
        with progress.step("stopped the cloud, and removed the folders of the builds"):
            rehearsal.stop()
        return
    with progress.step("removed the folders of the builds"):
        rehearsal.release()
    state = rehearsal.cloud.state_dir
    console.note(f'\nthe cloud is still up: eval "$(python -m local env --state {state})"')
    console.note(f"stop it: python -m local down --state {state}")


def main(arguments: Sequence[str]) -> int:
    return command_line.run(rehearse, arguments, "run it again to begin anew")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
