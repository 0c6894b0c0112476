"""``ops record``: a record by its key, where it came from, and the events that announce it."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

import naming
from ops.cli import connected
from ops.connection import connect
from ops.errors import FINDING
from ops.items import plain
from ops.output import as_json as json_line
from ops.records import check_key, event_id_of, items_of
from ops.region import Region


@click.command("record", short_help="Show a record by its key, and where it came from.")
@click.argument("dataset")
@click.argument("key", nargs=-1, required=True)
@connected
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    dataset: str,
    key: Sequence[str],
    region: str,
    profile: str | None,
    as_json: bool,
) -> None:
    """Show the record of DATASET with KEY (its parts, if the contract's key has several).

    If the contract declares a time, a record has one item per time, the newest contents first. Each
    item says which row of which file brought it. Both regions are compared. Exits with 1 if there
    is no such record, or if the regions differ.
    """
    check_key(dataset, key)
    session = connect(region, profile)
    outputs = {"TableName": naming.TABLE}
    here, there = (Region(session, name, outputs) for name in (region, naming.peer(region)))
    found = items_of(here, dataset, key)
    agrees = items_of(there, dataset, key) == found
    if as_json:
        shown = [{**plain(item), "eventId": event_id_of(here, item)} for item in found]
        click.echo(json_line({"items": shown, "sameInBothRegions": agrees}))
    else:
        for number, item in enumerate(found):
            click.echo("\n".join(_lines(plain(item), event_id_of(here, item), number=number)))
    if not found:
        click.echo(f"{region} has no record {' '.join(key)} in the dataset {dataset}", err=True)
    if not agrees:
        click.echo(f"{there.name} has other contents: replication lags, try again", err=True)
    if not found or not agrees:
        context.exit(FINDING)


def _lines(item: Mapping[str, Any], event_id: str, *, number: int) -> list[str]:
    source = item["source"]
    place = f"{source['bucket']}/{source['key']} version {source['version']}"
    newest = "current" if number == 0 else "older contents, at another moment"
    return [
        f"{item['recordId']} at {item['timestamp']}: {item['status']}, {newest}",
        f"  from   s3://{place} row {source['row']}, contract version {item['contractVersion']}",
        *([f"  corrects {source['corrects']}"] if "corrects" in source else ()),
        f"  event  {event_id}",
        f"  data   {json_line(item.get('data'))}",
    ]
