"""``ops forget``: erase one record."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import click

from ops.cli import changing, connected
from ops.connection import connect
from ops.errors import FINDING
from ops.forget_plan import Finder, Plan
from ops.forgetting import erase, item_line, object_line
from ops.items import Key
from ops.output import as_json as json_line
from ops.output import counted, is_confirmed
from ops.records import check_key, items_of
from ops.region import Region

KEPT = """\
What this command cannot reach: backups (35 days), logs, events that listeners have kept. Removing
an item publishes a last event with its contents. See docs/security.md."""
MAY_RETURN = """\
The objects above stay: the record returns if one of them is processed again. Add --objects to
remove them (whole files; the records of their other rows stay in the table)."""


@click.command("forget", short_help="Erase one record: its items, and the objects that hold it.")
@click.argument("dataset")
@click.argument("key", nargs=-1, required=True)
@click.option("--objects", is_flag=True, help="Remove the object versions that hold it as well.")
@click.option(
    "--search",
    multiple=True,
    metavar="PREFIX",
    help="Also read every version under this prefix of the region's bucket.",
)
@changing
@connected
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    dataset: str,
    key: Sequence[str],
    objects: bool,
    search: Sequence[str],
    yes: bool,
    dry_run: bool,
    region: str,
    profile: str | None,
    as_json: bool,
) -> None:
    """Erase the record of DATASET with KEY, and the rejected rows that name the key.

    Everything is shown first. Items go in both regions; files that brought the record earlier are
    only found with --search, in --region's bucket. Exits with 1 if nothing was found or is left.
    """
    check_key(dataset, key)
    session = connect(region, profile)
    here = Region.find(session, region)

    def bucket_of(name: str, bucket: str) -> Region:
        return Region(session, name, {"IngestionBucketName": bucket})

    finder = Finder(here, bucket_of, dataset, key)
    found = finder.plan(search)
    _show(found, objects=objects, as_json=as_json)
    if found.is_empty:
        _say(f"nothing is stored of {' '.join(key)} in the dataset {dataset}")
        context.exit(FINDING)
    plan = found if objects else replace(found, objects=[])
    if not is_confirmed("remove it, for good?", yes=yes, dry_run=dry_run):
        return
    note = erase(here, plan, dataset=dataset, key=key, bucket_of=bucket_of, say=_say)
    click.echo(_done(plan, note), err=as_json)
    if items_of(here, dataset, key) or found.unsearched:
        _say("something is left or came back meanwhile: run the command again")
        context.exit(FINDING)


def _show(plan: Plan, *, objects: bool, as_json: bool) -> None:
    say: Callable[[str], None] = click.echo
    if as_json:
        lists = {
            "recordItems": [item_line(item) for item in plan.record_items],
            "rejectedRows": [item_line(item) for item in plan.rejected_rows],
            "objects": [object_line(held) for held in plan.objects],
            "unsearched": [item_line(item) for item in plan.unsearched],
        }
        say(json_line(lists))
        return
    for item in plan.record_items:
        say(f"item of the record    {item_line(item)}")
    for item in plan.rejected_rows:
        say(f"row that names it     {item_line(item)}")
    for held in plan.objects:
        say(f"object, {'to remove' if objects else 'stays':12}  {object_line(held)}")
    for item in plan.unsearched:
        say(f"cannot be searched    {item_line(item)}")
    if plan.objects and not objects:
        click.echo(MAY_RETURN, err=True)
    click.echo(KEPT, err=True)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _done(plan: Plan, note: Key) -> str:
    numbers = {
        "item": len(plan.record_items),
        "rejected row": len(plan.rejected_rows),
        "object": len(plan.objects),
    }
    counts = ", ".join(counted(number, what) for what, number in numbers.items())
    return f"removed {counts}; noted as {note.record_id}"
