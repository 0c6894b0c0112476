"""``ops restore-check``: whether the table could be restored, and how far back."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import click

import naming
from ops import backups, scratch_table
from ops.backups import Window
from ops.cli import changing, connected
from ops.connection import connect
from ops.errors import FINDING, UNDETERMINED, RefusedError
from ops.output import as_json as json_line
from ops.output import is_confirmed, show_rows
from ops.progress import duration, progress_bar, pulse
from ops.region import Region
from ops.restore_comparison import MOST_READ, Comparison, compare

SETTLED_S = 30 * 60


@click.command("restore-check", short_help="Check, or try, whether the table can be restored.")
@click.option("--try", "tries", is_flag=True, help="Restore it in --region, compare, and remove.")
@click.option(
    "--settled-s",
    default=SETTLED_S,
    show_default=True,
    help="Compare the items of files put at least this long before the restored moment.",
)
@click.option(
    "--most",
    default=MOST_READ,
    show_default=True,
    help="Read at most this many items of each table.",
)
@changing
@connected
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """Check in both regions that the table can be restored to any moment of the last 35 days.

    With --try, the newest moment is restored into a scratch table, whose items are counted and
    sampled; it is always removed, and so is one that a killed run has left. That takes minutes to
    hours, and its cost depends on the table's size.

    Exits with 1 if recovery is off, does not reach back far enough, or restores something else;
    with 2 if that cannot be determined.
    """
    session = connect(options["region"], options["profile"])
    regions = {name: Region.find(session, name) for name in naming.REGIONS}
    windows = {name: backups.window(region) for name, region in regions.items()}
    left = [name for name, region in regions.items() if scratch_table.exists(region)]
    if not options["as_json"]:
        _show(windows.values())
    for name in left:
        click.echo(f"{naming.SCRATCH_TABLE} is left in {name}: --try --region {name} removes it")
    comparison = None
    if options["tries"]:
        name = options["region"]
        comparison = _tried(regions[name], windows[name], options)
        left = [name for name, region in regions.items() if scratch_table.exists(region)]
    if options["as_json"]:
        tried = comparison and comparison.facts
        facts = {
            "windows": [each.facts for each in windows.values()],
            "left": left,
            "restored": tried,
        }
        click.echo(json_line(facts))
    elif comparison:
        click.echo(_in_words(comparison))
    looked_at: list[Window | Comparison] = [*windows.values()]
    if comparison:
        looked_at.append(comparison)
    context.exit(_code(looked_at, is_left=bool(left)))


def _tried(region: Region, window: Window, options: dict[str, Any]) -> Comparison | None:
    if window.latest is None:
        raise RefusedError(f"{window.problem} in {window.region}, so there is nothing to restore")
    question = f"restore {region.table} of {region.name} into {naming.SCRATCH_TABLE}?"
    if not is_confirmed(question, yes=options["yes"], dry_run=options["dry_run"]):
        return None
    before = window.latest - timedelta(seconds=options["settled_s"])
    with (
        pulse(lambda elapsed_s: f"restoring in {region.name}: {duration(elapsed_s)}"),
        scratch_table.restored(region, lambda line: click.echo(line, err=True)) as restored,
        progress_bar("comparing", 2 * options["most"], "items") as progressed,
    ):
        return compare(region, restored, before, progressed, options["most"])


def _code(looked_at: Sequence[Window | Comparison], *, is_left: bool) -> int:
    if is_left or any(each.problem for each in looked_at):
        return FINDING
    return UNDETERMINED if any(each.unknown for each in looked_at) else 0


def _show(windows: Iterable[Window]) -> None:
    cells = []
    for each in windows:
        facts = each.facts
        unknown = f"unknown: {each.unknown}" if each.unknown else ""
        verdict = each.problem or unknown or "ok"
        cells.append((each.region, facts["earliest"] or "-", facts["latest"] or "-", verdict))
    show_rows(("region", "earliest", "latest", "verdict"), cells)


def _in_words(comparison: Comparison) -> str:
    if comparison.problem:
        return f"the restored table is not right: {comparison.problem}"
    if comparison.unknown:
        return f"restored, and not compared: {comparison.unknown}"
    counts = f"{comparison.restored:,} items for {comparison.live:,}"
    if not comparison.is_whole:
        counts = f"at least {comparison.restored:,} items"
    return f"restored: {counts}; all {comparison.sampled:,} of a sample are equal"
