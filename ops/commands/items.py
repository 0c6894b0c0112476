"""``ops items``: list files or rows by status, newest first, with the reason."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import click

import naming
from ops.cli import connected
from ops.connection import connect
from ops.items import plain
from ops.moments import Moment
from ops.output import as_json as json_line
from ops.output import show_rows
from ops.region import Region
from ops.status_index import STATUSES, with_status


@click.command("items", short_help="List files or rows by status, newest first, with the reason.")
@click.argument("status", type=click.Choice(STATUSES))
@click.option("--since", type=Moment(), help="Earliest moment, in ISO 8601.")
@click.option("--limit", type=int, default=100, show_default=True, help="Maximum number of items.")
@connected
def command(
    status: str, since: str | None, limit: int, region: str, profile: str | None, *, as_json: bool
) -> None:
    """List the files or rows that have STATUS, newest first, each with its location and reason.

    Files are PROCESSING, SUSPENDED, FAILED, COMPLETED or IGNORED; rows are ACCEPTED, REJECTED or
    CORRECTED: rejected, and accepted since in a corrected form.
    """
    # Only the table's name is needed, so the caller needs no permission to read stacks.
    here = Region(connect(region, profile), region, {"TableName": naming.TABLE})
    found = with_status(here, status, since=since or "", newest_first=True)
    items = [plain(item) for item in islice(found, limit)]
    _show(items, as_json=as_json)
    more = ", the newest; raise --limit for more" if len(items) == limit else ""
    click.echo(f"{len(items)} {status} in {region}{more}", err=True)


def _show(items: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    if as_json:
        for item in items:
            click.echo(json_line(item))
    elif items:
        show_rows(("time", "id", "where", "why"), [_cells(item) for item in items])


def _cells(item: Mapping[str, Any]) -> tuple[str, ...]:
    source = item["source"]
    row = f" row {source['row']}" if "row" in source else ""
    reason = item.get("failure") or item.get("error") or {}
    names = ["code", "field", "message"]
    if str(reason.get("message", "")).startswith(str(reason.get("field", ""))):
        names.remove("field")
    why = " ".join(str(reason[name]) for name in names if name in reason)
    place = f"{source['bucket']}/{source['key']}{row} version {source['version']}"
    return item["timestamp"], item["recordId"], place, why
