"""``ops routes``: which region gets the uploads."""

from collections.abc import Mapping

import click

import naming
from ops import access_point, audit
from ops.access_point import ARN_NOTED, dials_said, is_chosen
from ops.audit import Act
from ops.cli import changing, in_both_regions
from ops.commands.moving import ARN_HELP
from ops.connection import connect
from ops.deployment import Deployment
from ops.errors import FINDING
from ops.output import as_json as json_line
from ops.output import is_confirmed, show_rows
from ops.route_steps import dials
from ops.steps import finish

_UNLESS = "With --set: change nothing if one region already gets all uploads."


@click.command("routes", short_help="Show, or set, which region gets the uploads.")
@click.option("--set", "to", type=click.Choice(naming.REGIONS), help="Send all uploads there.")
@click.option("--unless-chosen", is_flag=True, help=_UNLESS)
@click.option("--reason", default="", help="Why; for the audit record.")
@click.option("--lost-region", type=click.Choice(naming.REGIONS), help="Make no call to it.")
@click.option("--access-point", "arn", default="", help=ARN_HELP)
@changing
@in_both_regions
def command(
    *,
    to: str | None,
    unless_chosen: bool,
    reason: str,
    lost_region: str | None,
    arn: str,
    yes: bool,
    dry_run: bool,
    profile: str | None,
    as_json: bool,
) -> int:
    """Show the dials of the access point: 100 for a region that gets uploads, otherwise 0.

    --set changes the dials and nothing else; to move the uploads properly, use ops failover. Exits
    with 1 unless exactly one region gets uploads. (A new access point sends them to both.)
    """
    through = naming.peer(lost_region) if lost_region else naming.STANDBY
    deployment = Deployment(connect(through, profile), lost_region)
    here = deployment.region(through)
    point = access_point.find(deployment, here, arn)
    found = point.dials()
    if to and not (unless_chosen and is_chosen(found)):
        question = f"the dials are {dials_said(found)}; send all uploads to {to}?"
        if is_confirmed(question, yes=yes, dry_run=dry_run):
            facts = {"to": to, "before": dials_said(found), ARN_NOTED: point.arn}
            with audit.noted(here, Act(action="ROUTES", facts=facts, reason=reason)):
                finish(dials(point, to))
            found = point.dials()
    _show(found, point.arn, as_json=as_json)
    return 0 if is_chosen(found) else FINDING


def _show(found: Mapping[str, int], arn: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json_line({"accessPoint": arn, "dials": found}))
        return
    rows = [(name, str(dial)) for name, dial in sorted(found.items())]
    show_rows(("region", "share of uploads in %"), rows)
