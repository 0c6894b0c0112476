"""``ops replay``: deliver the events of chosen files to the processor again."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import click

import naming
from ops.cli import changing, connected
from ops.connection import connect
from ops.errors import FINDING, UndeterminedError
from ops.moments import Moment
from ops.output import as_json as json_line
from ops.output import counted, is_confirmed, show_rows
from ops.progress import printable, progress
from ops.reannouncing import Again
from ops.reconcile_report import place
from ops.region import Region
from ops.replay import Replay, Replayed

SHOWN = 100


@click.command("replay", short_help="Process chosen files again, or announce them again.")
@click.option("--prefix", required=True, help='Keys that begin with this; "" is every key.')
@click.option("--since", type=Moment(), required=True, help="Versions put then or later.")
@click.option("--until", type=Moment(), help="Versions put before that.")
@click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default=True,
    help="Deliver at most this many events a second; with --announce, batches of a hundred.",
)
@click.option(
    "--announce", is_flag=True, help="Announce what the table has of the files, and process none."
)
@click.option(
    "--origin",
    type=click.Choice(naming.REGIONS),
    help="With --announce: the region that took the files in, if it is not --region.",
)
@changing
@connected
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """Have the processor read files again, after their contract or the product was corrected.

    Files that are COMPLETED with the newest version of their contract are left out, so run it again
    after an interruption. Order does not matter: the newer file wins. Exits with 1 if a file is not
    COMPLETED afterwards.

    With --announce, listeners are told again what the table has of the files. They recognise
    repeated events by their id. Exits with 1 if something could not be announced.
    """
    here = Region.find(connect(options["region"], options["profile"]), options["region"])
    if options["announce"]:
        context.exit(_announce(here, options))
    replay = Replay(
        region=here,
        prefix=options["prefix"],
        since=options["since"],
        until=options["until"] or "",
        per_second=options["rate"],
    )
    found = Counter(is_waiting for _, is_waiting in replay.waiting())
    chosen = f"{counted(found.total(), 'version')} chosen in {here.bucket}"
    click.echo(f"{chosen}, {found[False]:,} of which are done already", err=True)
    if options["dry_run"] and options["as_json"]:
        click.echo(json_line({"chosen": found.total(), "toDeliver": found[True]}))
    question = f"deliver {counted(found[True], 'event')}, at most {options['rate']:g} a second?"
    if not found[True]:
        context.exit(_show((), as_json=options["as_json"]))
    if not is_confirmed(question, yes=options["yes"], dry_run=options["dry_run"]):
        return
    outcomes = progress(replay.run(), f"replaying {here.bucket}", found.total(), "files")
    context.exit(_show(outcomes, as_json=options["as_json"]))


def _show(outcomes: Iterable[Replayed], *, as_json: bool) -> int:
    """Print what became of the files, and return the exit code."""
    counts: Counter[str] = Counter()
    failed: list[Replayed] = []
    for each in outcomes:
        counts[each.outcome] += 1
        if each.problem and len(failed) < SHOWN:
            failed.append(each)
        if as_json and not each.was_done:
            click.echo(json_line(each.facts))
    if as_json:
        click.echo(json_line({"outcomes": counts}))
    else:
        if cells := [(place(each.version), printable(each.problem)) for each in failed]:
            show_rows(("file", "why it is not complete"), cells)
        words = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(counts.items()))
        click.echo(f"replayed: {words}" if words else "nothing to deliver")
    return FINDING if failed else 0


def _announce(here: Region, options: Mapping[str, Any]) -> int:
    again = Again(
        region=here,
        origin=options["origin"] or here.name,
        prefix=options["prefix"],
        since=options["since"],
        until=options["until"] or "",
    )
    number = sum(1 for _ in again.items())
    if options["dry_run"] and options["as_json"]:
        click.echo(json_line({"toAnnounce": number}))
    question = f"announce {counted(number, 'item')} of {again.origin} again in {here.name}?"
    click.echo(question.removesuffix("?"), err=True)
    if not is_confirmed(question, yes=options["yes"], dry_run=options["dry_run"]):
        return 0
    changes = progress(again.changes(), f"announcing in {here.name}", number, "items")
    done = again.announce(changes, options["rate"])
    if options["as_json"]:
        click.echo(json_line(vars(done)))
    else:
        left = f", not {done.refused + done.unreadable:,}" if done.refused + done.unreadable else ""
        click.echo(f"announced {counted(done.published, 'item')}{left}")
    if done.error:
        raise UndeterminedError(done.error)
    return FINDING if done.refused or done.unreadable else 0
