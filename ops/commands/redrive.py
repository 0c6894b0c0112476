"""``ops redrive``: get every dead letter through, and announce what was not announced."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import click

import naming
from ops.cli import changing, connected
from ops.connection import connect
from ops.errors import FINDING, UNDETERMINED, AwsError, explain
from ops.output import as_json as json_line
from ops.output import counted, is_confirmed, show_rows
from ops.progress import progress
from ops.redriving import causes
from ops.redriving.causes import Group
from ops.redriving.jobs import Job, Result, drain, jobs, look
from ops.redriving.late_changes import LOOK_BACK_HOURS
from ops.redriving.letters import Letter
from ops.region import Region

HEADS = ("letters", "cause", "dataset", "fate", "since")
MINUTE_CHARS = len("2026-01-31T23:59")
RATE = 5.0


@click.command("redrive", short_help="Retry every dead letter, grouped by cause.")
@click.option("--both-regions", is_flag=True, help="Drain the queues of both regions.")
@click.option(
    "--limit", type=click.IntRange(min=1), help="Handle at most this many letters per queue."
)
@click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    default=RATE,
    show_default=True,
    help="Start at most this many invocations a second.",
)
@click.option(
    "--only", default="", metavar="CAUSE", help="Handle only the letters with this cause."
)
@click.option(
    "--look-back",
    "look_back_hours",
    type=click.IntRange(min=0),
    default=LOOK_BACK_HOURS,
    show_default=True,
    help="For changes older than a day: hours between a file's upload and its last change.",
)
@changing
@connected
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    both_regions: bool,
    limit: int | None,
    rate: float,
    only: str,
    look_back_hours: int,
    yes: bool,
    dry_run: bool,
    region: str,
    profile: str | None,
    as_json: bool,
) -> None:
    """Give every dead letter to the processor again, and every failed batch to the consumer.

    A letter is deleted when its files are COMPLETED. One that cannot succeed goes to the quarantine
    (ops quarantine list); one that may succeed later stays. A SUSPENDED file is run again as long
    as it makes progress. Safe to repeat and to kill. Exits with 1 if any letter is not through.
    """
    session = connect(region, profile)
    names = naming.REGIONS if both_regions else (region,)
    regions = [here for name in names if (here := _found(session, name, is_one=not both_regions))]
    todo = [job for each in regions for job in jobs(each, only, rate, look_back_hours)]
    unknown = UNDETERMINED if len(regions) < len(names) else 0
    if not yes:
        seen = [_watched("looking at", job, partial(look, only=only)) for job in todo]
        _show(seen, as_json=as_json and dry_run)
        if not any(each.tally.groups for each in seen):
            context.exit(unknown or _code(seen))
        if not is_confirmed("redrive them?", yes=yes, dry_run=dry_run):
            return
    results = [_watched("redriving", job, partial(drain, limit=limit, say=_say)) for job in todo]
    _show(results, as_json=as_json)
    context.exit(unknown or _code(results))


def _found(session: Any, name: str, *, is_one: bool) -> Region | None:
    """Return a region; of two, one that does not answer does not hold up the other."""
    try:
        return Region.find(session, name)
    except AwsError as error:
        if is_one:
            raise
        _say(f"error: {name} is left out: {explain(error)}")
        return None


def _say(line: str) -> None:
    click.echo(line, err=True)


def _watched(label: str, job: Job, work: Callable[[Result], Iterable[Letter]]) -> Result:
    """Do the work to its end with progress; an error of AWS ends this job, but no other one."""
    result = Result(job=job)
    what = f"{label} the {job.source.name} of {job.region.name}"
    try:
        for _ in progress(work(result), what, max(1, job.size), "letters"):
            pass
    except AwsError as error:
        result.error = explain(error)
    return result


def _code(results: Sequence[Result]) -> int:
    if any(each.error for each in results):
        return UNDETERMINED
    return 0 if all(each.is_through for each in results) else FINDING


def _show(results: Sequence[Result], *, as_json: bool) -> None:
    if as_json:
        click.echo(json_line([_facts(each) for each in results]))
        return
    for each in results:
        place = f"{each.job.source.name} of {each.job.region.name}"
        groups = each.tally.rows()
        _say(f"{place}: {_sentence(each)}")
        if groups:
            show_rows(HEADS, [_cells(group) for group in groups])
        for group in groups:
            for line in _lines(group):
                click.echo(f"  {group.cause.code}: {line}")


def _sentence(result: Result) -> str:
    counts: Counter[str] = Counter()
    for group in result.tally.rows():
        counts[group.fate] += group.letters
    words = [f"{number:,} {fate}" for fate, number in counts.items()] or ["nothing to redrive"]
    if result.held_elsewhere:
        held = counted(result.held_elsewhere, "letter")
        words.append(f"{held} held by another command, or by one that was killed: run this again")
    return ", ".join([*words, result.error] if result.error else words)


def _cells(group: Group) -> tuple[str, ...]:
    since = f"{group.since[:MINUTE_CHARS]}Z"
    return f"{group.letters:,}", group.cause.code, group.cause.dataset or "-", group.fate, since


def _lines(group: Group) -> Iterator[str]:
    """Yield what a group's letters have in common, and the oldest of them."""
    if said := group.note or group.cause.message:
        yield said
    if group.example:
        yield f"for example {group.example}"


def _facts(result: Result) -> Mapping[str, object]:
    return {
        "region": result.job.region.name,
        "queue": result.job.source.name,
        "groups": [causes.facts(each) for each in result.tally.rows()],
        "heldElsewhere": result.held_elsewhere,
        "error": result.error or None,
    }
