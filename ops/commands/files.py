"""``ops files``: the history of loads, the newest first, with counts."""

from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from itertools import islice
from typing import Any

import click

import naming
from ops import items, status_index
from ops.cli import connected
from ops.connection import connect
from ops.items import Item, plain
from ops.moments import Moment
from ops.output import as_json as json_line
from ops.output import show_rows
from ops.region import Region
from ops.status_index import FILE_STATUSES

COUNTS = ("rowsRead", "rowsAccepted", "rowsRejected")
HEADS = ("time", "status", "dataset", "rows", "accepted", "rejected", "where", "why")


@click.command("files", short_help="List files with their counts, the newest first.")
@click.option("--dataset", default="", help="Only files of this dataset.")
@click.option("--status", type=click.Choice(FILE_STATUSES), help="Only files with this status.")
@click.option("--since", type=Moment(), help="Earliest moment, in ISO 8601.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="Maximum number of files.",
)
@connected
def command(
    *,
    dataset: str,
    status: str | None,
    since: str | None,
    limit: int,
    region: str,
    profile: str | None,
    as_json: bool,
) -> None:
    """List the files of both regions, the newest first, with their status and counts.

    The list comes from an index, so the files of the last second may be missing.
    """
    here = Region(connect(region, profile), region, {"TableName": naming.TABLE})
    statuses = [status] if status else FILE_STATUSES
    found = list(islice(loads(here, statuses, dataset, since or ""), limit))
    if as_json:
        for item in found:
            click.echo(json_line(plain(item)))
    elif found:
        show_rows(HEADS, [_cells(plain(item)) for item in found])
    more = ", the newest; raise --limit for more" if len(found) == limit else ""
    click.echo(f"{len(found)} files in {region}{more}", err=True)


def loads(region: Region, statuses: Sequence[str], dataset: str, since: str) -> Iterator[Item]:
    """Yield the ledger entries with one of the statuses, the newest first; all without dataset."""
    by_status = (
        status_index.with_status(region, each, since=since, newest_first=True) for each in statuses
    )
    found = merge(*by_status, key=lambda item: item["timestamp"]["S"], reverse=True)
    wanted = (item for item in found if dataset in ("", item["dataset"]["S"]))
    return items.read_many(region, (items.key_of(item) for item in wanted))


def _cells(entry: Mapping[str, Any]) -> tuple[str, ...]:
    source = entry["source"]
    counts = [f"{int(entry.get(name, 0)):,}" for name in COUNTS]
    place = f"{source['bucket']}/{source['key']} version {source['version']}"
    reason = entry.get("failure") or {}
    why = " ".join(str(reason[name]) for name in ("code", "message") if name in reason)
    rejected = ", ".join(f"{n['rows']} {code}" for code, n in entry.get("rejections", {}).items())
    return entry["timestamp"], entry["status"], entry["dataset"], *counts, place, why or rejected
