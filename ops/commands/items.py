"""``ops items``: list files or rows by status, newest first, with the reason."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import click

import naming
from ops.cli import connected
from ops.connection import connect
from ops.errors import UNDETERMINED
from ops.items import plain
from ops.moments import Moment
from ops.output import as_json as json_line
from ops.output import show_rows
from ops.region import Region
from ops.status_index import ACCEPTED, STATUSES, with_status
from services.processor.runtime.keys import StatusIndex

PARTIAL = (
    "statusIndex is exceptions in this stack: accepted rows are not in the index, but for those "
    "stored before"
)
INSTEAD = (
    "ops file KEY --records, for the accepted rows of a file",
    "ops record DATASET KEY, for one record",
    "ops files, for how many were accepted",
)


@click.command("items", short_help="List files or rows by status, newest first, with the reason.")
@click.argument("status", type=click.Choice(STATUSES))
@click.option("--since", type=Moment(), help="Earliest moment, in ISO 8601.")
@click.option("--limit", type=int, default=100, show_default=True, help="Maximum number of items.")
@connected
def command(
    status: str, since: str | None, limit: int, region: str, profile: str | None, *, as_json: bool
) -> int:
    """List the files or rows that have STATUS, newest first, each with its location and reason.

    Files are PROCESSING, SUSPENDED, FAILED, COMPLETED or IGNORED; rows are ACCEPTED, REJECTED or
    CORRECTED: rejected, and accepted since in a corrected form.

    If the stack's statusIndex is "exceptions", accepted rows stored since are not listed. The
    command says so, with --json in a first line of its own, and exits with 2.
    """
    here = _region(connect(region, profile), region, status)
    is_partial = status == ACCEPTED and here.status_index is StatusIndex.EXCEPTIONS
    if is_partial and as_json:
        click.echo(json_line({"statusIndex": here.status_index, "note": PARTIAL, "use": INSTEAD}))
    found = with_status(here, status, since=since or "", newest_first=True)
    items = [plain(item) for item in islice(found, limit)]
    _show(items, as_json=as_json)
    more = ", the newest; raise --limit for more" if len(items) == limit else ""
    click.echo(f"{len(items)} {status} in {region}{more}", err=True)
    if is_partial:
        click.echo(f"{PARTIAL}. Use instead: {'; '.join(INSTEAD)}", err=True)
        return UNDETERMINED
    if status == ACCEPTED:
        click.echo("rows stored while statusIndex was exceptions are not listed", err=True)
    return 0


def _region(session: Any, name: str, status: str) -> Region:
    """Return the region; only accepted rows take permission to read the stack's outputs."""
    if status == ACCEPTED:
        return Region.find(session, name)
    return Region(session, name, {"TableName": naming.TABLE})


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
