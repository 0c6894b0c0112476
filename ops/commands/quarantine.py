"""``ops quarantine``: what was redriven and cannot succeed; look at it, and return it."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from ops import dead_letters, items
from ops.cli import changing, connected
from ops.connection import connect
from ops.errors import FINDING, RefusedError
from ops.output import as_json as json_line
from ops.output import counted, is_confirmed
from ops.progress import progress
from ops.redriving import quarantine
from ops.redriving.causes import is_wanted
from ops.redriving.letters import Letter
from ops.redriving.named_files import example_of, look
from ops.region import Region


@click.group("quarantine", short_help="Letters that retrying cannot help: list|show|return.")
def command() -> None:
    """Look at the letters that retrying cannot help, and return them to be redriven.

    SQS deletes them after 14 days here. Each command takes --region, --profile and --json.
    """


@command.command("list")
@connected
def list_(region: str, profile: str | None, *, as_json: bool) -> None:
    """List what is in quarantine, since when it has failed, and why."""
    here = Region.find(connect(region, profile), region)
    found = sorted(quarantine.listed(here), key=lambda each: (each.cause, each.since))
    if as_json:
        click.echo(json_line([_facts(each) for each in found]))
        return
    for each in found:
        code, dataset, message = each.cause
        click.echo(
            "  ".join((each.id, each.since, code or "-", dataset or "-", _what(each))).rstrip()
        )
        if message:
            click.echo(f"    {message}")
    click.echo(f"{counted(len(found), 'letter')} in quarantine in {region}", err=True)


@command.command("show")
@click.argument("id_", metavar="ID")
@connected
@click.pass_context
def show(
    context: click.Context, /, *, id_: str, region: str, profile: str | None, as_json: bool
) -> None:
    """Show the message with this ID, and the ledger entries of the files that it names.

    Exits with 1 if there is no such message.
    """
    here = Region.find(connect(region, profile), region)
    found = [each for each in quarantine.listed(here) if each.id == id_]
    if not found:
        click.echo(f"the quarantine of {region} has no message {id_}", err=True)
        context.exit(FINDING)
    named = dead_letters.object_refs(dead_letters.saved_event(found[0].message))
    entries = [items.plain(file.entry) for file in look(here, named) if file.entry]
    facts = {**_facts(found[0]), "body": found[0].body, "entries": entries}
    if as_json:
        click.echo(json_line(facts))
        return
    for name, value in facts.items():
        click.echo(f"{name}: {value if isinstance(value, str) else json_line(value)}")


@command.command("return")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--only", default="", metavar="CAUSE", help="Return every letter of this cause.")
@click.option("--all", "is_all", is_flag=True, help="Return every letter.")
@changing
@connected
@click.pass_context
def return_(
    context: click.Context,
    /,
    *,
    ids: Sequence[str],
    only: str,
    is_all: bool,
    yes: bool,
    dry_run: bool,
    region: str,
    profile: str | None,
    as_json: bool,
) -> None:
    """Put letters back to where they came from, for ops redrive to try again.

    Name them by their ids, or all of a cause. Safe to repeat and to kill. Exits with 1 if an id is
    not in quarantine.
    """
    if sum((bool(ids), bool(only), is_all)) != 1:
        raise RefusedError("name the letters by their ids, or a cause with --only, or --all")
    here = Region.find(connect(region, profile), region)

    def is_chosen(letter: Letter) -> bool:
        return letter.id in ids or bool(not ids and is_wanted(letter.cause, only))

    chosen = [each.id for each in quarantine.listed(here) if is_chosen(each)]
    click.echo(f"{counted(len(chosen), 'letter')} to return in {region}", err=True)
    if chosen and is_confirmed("return them?", yes=yes, dry_run=dry_run):
        moved = quarantine.give_back(here, is_chosen)
        for _ in progress(moved, "returning letters", len(chosen), "letters"):
            pass
    if as_json:
        click.echo(json_line({"region": region, "letters": chosen, "returned": not dry_run}))
    if set(ids) - set(chosen):
        click.echo(f"not in quarantine: {', '.join(sorted(set(ids) - set(chosen)))}", err=True)
        context.exit(FINDING)


def _facts(letter: Letter) -> Mapping[str, Any]:
    return {
        "id": letter.id,
        "since": letter.since,
        "from": letter.queue or None,
        "cause": letter.cause.code or None,
        "dataset": letter.cause.dataset or None,
        "message": letter.cause.message or None,
        "what": _what(letter) or None,
        "reason": letter.reason or None,
    }


def _what(letter: Letter) -> str:
    return example_of(dead_letters.object_refs(dead_letters.saved_event(letter.message)))
