"""The review report: one document, from which every rendering is derived."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from typing import Any, TypeAlias

from bootstrap import boundary
from datasets.compatibility.comparison import DataComparison
from policies import patterns
from policies.changes import grants
from policies.changes.base_selection import PLACEHOLDER_ACCOUNT
from policies.changes.comparison import Base, compare
from policies.changes.resource_spec import Spec
from policies.check import MISSING, check
from policies.finding import Finding
from policies.gate import Verdict, why
from policies.register import PLUGINS, Waiver
from policies.templates import template
from policies.templates.assembly import Assembly, digest
from policies.templates.global_table import GLOBAL_TABLE
from policies.templates.template import Resource, StackTemplate
from review import attention, drawing, resources
from review.cost.estimate import estimate
from review.sources import Read, Sources, changed_lines, described, packages

# Relative to the repository.
RIGHTS = "bootstrap/actions.toml"
Stacks: TypeAlias = Sequence[StackTemplate]
# Finding by rule, region and path.
Rows: TypeAlias = Mapping[tuple[str, str, str], Mapping[str, Any]]
NAMES, FIELDS = patterns.beside(__file__).values()
REFERENCE = re.compile(r"<([^.>]+)[^>]*>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What is reviewed; ``read`` returns the text of a file in the repository.

    ``tests`` are the results of each suite, and ``published`` is what is wrong with the assets.
    """

    assembly: Assembly
    base: Base
    sources: Sources
    commit: Mapping[str, str]
    waivers: Sequence[Waiver]
    read: Read
    tests: Sequence[Mapping[str, Any]]
    today: date
    data: DataComparison
    published: Sequence[Finding] = ()


def report(subject: Subject) -> attention.Report:
    """Return the whole report; the same for the same subject, apart from the tests' durations."""
    assembly, base, sources = subject.assembly, subject.base, subject.sources
    verdict = check(assembly, subject.waivers, subject.today, subject.published)
    of_base = Assembly(folder=base.folder, stacks=(*base.stacks,)) if base.folder else None
    before = found(check(of_base, (), subject.today)) if of_base else None
    changes = compare(base, assembly.stacks, subject.waivers, Spec.load(), subject.data)
    changed = resources.rows(changes.updates)
    there = sources.read or subject.read  # the same if the base is no commit
    data = subject.data.as_data()
    for each in data["datasets"]:
        each["lines"] = changed_lines(there(each["module"]), subject.read(each["module"]))
    rights = tomllib.loads(subject.read(RIGHTS)), tomllib.loads(there(RIGHTS))
    made: attention.Report = {
        "commit": dict(subject.commit),
        "repository": repository(assembly.stacks),
        "assembly_hash": digest(assembly.stacks),
        "base": {"name": base.name, "commit": base.commit or None, "deployed": base.deployed},
        "sources": described(sources, subject.read),
        "problems": [asdict(finding) for finding in verdict.findings],
        # Without a report the verdict is red already.
        "findings": found_since(found(verdict) or {}, before),
        "data": data,
        "changes": {
            "hazards": [asdict(each) for each in changes.verdict.findings],
            "acknowledged": [asdict(each) | why(row) for each, row in changes.verdict.accepted],
            "resources": changed,
        },
        "iam": rights_of(assembly.stacks, base.stacks),
        "indexes": indexes(assembly.stacks),
        "cost": dict(estimate(assembly.stacks, base=base.stacks)),
        "tests": [*subject.tests],
        "sbom": packages(sources.guards),
        "bootstrap_changes": bootstrap_changes(assembly.stacks, base.stacks, rights),
        "drawing": drawing.drawn(changes.updates, changed),
        "verification": [],
    }
    return attention.judged(made)


def repository(stacks: Stacks) -> str:
    """Return the address of the repository that the pipeline reads; empty before it is set."""
    for pipeline in template.resources(stacks, "AWS::CodePipeline::Pipeline"):
        action = pipeline.properties["Stages"][0]["Actions"][0]["Configuration"]
        if pipeline.stack.account != PLACEHOLDER_ACCOUNT and "FullRepositoryId" in action:
            return f"https://github.com/{action['FullRepositoryId']}"
    return ""


def bootstrap_changes(now: Stacks, base: Stacks, rights: Sequence[object]) -> bool:
    """Return whether the bootstrap's policies must be updated before this is deployed.

    ``rights`` are the contents of ``actions.toml`` now and in the base. For a first deployment the
    policies were generated from this commit, so nothing has changed.
    """
    if not all(stack.template["Resources"] for stack in base):
        return False
    here, there = ({each.type for each in template.resources(of)} for of in (now, base))
    is_bound_alike = boundary.document(now, "") == boundary.document(base, "")
    return bool(here - there) or not is_bound_alike or rights[0] != rights[1]


def found(verdict: Verdict) -> Rows | None:
    """Return what packs and rules find, with why it is accepted; None if there is no report."""
    if any(each.rule == MISSING for each in verdict.findings):
        return None
    rows = dict.fromkeys(verdict.findings) | {each: why(row) for each, row in verdict.accepted}
    return {
        (each.rule, each.region, each.path): {**asdict(each), "waived": bool(row), "waiver": row}
        for each, row in rows.items()
        if each.gate in PLUGINS
    }


def found_since(now: Rows, base: Rows | None) -> list[dict[str, Any]]:
    """Return every finding with its ``state``, new ones first; unchanged if there is no base."""
    before = now if base is None else base
    rows = [{"state": "unchanged" if key in before else "new", **row} for key, row in now.items()]
    by = ("state", "waived", "rule", "region", "path")
    return sorted(rows, key=lambda row: [row[name] for name in by])


def rights_of(now: Stacks, base: Stacks) -> list[Mapping[str, Any]]:
    """Return a row per state, principal and resource, with its actions."""
    current, before = ({cell for one in stacks for cell in _cells(one)} for stacks in (now, base))
    states = {"new": current - before, "removed": before - current, "unchanged": current & before}
    return [
        {**dict(zip(FIELDS, (state, *cell), strict=True)), "actions": [each[-1] for each in group]}
        for state, cells in states.items()
        for cell, group in groupby(sorted(cells), key=lambda each: each[:-1])
    ]


def indexes(stacks: Stacks) -> Mapping[str, str]:
    """Return which attributes an index of a table has beside its keys, by the end of its ARN."""
    return {
        f"{_named(table)}/index/{index['IndexName']}": ",".join(
            index["Projection"].get("NonKeyAttributes", ())
        )
        for table in template.resources(stacks, GLOBAL_TABLE)
        for index in table.properties.get("GlobalSecondaryIndexes", ())
    }


def _cells(stack: StackTemplate) -> Iterator[tuple[str, ...]]:
    """Yield each action that a principal has, or is denied, on one resource: the fields, and it."""
    short = {id_: _named(resource) for id_, resource in stack.by_id().items()}
    for each in grants.of(stack):
        holder = _shortened(each.holder, short)
        who, effect = each.principal or holder, each.effect.lower()
        # The policy of a resource is about the one that it belongs to.
        on = holder if each.principal else _shortened(each.resource, short) or "(its own policy)"
        where = (stack.region, stack.name, who, effect, on, each.condition, each.owner.path)
        yield *where, each.action


def _shortened(text: str, short: Mapping[str, str]) -> str:
    """Replace the references in ``<LogicalId.Arn>/*`` by the names of the resources."""
    return REFERENCE.sub(lambda found: short.get(found[1], found[0]), text)


def _named(resource: Resource) -> str:
    written = (resource.properties.get(name) for name in NAMES)
    return next((name for name in written if isinstance(name, str)), resource.local)
