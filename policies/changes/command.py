"""``python -m policies changes``: what a deployment would do to what the base has deployed."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from policies import assembly
from policies.changes import acknowledged, base_assembly
from policies.changes.hazard import ROWS
from policies.changes.revision import BaseError, Repository
from policies.changes.spec import Spec, SpecError
from policies.changes.verdict import Base, judge

ROOT = Path(__file__).resolve().parents[2]
ERRORS = (BaseError, SpecError, acknowledged.RowsError, assembly.AssemblyError)


def add_to(verbs: "argparse._SubParsersAction[Any]") -> None:
    verb = verbs.add_parser("changes", help="compare an assembly with its base; exit 1 when red")
    verb.add_argument("--assembly", type=Path, default=Path("cdk.out"))
    base = verb.add_mutually_exclusive_group()
    base.add_argument("--base", help="a git reference (default: last release, fork, or HEAD~1)")
    base.add_argument("--base-assembly", type=Path, help="instead: a folder synthesized before")
    verb.add_argument("--json", action="store_true", help="as JSON")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 when every hazard is acknowledged, 1 when not, 2 when there is nothing to compare."""
    try:
        stacks = assembly.read(options.assembly).stacks
        rows = acknowledged.parse(acknowledged.FILE.read_text())
        verdict = judge(_base(options), stacks, rows, Spec.load())
    except ERRORS as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(json.dumps(verdict.as_data(), indent=2) if options.json else verdict.text())
    return 0 if verdict.green else 1


def _base(options: argparse.Namespace) -> Base:
    if options.base_assembly:
        return Base(
            name=str(options.base_assembly), stacks=assembly.read(options.base_assembly).stacks
        )
    repository = Repository(ROOT)
    commit, name = repository.base(options.base)
    folder = base_assembly.of(commit, repository, base_assembly.synthesizer(ROOT))
    rows = acknowledged.parse(repository.file(commit, ROWS))
    return Base(name=name, stacks=assembly.read(folder).stacks, rows=rows)
