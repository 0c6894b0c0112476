"""Puts the review report together: one document, of which every rendering is a function."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from policies import register
from policies.assembly import Assembly
from policies.bootstrap import boundary
from policies.changes.acknowledged import Acknowledgement
from policies.changes.spec import Replacement, Spec
from policies.changes.verdict import Base
from policies.changes.verdict import Verdict as ChangesVerdict
from policies.changes.verdict import judge as judge_changes
from policies.problem import Problem
from policies.report import ReportError
from policies.review import diagram, findings, iam_matrix, packages, suites
from policies.review.cost import estimate
from policies.template import StackTemplate
from policies.verdict import Verdict, judge

# As seen from the repository.
RIGHTS = "policies/bootstrap/actions.toml"

Report: TypeAlias = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What is reviewed. ``read`` and ``read_base`` give the text of a file in the repository."""

    assembly: Assembly
    base: Base
    commit: Mapping[str, str]
    rows: Sequence[Acknowledgement]
    read: packages.Read
    read_base: packages.Read | None
    test_results: Path
    today: date


def report(subject: Subject) -> Report:
    """The whole report; the same for the same subject, but for how long its tests took."""
    assembly, base = subject.assembly, subject.base
    verdict = judge(assembly, register.load(), subject.today)
    changes = judge_changes(base, assembly.stacks, subject.rows, Spec.load())
    rows = findings.compared(_told(assembly, verdict), _told_of(base))
    tests = suites.suites(subject.test_results)
    made: Report = {
        "commit": dict(subject.commit),
        "assembly_hash": assembly_hash(assembly.stacks),
        "base": {"name": base.name, "commit": base.commit or None},
        "problems": [asdict(problem) for problem in verdict.problems],
        "findings": rows,
        "changes": _changes(changes),
        "iam": iam_matrix.rows(assembly.stacks, base.stacks),
        "cost": _cost(assembly.stacks, base.stacks),
        "tests": {"suites": tests} if tests else None,
        "sbom": packages.compared(subject.read, subject.read_base),
        "diagram": {
            "mermaid": diagram.mermaid(assembly.stacks),
            "svg": diagram.svg(assembly.stacks),
        },
        "bootstrap_changes": bootstrap_changes(assembly.stacks, base.stacks, _rights(subject)),
        "verification": [],
    }
    return judged(made)


def with_verification(made: Report, outcomes: Sequence[Mapping[str, Any]]) -> Report:
    """The report with a region's newest proof in place of an older one."""
    proofs = {each["region"]: each for each in (*made["verification"], *outcomes)}
    return judged({**made, "verification": [proofs[region] for region in sorted(proofs)]})


def judged(made: Report) -> Report:
    """The report with its verdict, which comes first and follows from all the rest."""
    wrong = list(_wrong(made))
    verdict = {
        "colour": "red" if wrong else "green",
        "reasons": wrong or list(_worth_a_look(made)),
    }
    rest = {name: part for name, part in made.items() if name != "verdict"}
    return {"verdict": verdict, **rest}


def assembly_hash(stacks: Sequence[StackTemplate]) -> str:
    """Of every template; assets are named in them by the hash of their content."""
    digest = hashlib.sha256()
    for stack in sorted(stacks, key=lambda stack: stack.path):
        digest.update(f"{stack.path}\0{stack.account}\0{stack.region}\0".encode())
        digest.update(json.dumps(stack.template, sort_keys=True).encode())
    return digest.hexdigest()


def bootstrap_changes(
    now: Sequence[StackTemplate], base: Sequence[StackTemplate], rights: tuple[str, str]
) -> bool:
    """Whether a person must update the bootstrap's policies before this can be deployed.

    ``rights`` is what ``actions.toml`` says now and said in the base. Of what is deployed for the
    first time, the policies were made from this commit.
    """
    if not all(stack.template["Resources"] for stack in base):
        return False
    here, there = (
        {each.type for one in stacks for each in one.resources()} for stacks in (now, base)
    )
    is_bound_alike = boundary.document(now, "") == boundary.document(base, "")
    return bool(here - there) or not is_bound_alike or rights[0] != rights[1]


def _rights(subject: Subject) -> tuple[str, str]:
    """What is deployed does not say by which rights it was: they count as the same."""
    now = subject.read(RIGHTS)
    return now, subject.read_base(RIGHTS) if subject.read_base else now


def _told(assembly: Assembly, verdict: Verdict) -> findings.Told:
    try:
        return findings.read(assembly.folder, assembly.stacks, verdict.granted)
    except ReportError:  # the verdict is red for it already
        return findings.Told(stacks=assembly.stacks, entries={})


def _told_of(base: Base) -> findings.Told | None:
    try:
        return findings.read(base.folder, base.stacks, ())
    except ReportError:
        return None


def _changes(verdict: ChangesVerdict) -> Mapping[str, Any]:
    data = verdict.as_data()
    return {
        "hazards": data["problems"],
        "acknowledged": data["acknowledged"],
        "resources": data["changes"],
    }


def _cost(now: Sequence[StackTemplate], base: Sequence[StackTemplate]) -> Mapping[str, Any]:
    current, before = dict(estimate(now)), estimate(base)["monthly_usd"]
    delta = round(current["monthly_usd"] - before, 2)
    return {**current, "base_monthly_usd": before, "delta_usd": delta}


def _wrong(made: Report) -> Iterator[str]:
    for problem in (*made["problems"], *made["changes"]["hazards"]):
        told = Problem(**problem)
        where = ", ".join(part for part in (told.region, told.path) if part)
        what = ": ".join(part for part in (told.rule, told.message) if part)
        yield f"{told.verdict} at {where}: {what}"
    for suite in (made["tests"] or {"suites": []})["suites"]:
        if suite["failed"]:
            yield f"tests: {suite['failed']} of {suite['name']} failed"
    for proof in made["verification"]:
        if proof["verdict"] != "passed":
            yield f"verification of {proof['region']}: {proof['error']}"


def _worth_a_look(made: Report) -> Iterator[str]:
    if made["bootstrap_changes"]:
        yield "before it is deployed: update the bootstrap's policies (docs/deployment.md)"
    resources = made["changes"]["resources"]
    counts = {
        "resources are replaced": sum(each["replacement"] != Replacement.NO for each in resources),
        "resources with data are removed or replaced": sum(each["data_loss"] for each in resources),
        "hazards are acknowledged": len(made["changes"]["acknowledged"]),
        "findings are newly accepted": sum(
            each["state"] == findings.NEW and each["waived"] for each in made["findings"]
        ),
        "rights are new": sum(
            each["state"] == "new" and each["effect"] != "deny" for each in made["iam"]
        ),
    }
    yield from (f"{count} {what}" for what, count in counts.items() if count)
