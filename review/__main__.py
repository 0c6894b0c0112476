"""``python -m review``: the report of a commit, for reviewers and approvers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from policies import published, register
from policies.app import ROOT
from policies.changes import guards
from policies.changes.command import compared, comparing
from policies.changes.comparison import Base
from policies.changes.repository import FIELDS, Repository
from review import attention, collect, pipeline_sources, render, tree
from review.sources import Sources, read_in
from review.test_results import collected, suites

FOLDER = click.Path(path_type=Path)


@click.command()
@comparing
@click.option("--out", type=FOLDER, default="build/review", help="Folder to write to.")
@click.option("--tests", type=FOLDER, default="build/tests", help="Folder of the JUnit XML files.")
@click.option("--commit", default="", help="Id of the commit, where there is no git.")
def report(*, out: Path, tests: Path, commit: str, **options: Any) -> None:
    """Write the review report.

    Exit with 0 if it is green, with 1 if it is red, with 2 without a report if there is no
    assembly or no base.
    """
    read, base, data = compared(**options)
    sources = _sources(base)
    subject = collect.Subject(
        assembly=read,
        base=base,
        sources=sources,
        commit=_commit(commit, sources),
        waivers=register.load(),
        published=published.findings(read.folder, {stack.account for stack in read.stacks}),
        read=partial(read_in, ROOT),
        # What AWS itself deploys is verified there.
        tests=suites(tests, tree.digest(ROOT), collected(ROOT), on_aws=base.deployed),
        data=data,
        today=datetime.now(tz=UTC).date(),
    )
    made = collect.report(subject)
    render.write(made, out)
    verdict = made["verdict"]
    click.echo(f"review: {verdict['colour']}, against {made['base']['name']}")
    for each in verdict["reasons"]:
        click.echo(f"  {attention.line(each)}")
    if verdict["unproved"]:
        click.echo(f"not proved here: {verdict['unproved']} (make test)")
    click.echo(f"{out}/report.html")
    raise SystemExit(0 if verdict["colour"] == "green" else 1)


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


def _commit(given: str, sources: Sources) -> Mapping[str, str]:
    """Describe ``HEAD``; where there is no git, the ``given`` id, by what the pipeline says of it.

    ``uncommitted`` is a remark if the working tree differs from ``HEAD``.
    """
    repository = Repository(ROOT)
    known = sources.commits if given else repository.log("-1")
    found = next((each for each in known if given in ("", each["id"])), {})
    is_changed = not given and found and repository.is_changed()
    remark = "with uncommitted changes" if is_changed else ""
    return {**dict.fromkeys(FIELDS, ""), "id": given, **found, "uncommitted": remark}


if __name__ == "__main__":
    report(prog_name="python -m review")
