"""The command that writes the report of a commit."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from datasets.compatibility.bucket import BUCKET, LAST, newest
from datasets.compatibility.comparison import DataComparison
from policies import published, register
from policies.changes import base_selection, guards
from policies.changes.base_selection import BASE, BASE_ASSEMBLY
from policies.changes.command import ERRORS
from policies.changes.comparison import Base
from policies.changes.contract_sources import since
from policies.changes.repository import FIELDS, Repository
from policies.command_line import ASSEMBLY, Undetermined
from policies.templates import assembly
from review import attention, collect, pipeline_sources, render, tree
from review.attention import Report
from review.collect import Subject
from review.sources import Sources
from review.test_results import collected

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
    click.echo(text(made, out))
    context.exit(0 if made["verdict"]["colour"] == "green" else 1)


def text(made: Report, out: Path) -> str:
    """Return the verdict with its reasons, and where the page is."""
    verdict = made["verdict"]
    reasons = "".join(f"\n  {attention.line(each)}" for each in verdict["reasons"])
    return (
        f"review: {verdict['colour']}, against {made['base']['name']}{reasons}\n{out}/report.html"
    )


def _subject(
    read: assembly.Assembly, base: Base, data: DataComparison, tests: Path, commit: str
) -> Subject:
    sources = _sources(base)
    return Subject(
        assembly=read,
        base=base,
        sources=sources,
        commit=_commit(commit, sources),
        waivers=register.load(),
        published=published.findings(read.folder, {stack.account for stack in read.stacks}),
        read=_text,
        test_results=tests,
        tree=tree.digest(ROOT),
        tests=collected(ROOT),
        data=data,
        today=datetime.now(tz=UTC).date(),
    )


def _sources(base: Base) -> Sources:
    if base.commit:
        repository = Repository(ROOT)
        return Sources(
            base=base.commit,
            commits=repository.log("--no-merges", f"{base.commit}..HEAD"),
            changed=base.files or (),
            read=partial(repository.file, base.commit),
            guards=next((pair for pair in base.documents if pair[0].name == guards.NAME), None),
        )
    if base.deployed:
        return pipeline_sources.deployed()
    return Sources(unknown=f"{base.name} has templates only")


def _text(path: str) -> str:
    file = ROOT / path
    return file.read_text(errors="replace") if file.is_file() else ""


def _commit(given: str, sources: Sources) -> Mapping[str, str]:
    """Describe ``HEAD``; where there is no git, the ``given`` id, by what the pipeline says of it.

    ``uncommitted`` is a remark if the working tree differs from ``HEAD``.
    """
    repository = Repository(ROOT)
    known = sources.commits if given else repository.log("-1")
    found = next((each for each in known if given in ("", each["id"])), {})
    uncommitted = not given and bool(found) and repository.is_changed()
    nothing = dict.fromkeys(FIELDS, "")
    remark = "with uncommitted changes" if uncommitted else ""
    return {**nothing, "id": given, **found, "uncommitted": remark}
