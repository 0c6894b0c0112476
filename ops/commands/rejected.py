"""``ops rejected``: the rejected rows of a file, ready to be corrected and sent again."""

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import click

from ops.cli import connected
from ops.connection import connect
from ops.correction_file import Rejected
from ops.errors import FINDING, RefusedError
from ops.file_history import FileHistory, history
from ops.output import as_json as json_line
from ops.output import counted, show_rows
from ops.region import Region
from ops.rejected_rows import correction, rejected_rows
from services.processor.runtime.file_names import Format, file_format

ENDS = {"json": ".json", "csv": ".csv", "tsv": ".tsv"}
HEADS = ("row", "line", "code", "field", "reason")


@click.command("rejected", short_help="Get a file's rejected rows back, to correct and send again.")
@click.argument("key")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the rows to this file, in the format of KEY.",
)
@click.option(
    "--version", default="", help="Version of the file; by default the newest with open rows."
)
@click.option("--yes", is_flag=True, help="Replace the file if it exists.")
@connected
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    key: str,
    out: Path | None,
    version: str,
    region: str,
    profile: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """List the rejected rows of the file KEY that have not been corrected, or write them to a file.

    The file has the rows as they were sent, each preceded by its line and the reason. Correct the
    rows, leave those first fields as they are, and send the file like any other.
    """
    known = _format_to_write(key, out, yes=yes) if out else None
    here = Region.find(connect(region, profile), region)
    found = history(here, key, gone=bool(version))
    if not found:
        click.echo(f"the bucket {here.bucket} has no file {key}; try the other --region", err=True)
        context.exit(FINDING)
    file = _chosen(found, version)
    if file is None:
        click.echo(f"no rejected row of {key} waits for a correction{_advice(found[0])}", err=True)
    elif out and known:
        _write(here, file, key, out, known)
    else:
        _list(rejected_rows(here, file), as_json=as_json)


def _format_to_write(key: str, out: Path, *, yes: bool) -> Format:
    known = file_format(key)
    if known is None:
        raise RefusedError(f"{key} is a file in no known format, so it has no rows")
    if file_format(out.name) != known or out.suffix.lower() == ".gz":
        raise RefusedError(f"{key} is a {known} file: give --out a name that ends in {ENDS[known]}")
    if out.exists() and not yes:
        raise RefusedError(f"{out} exists; choose another name, or replace it with --yes")
    return known


def _chosen(found: Sequence[FileHistory], version: str) -> FileHistory | None:
    """Return the newest version with open rows, or the one asked for; say which it is."""
    named = [each for each in found if version in ("", each.name)]
    if not named:
        raise RefusedError(f"there is no version {version}; ops file lists them")
    if missing := sum(each.lost_rows for each in named):
        click.echo(f"{missing:,} more are erased, expired, or not indexed yet: try again", err=True)
    waiting = [each for each in named if each.open_rows]
    if not waiting:
        return None
    chosen, *others = waiting
    click.echo(f"version {chosen.name}: {counted(chosen.open_rows, 'rejected row')}", err=True)
    for each in others:
        click.echo(f"also {each.open_rows:,} of the older --version {each.name}", err=True)
    return chosen


def _advice(newest: FileHistory) -> str:
    if newest.status != "FAILED":
        return ""
    return "; its newest version FAILED: correct the file and send it again (ops file says why)"


def _write(region: Region, file: FileHistory, key: str, out: Path, known: Format) -> None:
    lines, is_whole = correction(region, file, key, known)
    unfinished = out.with_name(out.name + ".part")
    with unfinished.open("wb") as target:
        target.writelines(lines)
    unfinished.replace(out)
    click.echo(f"wrote {counted(file.open_rows, 'row')} to {out}")
    if not is_whole:
        click.echo("the object is gone: write the names of its columns in the first line", err=True)
    click.echo(f"correct them, then: {_upload(region, key, out)}", err=True)


def _upload(region: Region, key: str, out: Path) -> str:
    path = PurePosixPath(key)
    name = path.name.partition(".")[0] + "-corrected" + out.suffix
    return f"aws s3 cp '{out}' 's3://{region.bucket}/{path.with_name(name)}'"


def _list(rows: Iterator[Rejected], *, as_json: bool) -> None:
    if as_json:
        for each in rows:
            click.echo(json_line({"row": each.row.number, **each.marks, "field": each.field}))
        return
    cells = [
        (str(each.row.number), str(each.line or ""), each.code, each.field, each.message)
        for each in rows
    ]
    show_rows(HEADS, cells)
