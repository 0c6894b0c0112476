"""``ops preflight``: whether the account is ready for this commit's first deployment, or a next."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

import naming
from ops.connection import anonymous_client, open_session
from ops.errors import RefusedError
from ops.preflight import plan as planning
from ops.preflight.look import Look
from ops.preflight.remains import LEFTOVER
from ops.preflight.survey import Findings, Survey
from ops.status.lines import Line, as_plain, exit_code
from ops.status.screen import sectioned
from policies.command_line import Undetermined
from policies.templates import assembly as assemblies


@click.command("preflight", short_help="Check whether the account is ready for a deployment.")
@click.option(
    "--assembly", type=click.Path(path_type=Path), default=Path("cdk.out"), show_default=True
)
@click.option("--profile", help="AWS profile of the pipeline's account.")
@click.option("--standby-profile", help="AWS profile of the standby's account, if it has its own.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    assembly: Path, profile: str | None, standby_profile: str | None, *, as_json: bool
) -> int:
    """Check whether the account is ready for a deployment, and clean after an earlier try.

    Only reads. A line is ok, needs attention, or is unknown, with the reason and the commands to
    run, which are never run by this one. Exits with 0 if all is ready, 1 if anything needs
    attention, 2 if nothing does but something is unknown.
    """
    try:
        plan = planning.of(assemblies.read(assembly).stacks)
    except Undetermined as error:
        raise RefusedError(str(error)) from error
    profiles: dict[str, str | None] = {plan.account: profile}
    if standby_profile:
        profiles = {plan.standby_account: standby_profile, **profiles}
    sessions = {account: open_session(naming.PRIMARY, name) for account, name in profiles.items()}
    look = Look(sessions, {account: name for account, name in profiles.items() if name})
    found = Survey(plan, look, anonymous_client("s3", naming.PRIMARY)).look()
    click.echo(json.dumps(_plain(found), indent=2) if as_json else _screen(found))
    return exit_code(found.verdict)


def _plain(found: Findings) -> dict[str, Any]:
    return {
        "verdict": found.verdict.value,
        "lines": [as_plain(line) for line in found.lines],
    }


def _screen(found: Findings) -> str:
    """Return a section for each region, and one of what is to be removed, in that order."""
    sections: dict[str, list[Line]] = {}
    for line in found.lines:
        if line.about == LEFTOVER:
            shown = replace(line, about=line.region.partition(" ")[0])
            sections.setdefault("left by an earlier try", []).append(shown)
        else:
            sections.setdefault(line.region or "accounts", []).append(line)
    return sectioned(list(sections.items()))
