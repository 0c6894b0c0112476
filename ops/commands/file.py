"""``ops file``: every version of a file, what became of it, and whether all its rows are in."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from ops.cli import connected
from ops.connection import connect
from ops.errors import FINDING
from ops.file_history import FileHistory, history, verdict
from ops.output import as_json as json_line
from ops.output import show_rows
from ops.record_check import RecordCheck, check_records
from ops.region import Region

HEADS = ("time", "version", "status", "rows", "note")
COUNTS = ("rowsRead", "rowsAccepted", "rowsRejected")


@click.command("file", short_help="Say what became of a file, and whether all its rows are in.")
@click.argument("key")
@click.option("--records", is_flag=True, help="Read the file: how many of its records are current?")
@click.option("--gone", is_flag=True, help="Search for versions that S3 no longer has (slow).")
@connected
@click.pass_context
def command(
    context: click.Context,
    key: str,
    region: str,
    profile: str | None,
    *,
    records: bool,
    gone: bool,
    as_json: bool,
) -> None:
    """Show every version of the file KEY, the newest first, and say whether it is complete.

    It is if every row of the newest version is in: accepted, or rejected and corrected since. Exits
    with 1 if not. Looks in the bucket of --region.
    """
    here = Region.find(connect(region, profile), region)
    found = history(here, key, gone=gone)
    checks = {each.name: check_records(here, each) for each in found if records and each.version}
    is_complete, sentence = verdict(found)
    if as_json:
        versions = [{**_facts(each), **_check_facts(checks.get(each.name))} for each in found]
        click.echo(
            json_line(
                {"key": key, "complete": is_complete, "verdict": sentence, "versions": versions}
            )
        )
    else:
        _show(found, checks)
        click.echo(sentence)
    if not found:
        click.echo(f"the bucket {here.bucket} has no such key; try the other --region", err=True)
    elif not is_complete and any(each.open_rows for each in found):
        click.echo(f"for the rows to correct: ops rejected '{key}' --out FILE", err=True)
    if not is_complete:
        context.exit(FINDING)


def _show(found: Sequence[FileHistory], checks: Mapping[str, RecordCheck | None]) -> None:
    if found:
        show_rows(HEADS, [_cells(each) for each in found])
    for each in found:
        for line in (*_reasons(each), *_check_lines(checks.get(each.name))):
            click.echo(f"  {each.name}: {line}")


def _cells(each: FileHistory) -> tuple[str, ...]:
    time = each.version.timestamp if each.version else each.facts["timestamp"]
    return time, each.name, each.status, _counts(each), _note(each)


def _counts(each: FileHistory) -> str:
    facts = each.facts
    if not facts:
        return "-"
    read, accepted, rejected = (int(facts[name]) for name in COUNTS)
    rows = f"{read:,} rows: {accepted:,} accepted, {rejected:,} rejected"
    if not rejected:
        return rows
    return f"{rows} ({each.corrected_rows:,} corrected since, {each.open_rows:,} open)"


def _note(each: FileHistory) -> str:
    notes = [f"superseded by {each.superseded_by}"] if each.superseded_by else []
    if each.version is None:
        notes.append("no longer in S3")
    if each.version and each.version.is_marker:
        notes = ["delete marker, no file"]
    return "; ".join(notes)


def _reasons(each: FileHistory) -> list[str]:
    facts = each.facts
    lines = [
        f"{int(of['rows']):,} x {code}, first in row {of['row']}"
        + (f" (line {of['line']})" if of["line"] else "")
        + f": {of['message']}"
        for code, of in facts.get("rejections", {}).items()
    ]
    if failure := facts.get("failure"):
        lines.append(f"{failure['code']}: {failure['message']}")
    if point := facts.get("resumePoint"):
        row, line, byte = (int(point[name]) for name in ("row", "line", "byte"))
        lines.append(f"a run goes on at row {row:,}, from line {line:,} (byte {byte:,})")
    return lines


def _check_lines(check: RecordCheck | None) -> list[str]:
    if check is None:
        return []
    lines = [f"{check.current:,} of its {check.records:,} records are current"]
    lines += [f"{rows:,} replaced by {by}" for by, rows in check.replaced_by.items()]
    if check.missing:
        lines.append(f"{check.missing:,} are not stored as this file has them")
    return [*lines, check.note] if check.note else lines


def _facts(each: FileHistory) -> dict[str, Any]:
    return {
        "version": each.name,
        "time": each.version.timestamp if each.version else each.facts["timestamp"],
        "status": each.status,
        "inS3": each.version is not None,
        "openRows": each.open_rows,
        "correctedRows": each.corrected_rows,
        "supersededBy": each.superseded_by or None,
        "entry": each.facts or None,
    }


def _check_facts(check: RecordCheck | None) -> dict[str, Any]:
    return {} if check is None else {"records": check.facts}
