"""The review report: one document, from which every rendering is derived."""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from bootstrap import boundary
from policies.changes.comparison import Base, Comparison, compare
from policies.changes.data.comparison import DataComparison
from policies.changes.resource_spec import Spec
from policies.check import check
from policies.finding import Finding
from policies.gate import Verdict
from policies.register import Waiver
from policies.templates.assembly import Assembly
from policies.templates.template import StackTemplate
from policies.validation_report import ReportError
from review import diagram, findings, iam_matrix, packages, test_results
from review.attention import worth_a_look
from review.cost import estimate

# Relative to the repository.
RIGHTS = "bootstrap/actions.toml"
RIGHTS_OF_OLDER_COMMITS = "policies/bootstrap/actions.toml"

Rights: TypeAlias = dict[str, Any]

Report: TypeAlias = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What is reviewed; ``read`` and ``read_base`` return the text of a file in the repository."""

    assembly: Assembly
    base: Base
    commit: Mapping[str, str]
    waivers: Sequence[Waiver]
    read: packages.Read
    read_base: packages.Read | None
    test_results: Path
    today: date
    data: DataComparison


def report(subject: Subject) -> Report:
    """Return the whole report; the same for the same subject, apart from the tests' durations."""
    assembly, base = subject.assembly, subject.base
    verdict = check(assembly, subject.waivers, subject.today)
    changes = compare(base, assembly.stacks, subject.waivers, Spec.load(), subject.data)
    rows = findings.compared(_reported(assembly, verdict), _reported_of(base))
    tests = test_results.suites(subject.test_results)
    made: Report = {
        "commit": dict(subject.commit),
        "assembly_hash": assembly_hash(assembly.stacks),
        "base": {"name": base.name, "commit": base.commit or None},
        "problems": [asdict(finding) for finding in verdict.findings],
        "findings": rows,
        "data": subject.data.as_data(),
        "changes": _changes(changes),
        "iam": iam_matrix.rows(assembly.stacks, base.stacks),
        "cost": dict(estimate(assembly.stacks, base=base.stacks)),
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
    """Return the report with the outcomes added; a newer outcome of a region replaces an older."""
    by_region = {each["region"]: each for each in (*made["verification"], *outcomes)}
    return judged({**made, "verification": [by_region[region] for region in sorted(by_region)]})


def judged(made: Report) -> Report:
    """Return the report with its verdict, which comes first and follows from everything else."""
    wrong = list(_wrong(made))
    verdict = {
        "colour": "red" if wrong else "green",
        "reasons": wrong or list(worth_a_look(made)),
    }
    rest = {name: part for name, part in made.items() if name != "verdict"}
    return {"verdict": verdict, **rest}


def assembly_hash(stacks: Sequence[StackTemplate]) -> str:
    """Return a hash of every template, and so of the assets, which templates name by content."""
    digest = hashlib.sha256()
    for stack in sorted(stacks, key=lambda stack: stack.path):
        digest.update(f"{stack.path}\0{stack.account}\0{stack.region}\0".encode())
        digest.update(json.dumps(stack.template, sort_keys=True).encode())
    return digest.hexdigest()


def bootstrap_changes(
    now: Sequence[StackTemplate], base: Sequence[StackTemplate], rights: tuple[Rights, Rights]
) -> bool:
    """Return whether the bootstrap's policies must be updated before this is deployed.

    ``rights`` are the contents of ``actions.toml`` now and in the base. For a first deployment the
    policies were generated from this commit, so nothing has changed.
    """
    if not all(stack.template["Resources"] for stack in base):
        return False
    here, there = (
        {each.type for one in stacks for each in one.resources()} for stacks in (now, base)
    )
    is_bound_alike = boundary.document(now, "") == boundary.document(base, "")
    return bool(here - there) or not is_bound_alike or rights[0] != rights[1]


def _rights(subject: Subject) -> tuple[Rights, Rights]:
    """Return ``actions.toml`` now and in the base; the same if the base is no commit."""
    now = tomllib.loads(subject.read(RIGHTS))
    if subject.read_base is None:
        return now, now
    before = subject.read_base(RIGHTS) or subject.read_base(RIGHTS_OF_OLDER_COMMITS)
    return now, tomllib.loads(before)


def _reported(assembly: Assembly, verdict: Verdict) -> findings.Rows:
    try:
        return findings.read(assembly.folder, assembly.stacks, verdict.accepted)
    except ReportError:  # the verdict is red because of it already
        return {}


def _reported_of(base: Base) -> findings.Rows | None:
    try:
        return findings.read(base.folder, base.stacks)
    except ReportError:
        return None


def _changes(comparison: Comparison) -> Mapping[str, Any]:
    data = comparison.as_data()
    return {
        "hazards": data["problems"],
        "acknowledged": data["accepted"],
        "resources": data["changes"],
    }


def _wrong(made: Report) -> Iterator[str]:
    for written in (*made["problems"], *made["changes"]["hazards"]):
        found = Finding(**written)
        where = ", ".join(part for part in (found.region, found.path) if part)
        yield f"{found.gate} at {where}: {found.rule}: {found.message}"
    for suite in (made["tests"] or {"suites": []})["suites"]:
        if suite["failed"]:
            yield f"tests: {suite['failed']} of {suite['name']} failed"
    for outcome in made["verification"]:
        if outcome["verdict"] != "passed":
            yield f"verification of {outcome['region']}: {outcome['error']}"
