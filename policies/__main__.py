"""``python -m policies``: ``check`` or ``review`` an assembly, its ``changes``, the ``waivers``."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from policies import assembly, register, rules
from policies.bootstrap import command as bootstrap
from policies.changes import command as changes
from policies.flaws import PLUGINS
from policies.register import Grant, Waiver
from policies.review import command as review
from policies.review import publish
from policies.verdict import Verdict, judge


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    status: int = options.run(options)
    return status


def _waivers(options: argparse.Namespace) -> int:
    waivers = register.load()
    print(_json([_row(waiver) for waiver in waivers]) if options.json else table(waivers))
    return 0


def _check(options: argparse.Namespace) -> int:
    try:
        read = assembly.read(options.assembly)
    except assembly.AssemblyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    verdict = judge(read, register.load(), datetime.now(tz=UTC).date())
    print(_json(as_data(verdict)) if options.json else text(verdict))
    return 0 if verdict.green else 1


def text(verdict: Verdict) -> str:
    problems = "\n\n".join(str(problem) for problem in verdict.problems)
    colour = "green" if verdict.green else f"RED, {len(verdict.problems)} problem(s)"
    kinds = {grant.waiver.kind for grant in verdict.granted}
    summary = (
        f"policies: {colour}. {verdict.stacks} stacks, {len(PLUGINS) - 1} packs, "
        f"{len(rules.RULES)} project rules; {len(verdict.granted)} findings accepted "
        f"for {len(kinds)} reasons (python -m policies waivers)"
    )
    return f"{problems}\n\n{summary}" if problems else summary


def as_data(verdict: Verdict) -> Mapping[str, Any]:
    return {
        "verdict": "green" if verdict.green else "red",
        "stacks": verdict.stacks,
        "problems": [asdict(problem) for problem in verdict.problems],
        "accepted": [_grant(grant) for grant in verdict.granted],
    }


def table(waivers: Sequence[Waiver]) -> str:
    """The register by kind: the reason once, then its rows in columns."""
    return "\n\n".join(
        _kind(kind, list(rows)) for kind, rows in groupby(waivers, key=lambda waiver: waiver.kind)
    )


def _kind(kind: str, rows: Sequence[Waiver]) -> str:
    head = f"{kind}  ({rows[0].owner}, review by {rows[0].review_by})\n  {rows[0].reason}"
    width = max(len(row.finding) for row in rows)
    lines = [f"  {row.finding:<{width}}  {row.path}{_only(row)}" for row in rows]
    return "\n".join([head, *lines])


def _only(waiver: Waiver) -> str:
    return f"  ({', '.join(waiver.stages)} only)" if waiver.stages else ""


def _row(waiver: Waiver) -> Mapping[str, Any]:
    return {**asdict(waiver), "review_by": waiver.review_by.isoformat()}


def _grant(grant: Grant) -> Mapping[str, Any]:
    return {
        "rule": grant.finding,
        "region": grant.place.region,
        "path": grant.path,
        "kind": grant.waiver.kind,
        "reason": grant.waiver.reason,
        "owner": grant.waiver.owner,
        "review_by": grant.waiver.review_by.isoformat(),
    }


def _json(data: object) -> str:
    return json.dumps(data, indent=2)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m policies", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", help="judge a synthesized assembly; exit 1 when it is red")
    check.add_argument("--assembly", type=Path, default=Path("cdk.out"))
    for command in (changes, review, publish, bootstrap):
        command.add_to(verbs)
    waivers = verbs.add_parser("waivers", help="print the register of accepted findings")
    for verb, run in ((check, _check), (waivers, _waivers)):
        verb.set_defaults(run=run)
        verb.add_argument("--json", action="store_true", help="as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
