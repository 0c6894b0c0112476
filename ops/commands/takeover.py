"""``ops takeover``: let a region announce the other one's changes, or stop it."""

from typing import Literal

import click

import naming
from ops import audit, takeover
from ops.audit import Act
from ops.cli import changing, in_both_regions
from ops.connection import connect
from ops.moments import Moment
from ops.output import as_json as json_line
from ops.output import is_confirmed
from ops.region import Region
from ops.steps import Outcome, finish
from ops.takeover import announce_own_only, announce_peer


@click.command("takeover", short_help="Let a region announce the other one's changes, too.")
@click.argument("switch", type=click.Choice(("on", "off")))
@click.option(
    "--region",
    required=True,
    type=click.Choice(naming.REGIONS),
    help="The region that announces; no call is made to the other one.",
)
@click.option("--since", type=Moment(), help="Announce changes since then; an hour ago by default.")
@click.option("--reason", default="", help="Why; for the audit record.")
@changing
@in_both_regions
def command(
    *,
    switch: Literal["on", "off"],
    region: str,
    since: str | None,
    reason: str,
    yes: bool,
    dry_run: bool,
    profile: str | None,
    as_json: bool,
) -> None:
    """Let the region announce changes that were first written in the other one, or stop it.

    Use it while the other region is lost. Listeners recognise repeated events by their id. Switch
    it off when the other region announces again: a global table's stream should have one reader.
    Safe to run again. Exits with 1 if the switch takes more than five minutes.
    """
    here = Region.find(connect(region, profile), region)
    step = announce_peer(here, since or "") if switch == "on" else announce_own_only(here)
    sight = step.look()
    click.echo(f"{step.wanted}; now: {sight.seen}", err=True)
    outcome = Outcome.FOUND if sight.done else Outcome.OPEN
    if not sight.done and is_confirmed(f"switch it {switch}?", yes=yes, dry_run=dry_run):
        facts = {"to": switch, "since": since or ""}
        with audit.noted(here, Act(action="TAKEOVER", facts=facts, reason=reason)):
            outcome = finish(step).outcome
    found = takeover.state_of(here)
    facts = {"region": region, "outcome": str(outcome), "state": found.said, "since": found.since}
    click.echo(json_line(facts) if as_json else f"takeover in {region}: {found.said}")
