"""``ops reprocess``: process a version of a file again."""

from collections.abc import Mapping

import click

from ops import dead_letters, items
from ops.cli import changing, connected
from ops.connection import connect
from ops.errors import FINDING
from ops.file_history import ledger_entry
from ops.object_versions import ListedVersion, versions_of
from ops.output import as_json as json_line
from ops.output import is_confirmed
from ops.region import Region
from ops.reprocessing import event_of


@click.command("reprocess", short_help="Process a version of a file again.")
@click.argument("key")
@click.option("--version", default="", help="Version of the file; by default the newest.")
@changing
@connected
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    key: str,
    version: str,
    yes: bool,
    dry_run: bool,
    region: str,
    profile: str | None,
    as_json: bool,
) -> None:
    """Process the file KEY again, as if S3 had announced it once more, and wait for the outcome.

    Rows that are stored are not stored again. The processor leaves a COMPLETED file alone unless
    its contract now has a newer version. Exits with 1 if the file is not COMPLETED afterwards.
    """
    here = Region.find(connect(region, profile), region)
    chosen = _chosen(versions_of(here, key), version)
    if chosen is None:
        click.echo(f"the bucket {here.bucket} has no such version of {key}", err=True)
        context.exit(FINDING)
    event = event_of(here, chosen)
    before = _status(here, chosen)
    click.echo(f"{key} version {chosen.version} of {chosen.timestamp} is {before}", err=True)
    if not is_confirmed("process it again?", yes=yes, dry_run=dry_run):
        if dry_run and as_json:
            click.echo(json_line(event))
        return
    error = dead_letters.reprocess(here, event)
    after = _status(here, chosen)
    outcome = {"key": key, "version": chosen.version, "before": before, "after": after}
    _show({**outcome, "error": error or None}, as_json=as_json)
    if after != "COMPLETED":
        context.exit(FINDING)


def _chosen(found: list[ListedVersion], version: str) -> ListedVersion | None:
    files = (each for each in found if not each.is_marker)
    return next((each for each in files if version in ("", each.version)), None)


def _status(region: Region, version: ListedVersion) -> str:
    entry = items.plain(ledger_entry(region, version))
    return str(entry.get("status", "not processed yet"))


def _show(outcome: Mapping[str, object], *, as_json: bool) -> None:
    if as_json:
        click.echo(json_line(outcome))
    else:
        error = f": {outcome['error']}" if outcome["error"] else ""
        click.echo(f"{outcome['key']} version {outcome['version']} is {outcome['after']}{error}")
