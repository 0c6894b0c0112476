"""``ops drill``: prove on a real deployment that the traffic can be moved and nothing gets lost."""

import json
from pathlib import Path
from typing import Any

import click

import naming
from drill.page import page
from ops import drilling, failover
from ops.cli import changing, in_both_regions
from ops.connection import connect
from ops.deployment import Deployment
from ops.drilling import Drill
from ops.errors import FINDING, RefusedError
from ops.failover import Move
from ops.output import is_confirmed


@click.command("drill", short_help="Practise a failover and a failback, and compare every row.")
@click.option(
    "--account", required=True, help="The account's id, so that nobody drills by mistake."
)
@click.option("--seed", default=1, show_default=True, help="Makes other files.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("drill"),
    show_default=True,
    help="Where drill.json and drill.html go.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Begin although files came in within the last hour. Needs --reason.",
)
@click.option("--reason", default="", help="Why; for the audit record.")
@changing
@in_both_regions
def command(
    *,
    account: str,
    seed: int,
    out: Path,
    force: bool,
    reason: str,
    yes: bool,
    dry_run: bool,
    profile: str | None,
    as_json: bool,
) -> int:
    """Make a planned failover and a failback while files below drill/ are put, and compare.

    No region is cut off. The files and their records stay. If it is interrupted, ops failback
    brings the uploads back. Exits with 1 if anything is missing or took too long, 3 if it refuses.
    """
    if force and not reason.strip():
        raise RefusedError("--force needs a --reason")
    deployment = Deployment(connect(naming.STANDBY, profile))
    for line in drilling.check(deployment, account, force=force):
        click.echo(line, err=True)
    if dry_run:
        _foresee(deployment)
    question = f"move all uploads of account {account} to {naming.STANDBY} and back?"
    if not is_confirmed(question, yes=yes, dry_run=dry_run):
        return 0
    drill = Drill(deployment=deployment, reason=reason or "drill", seed=seed, tell=_tell)
    return _show(drill.play(), out, as_json=as_json)


def _show(report: dict[str, Any], out: Path, *, as_json: bool) -> int:
    """Write the report and its page, print the verdict, and return the exit code."""
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, indent=1)
    (out / "drill.json").write_text(f"{text}\n")
    (out / "drill.html").write_text(page(report))
    [scenario] = report["scenarios"]
    click.echo(text if as_json else f"{scenario['verdict']}; see {out / 'drill.html'}")
    for complaint in scenario["complaints"]:
        click.echo(complaint, err=True)
    return FINDING if scenario["complaints"] else 0


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _foresee(deployment: Deployment) -> None:
    move = Move(action="FAILOVER", to=naming.STANDBY, deployment=deployment)
    for result in failover.look(move):
        click.echo(f"{result.step.name:14} {result.step.wanted}: {result.seen}", err=True)
