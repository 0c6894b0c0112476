"""``python -m policies changes``: what a deployment would do to what the base has deployed."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from policies import assembly
from policies.changes import acknowledged, bases
from policies.changes.revision import BaseError
from policies.changes.spec import Spec, SpecError
from policies.changes.verdict import judge

ERRORS = (BaseError, SpecError, acknowledged.RowsError, assembly.AssemblyError)


def add_to(verbs: "argparse._SubParsersAction[Any]") -> None:
    verb = verbs.add_parser("changes", help="compare an assembly with its base; exit 1 when red")
    verb.add_argument("--assembly", type=Path, default=Path("cdk.out"))
    bases.add_to(verb)
    verb.add_argument("--json", action="store_true", help="as JSON")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 when every hazard is acknowledged, 1 when not, 2 when there is nothing to compare."""
    try:
        stacks = assembly.read(options.assembly).stacks
        rows = acknowledged.parse(acknowledged.FILE.read_text())
        verdict = judge(bases.chosen(options, stacks), stacks, rows, Spec.load())
    except ERRORS as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(json.dumps(verdict.as_data(), indent=2) if options.json else verdict.text())
    return 0 if verdict.green else 1
