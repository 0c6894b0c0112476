"""The policies of CloudFormation's role, which are passed to the bootstrap.

``actions.toml`` has the permissions that CloudFormation needs for each resource type, and
``common_actions.toml`` those for no one type.
"""

import json
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from naming import BOOTSTRAP_QUALIFIER, BOUNDARY, REGIONS
from policies.templates.template import replaced

# IAM's limit for a managed policy, in characters without white space.
LONGEST = 6144
VERSION = "2012-10-17"
FOLDER = Path(__file__).parent
IN_REGIONS = {"aws:RequestedRegion": list(REGIONS)}

Statement = Mapping[str, Any]
Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """The permissions for one resource type, or for what belongs to no one type.

    ``actions`` are limited to ``resources``, and to what is ``equal`` to one of several values: if
    the row says nothing of it, to the project's regions. ``also`` has no such conditions,
    ``anywhere`` no resource. ``passed_to`` names the services that a role may be passed to.
    ``across_accounts`` reaches the same resources of a second account. An ``optional`` type is
    included even if the app does not use it.
    """

    actions: Sequence[str]
    resources: Sequence[str]
    equal: Mapping[str, object] = field(default_factory=lambda: IN_REGIONS)
    also: Sequence[str] = ()
    across_accounts: Sequence[str] = ()
    anywhere: Sequence[str] = ()
    passed_to: Sequence[str] = ()
    optional: bool = False


def load(file: str = "actions.toml") -> Mapping[str, Rights]:
    """Return the permissions by resource type, or else by the name of what they are for."""
    rows = tomllib.loads((FOLDER / file).read_text())
    return {name: Rights(**row) for name, row in rows.items()}


def needed(used: Collection[str], *, across_accounts: bool) -> Mapping[str, Rights]:
    """Return the permissions of the ``used``, if known, and optional types, and of no one type."""
    here = {type_: row for type_, row in load().items() if type_ in used or row.optional}
    here |= load("common_actions.toml")
    if across_accounts:
        return here
    return {name: replace(row, across_accounts=()) for name, row in here.items()}


def execution(rights: Mapping[str, Rights], account: str) -> list[Document]:
    """Return the policies, as many as IAM's size limit requires.

    Types with the same resources and conditions share a statement, named after the first: what
    one of them has already needs no second statement, and nothing is granted twice.
    """
    statements = [each for name, row in rights.items() for each in _statements(name, row)]
    values = {"{account}": account, "{boundary}": BOUNDARY, "{qualifier}": BOOTSTRAP_QUALIFIER}
    return list(_packed(json.loads(replaced(json.dumps(_merged(statements)), values))))


def size(document: Document) -> int:
    """Return the characters that count towards IAM's limit."""
    return len(json.dumps(document, separators=(",", ":")))


def _statements(name: str, row: Rights) -> Iterator[Statement]:
    yield allow(name, row.actions, row.resources, row.equal)
    if row.also:
        yield allow(f"{name}Also", row.also, row.resources, {})
    if row.across_accounts:
        both = [arn.replace("{account}", "*") for arn in row.resources]
        yield allow(f"{name}Across", row.across_accounts, both, row.equal)
    if row.anywhere:
        yield allow("Anywhere", row.anywhere, ["*"], IN_REGIONS)
    if row.passed_to:
        passed = {"iam:PassedToService": list(row.passed_to)}
        yield allow(f"{name}Passed", ["iam:PassRole"], row.resources, passed)


def _merged(statements: Sequence[Statement]) -> list[Statement]:
    """Return one statement for all that differ in their actions only."""
    merged: dict[str, Statement] = {}
    for each in statements:
        where = json.dumps([each["Resource"], each.get("Condition")], sort_keys=True)
        first = merged.get(where, each)
        merged[where] = {**first, "Action": sorted({*first["Action"], *each["Action"]})}
    return [*merged.values()]


def allow(
    name: str, actions: Sequence[str], resources: Sequence[str], equal: Mapping[str, object]
) -> Statement:
    """Return a statement, with the keys that must be ``equal`` to one of several values."""
    statement = {
        "Sid": name.replace("::", ""),
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": list(resources),
    }
    return {**statement, "Condition": {"StringEquals": dict(equal)}} if equal else statement


def _packed(statements: Sequence[Statement]) -> Iterator[Document]:
    """Yield documents that keep the order; a new one starts where a statement does not fit."""
    packed: list[Statement] = []
    for statement in statements:
        longer = {"Version": VERSION, "Statement": [*packed, statement]}
        if packed and size(longer) > LONGEST:
            yield {"Version": VERSION, "Statement": packed}
            packed = []
        packed.append(statement)
    yield {"Version": VERSION, "Statement": packed}
