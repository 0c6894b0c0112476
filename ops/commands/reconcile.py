"""``ops reconcile``: is anything missing? And with ``--repair``: have it processed again."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import click

import naming
from ops.cli import changing, connected
from ops.connection import connect
from ops.errors import FINDING
from ops.findings import Finding
from ops.moments import Moment
from ops.output import as_json as json_line
from ops.output import counted, is_confirmed, show_rows
from ops.progress import BYTES, progress, progress_bar
from ops.reconcile_report import HEADS, Report, page
from ops.reconciliation import IN_WORK_S, Reconciliation
from ops.region import Region
from ops.repair import Repair, Repaired
from ops.self_test import self_test

SHOWN = 100


@click.command("reconcile", short_help="Find files and rows that are missing, and repair them.")
@click.option("--prefix", default="", help="Only keys that begin with this.")
@click.option("--since", type=Moment(), help="Only versions put then or later.")
@click.option("--rows", is_flag=True, help="Read the files: is every row stored? (slower)")
@click.option("--both", is_flag=True, help="Both regions' buckets, not only that of --region.")
@click.option("--against", type=click.Choice(naming.REGIONS), help="Compare with this replica.")
@click.option("--repair", is_flag=True, help="Process what is missing again, until it is there.")
@click.option("--self-test", is_flag=True, help="Prove that something missing would be found.")
@click.option(
    "--in-work-s",
    default=IN_WORK_S,
    show_default=True,
    help="Files put less long ago may be incomplete; large ones for longer.",
)
@click.option("--html", type=click.Path(path_type=Path), help="Also write a page to this file.")
@changing
@connected
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """Compare every version of every file in a region's bucket with the ledger.

    Lists files that have no ledger entry, are not complete, or have counts that don't add up; with
    --rows, also rows that are not stored. Exits with 1 if anything is missing and not repaired, 2
    if that could not be decided. With --json, a line for each finding and one for the outcome.
    """
    session = connect(options["region"], options["profile"])
    names = naming.REGIONS if options["both"] else (options["region"],)
    buckets = [Region.find(session, name) for name in names]
    if options["self_test"]:
        context.exit(_self_test(buckets, as_json=options["as_json"]))
    against = options["against"] and Region.find(session, options["against"])
    runs = [_Run(bucket, against or bucket, options) for bucket in buckets]
    for run in runs:
        run.finish()
    if options["html"]:
        made_at = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        options["html"].write_text(page([run.report for run in runs], made_at))
    codes = {run.report.exit_code for run in runs}
    context.exit(FINDING if FINDING in codes else max(codes))


class _Run:
    """One bucket's reconciliation, its repair, and what they print."""

    def __init__(self, bucket: Region, table: Region, options: dict[str, Any]) -> None:
        self._options = options
        names = ("prefix", "rows", "in_work_s")
        self._plan = Reconciliation(
            bucket,
            table,
            since=options["since"] or "",
            **{name: options[name] for name in names},
        )
        self._repair = Repair(bucket, table)
        self.report = Report(
            region=bucket.name,
            bucket=bucket.bucket,
            table_region=table.name,
            scope=_in_words(options),
            totals=self._plan.totals,
        )

    def finish(self) -> None:
        """Look at everything, repair what is wrong if that is wanted, and print the outcome."""
        for finding in self._findings():
            self.report.add(finding)
            if self._options["as_json"]:
                click.echo(json_line(finding.facts))
            if self._options["repair"]:
                self._repair.add(finding)
                if self._repair.is_full:
                    self._run_repair()
        self._run_repair(is_last=True)
        self._show()

    def _findings(self) -> Iterator[Finding]:
        plan = self._plan

        def total() -> int:
            return sum(map(plan.effort, plan.versions()))

        unit = BYTES if self._options["rows"] else "files"
        with progress_bar(f"reconciling {self.report.bucket}", total, unit) as passed:
            yield from plan.findings(passed=passed)

    def _run_repair(self, *, is_last: bool = False) -> None:
        if not (self._repair.files or self._repair.corrections) or not self._is_agreed:
            return
        self.report.has_repaired = True
        files = self._repair.files
        label = f"repairing {counted(files, 'file')} of {self.report.bucket}"
        outcomes: Iterator[Repaired] = progress(self._repair.run(), label, files, "files")
        for outcome in chain(outcomes, self._repair.finish() if is_last else ()):
            self.report.add_repaired(outcome)
            if self._options["as_json"]:
                click.echo(json_line(outcome.facts))

    @cached_property
    def _is_agreed(self) -> bool:
        question = f"have the processor read {counted(self._repair.files, 'file')} again?"
        return is_confirmed(question, yes=self._options["yes"], dry_run=self._options["dry_run"])

    def _show(self) -> None:
        if self._options["as_json"]:
            click.echo(json_line(self.report.facts))
            return
        if rows := list(self.report.rows(SHOWN)):
            show_rows(HEADS, rows)
        more = self.report.totals.found.total() - SHOWN
        if more > 0:
            click.echo(f"and {counted(more, 'more finding')}; --json lists all", err=True)
        click.echo(self.report.sentence)


def _self_test(buckets: Sequence[Region], *, as_json: bool) -> int:
    is_proved = True
    for bucket in buckets:
        proofs = self_test(bucket)
        is_proved &= all(each.holds for each in proofs)
        if as_json:
            facts = [{"what": each.what, "holds": each.holds} for each in proofs]
            click.echo(json_line({"region": bucket.name, "proofs": facts}))
        else:
            cells = [("ok" if each.holds else "FAILED", bucket.name, each.what) for each in proofs]
            show_rows(("proof", "region", "what"), cells)
    return 0 if is_proved else FINDING


def _in_words(options: Mapping[str, Any]) -> str:
    what = "files and their rows" if options["rows"] else "files"
    where = f" under {options['prefix']}" if options["prefix"] else ""
    return f"{what}{where}" + (f" since {options['since']}" if options["since"] else "")
