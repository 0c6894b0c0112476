"""The local cloud: the product on this machine, in an emulated AWS."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

import naming
from local import command_line, processes, shell
from local.cloud import Cloud
from local.cloud_state import StateFolder
from local.errors import LocalCloudError
from local.paths import DEFAULT_STATE, REPOSITORY

IF_INTERRUPTED = "run it again to go on; make down removes whatever is left"
NOT_RUNNING = 3  # as ``systemctl status`` has it
with_state = click.option(
    "--state", type=click.Path(path_type=Path), default=DEFAULT_STATE, help="The cloud's folder."
)
with_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group(help=__doc__)
def commands() -> None:
    pass


@commands.command()
@with_state
@with_json
@click.option(
    "--assembly", type=click.Path(path_type=Path), help="Deploy this instead of synthesizing."
)
def up(state: Path, assembly: Path | None, *, as_json: bool) -> int:
    """Start the cloud, or deploy the changes."""
    cloud = Cloud.start(state, assembly=assembly)
    _show(_status(cloud), f"{cloud.endpoint} is up; make env points aws at it", as_json=as_json)
    return 0


@commands.command()
@with_state
@with_json
def down(state: Path, *, as_json: bool) -> int:
    """Stop the cloud and delete all its files; fails if anything is left."""
    removed = Cloud.remove(state)
    _show(
        {"stopped": removed.emulator, "functions": removed.functions}, str(removed), as_json=as_json
    )
    for other in sorted(processes.states() - {state.resolve()}):
        if other.is_relative_to(REPOSITORY):
            print(f"another cloud runs: python -m local down --state {other}", file=sys.stderr)
    return 0


@commands.command()
@with_state
@with_json
@click.option(
    "--path",
    envvar="PATH",
    default="",
    help="The PATH of the shell that asks; by default this one.",
)
def env(state: Path, path: str, *, as_json: bool) -> int:
    """Print the variables that point aws and boto3 at the cloud, and nothing at AWS."""
    cloud = Cloud.find(state)
    if cloud is None:
        raise LocalCloudError("the local cloud isn't running: make up")
    folder = StateFolder(cloud.state_dir)
    variables = {**cloud.variables(), "PATH": shell.search_path(folder, path)}
    _show(variables, "\n".join(shell.lines(variables, os.environ)), as_json=as_json)
    if warning := shell.warning(folder, path):
        print(f"# this shell refuses to run aws: {warning}", file=sys.stderr)
    return 0


@commands.command()
@with_state
@with_json
def status(state: Path, *, as_json: bool) -> int:
    """Print where the cloud runs, and its stacks.

    Exits with 3 if it isn't running.
    """
    cloud = Cloud.find(state)
    if cloud is None:
        _show({"running": False}, "not running", as_json=as_json)
        return NOT_RUNNING
    stacks = [f"  {region} {name} {status}" for region, name, status in _stacks(cloud)]
    text = "\n".join([f"running at {cloud.endpoint}", *stacks])
    _show(_status(cloud), text, as_json=as_json)
    return 0


def _status(cloud: Cloud) -> dict[str, object]:
    return {"running": True, "endpoint": cloud.endpoint, "stacks": _stacks(cloud)}


def _stacks(cloud: Cloud) -> list[tuple[str, str, str]]:
    return [
        (region, stack["StackName"], stack["StackStatus"])
        for region in naming.REGIONS
        for stack in cloud.stacks(region)
    ]


def _show(value: object, text: str, *, as_json: bool) -> None:
    print(json.dumps(value, indent=2) if as_json else text)


def main(arguments: Sequence[str]) -> int:
    return command_line.run(commands, arguments, IF_INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
