"""``python -m review report``: the report for reviewers and approvers."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from policies import register
from policies.changes import base_selection
from policies.changes.base_selection import BASE, BASE_ASSEMBLY
from policies.changes.command import ERRORS
from policies.changes.comparison import Base
from policies.changes.data.bucket import BUCKET, LAST, newest
from policies.changes.data.comparison import DataComparison
from policies.changes.data.since import since
from policies.changes.repository import Repository
from policies.command_line import AS_JSON, ASSEMBLY, Undetermined
from policies.templates import assembly
from review import collect, render
from review.collect import Report, Subject

ROOT = base_selection.ROOT
FOLDER = click.Path(path_type=Path)


@click.command()
@ASSEMBLY
@BASE
@BASE_ASSEMBLY
@click.option("--out", type=FOLDER, default="build/review", help="Folder to write to.")
@click.option("--tests", type=FOLDER, default="build/tests", help="Folder of the JUnit XML files.")
@click.option("--commit", default="", help="Id of the commit, where there is no git.")
@BUCKET
@LAST
@AS_JSON
@click.pass_context
def report(
    context: click.Context,
    *,
    folder: Path,
    base: str | None,
    base_assembly: Path | None,
    out: Path,
    tests: Path,
    commit: str,
    bucket: str | None,
    last: int,
    as_json: bool,
) -> None:
    """Write the review report.

    Exit with 0 if it is green, with 1 if it is red, with 2 without a report if there is no
    assembly or no base.
    """
    try:
        read = assembly.read(folder)
        chosen = base_selection.chosen(base, base_assembly, read)
        with newest(bucket, last) as objects:
            data = since(chosen, objects, bucket or "")
        made = collect.report(_subject(read, chosen, data, tests, commit))
    except ERRORS as error:
        raise Undetermined(str(error)) from error
    render.write(made, out)
    click.echo(json.dumps(made, indent=2) if as_json else text(made, out))
    context.exit(0 if made["verdict"]["colour"] == "green" else 1)


def text(made: Report, out: Path) -> str:
    """Return the verdict with its reasons, and where the page is."""
    verdict = made["verdict"]
    reasons = "".join(f"\n  {reason}" for reason in verdict["reasons"])
    return (
        f"review: {verdict['colour']}, against {made['base']['name']}{reasons}\n{out}/report.html"
    )


def _subject(
    read: assembly.Assembly, base: Base, data: DataComparison, tests: Path, commit: str
) -> Subject:
    return Subject(
        assembly=read,
        base=base,
        commit=_commit(commit),
        waivers=register.load(),
        read=_text,
        read_base=partial(Repository(ROOT).file, base.commit) if base.commit else None,
        test_results=tests,
        data=data,
        today=datetime.now(tz=UTC).date(),
    )


def _text(path: str) -> str:
    file = ROOT / path
    return file.read_text() if file.exists() else ""


def _commit(given: str) -> Mapping[str, str]:
    """Describe ``HEAD``, or only the ``given`` id where there is no git, as in the pipeline.

    ``uncommitted`` is a remark if the working tree differs from ``HEAD``.
    """
    repository = Repository(ROOT)
    head = {} if given else repository.head()
    uncommitted = "with uncommitted changes" if head and repository.is_changed() else ""
    nothing = dict.fromkeys(("id", "subject", "author", "date"), "")
    return {**nothing, "id": given, **head, "uncommitted": uncommitted}
