"""``ops status``: what is going on in both regions, and whether somebody has to act."""

from pathlib import Path

import click

import naming
from ops.connection import open_session
from ops.console.feed import Feed
from ops.console.page import page
from ops.output import as_json as json_line
from ops.status.lines import exit_code
from ops.status.screen import screen
from ops.status.survey import Survey

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("status", short_help="Show both regions on one screen, with a verdict.")
@click.option(
    "--lost-region", type=click.Choice(naming.REGIONS), help="Do not ask this region at all."
)
@click.option(
    "--marker",
    is_flag=True,
    help="Measure replication: write a marker in each region, read it in the other.",
)
@click.option("--html", type=FILE, help="Also write a page with the status and the newest files.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--profile", help="AWS profile to use.")
def command(
    lost_region: str | None,
    html: Path | None,
    profile: str | None,
    *,
    marker: bool,
    as_json: bool,
) -> int:
    """Show what is going on in both regions: one line per question, and a verdict.

    A line is ok, needs attention, or is unknown, with the reason and the next command to run.
    Nothing is changed, except by --marker. A region that does not answer does not delay the other.
    Exits with 0 if all is ok, 1 if anything needs attention, 2 if nothing does but something is
    unknown.
    """
    survey = Survey(open_session(naming.PRIMARY, profile), lost=lost_region or "")
    if html:
        snapshot = Feed(survey).take(marker=marker)
        html.write_text(page(snapshot, live=False), encoding="utf-8")
        found = snapshot.status
    else:
        found = survey.look(marker=marker)
    for identity in found.identities.values():
        click.echo(identity, err=True)
    click.echo(json_line(found.plain()) if as_json else screen(found))
    return exit_code(found.verdict)
