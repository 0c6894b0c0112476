"""``python -m policies review``: the report that a reviewer, and who approves, decides by."""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from policies import assembly
from policies.changes import acknowledged, bases
from policies.changes.command import ERRORS
from policies.changes.revision import Repository
from policies.review import collect, files
from policies.review.collect import Report, Subject

ROOT = bases.ROOT


def add_to(verbs: "argparse._SubParsersAction[Any]") -> None:
    verb = verbs.add_parser("review", help="write the review report; exit 1 when it is red")
    verb.add_argument("--assembly", type=Path, default=Path("cdk.out"))
    bases.add_to(verb)
    verb.add_argument("--out", type=Path, default=Path("build/review"), help="folder to write to")
    verb.add_argument("--tests", type=Path, default=Path("build/tests"), help="JUnit XML files")
    verb.add_argument("--commit", default="", help="the commit's id, where there is no git")
    verb.add_argument("--json", action="store_true", help="print the report as JSON")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 when the report is green, 1 when red, written both times; 2 when nothing was judged."""
    try:
        made = collect.report(_subject(options))
    except ERRORS as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    files.write(made, options.out)
    print(json.dumps(made, indent=2) if options.json else text(made, options.out))
    return 0 if made["verdict"]["colour"] == "green" else 1


def text(made: Report, out: Path) -> str:
    verdict = made["verdict"]
    reasons = "".join(f"\n  {reason}" for reason in verdict["reasons"])
    return (
        f"review: {verdict['colour']}, against {made['base']['name']}{reasons}\n{out}/report.html"
    )


def _subject(options: argparse.Namespace) -> Subject:
    read = assembly.read(options.assembly)
    base = bases.chosen(options, read.stacks)
    repository = Repository(ROOT)
    return Subject(
        assembly=read,
        base=base,
        commit=_commit(options.commit),
        rows=acknowledged.parse(acknowledged.FILE.read_text()),
        read=_text,
        read_base=partial(repository.file, base.commit) if base.commit else None,
        test_results=options.tests,
        today=datetime.now(tz=UTC).date(),
    )


def _text(path: str) -> str:
    file = ROOT / path
    return file.read_text() if file.exists() else ""


def _commit(given: str) -> Mapping[str, str]:
    """What git says of ``HEAD``; where there is no git, as in the pipeline, the id is given.

    ``uncommitted`` says so when the working tree is not what is committed.
    """
    repository = Repository(ROOT)
    head = {} if given else repository.head()
    uncommitted = "with uncommitted changes" if head and repository.is_changed() else ""
    nothing = dict.fromkeys(("id", "subject", "author", "date"), "")
    return {**nothing, "id": given, **head, "uncommitted": uncommitted}
