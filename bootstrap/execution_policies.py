"""The policies of CloudFormation's role, which are passed to the bootstrap.

``actions.toml`` has the permissions that CloudFormation needs for each resource type.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from naming import BOOTSTRAP_QUALIFIER, BOUNDARY, REGIONS

# IAM's limit for a managed policy, in characters without white space.
LONGEST = 6144
VERSION = "2012-10-17"
FOLDER = Path(__file__).parent

Statement = Mapping[str, Any]
Document = Mapping[str, Any]


class UncoveredError(Exception):
    """The app has a type that is not in ``actions.toml``; the message names it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TypeRights:
    """The permissions for one resource type.

    ``actions`` are limited to ``resources`` and, if ``only_bounded``, to roles with the boundary;
    ``also`` has no such conditions, ``anywhere`` no resource. ``passed_to`` names the services
    that a role may be passed to. ``across_accounts`` reaches the same resources of a second
    account. An ``optional`` type is included even if the app does not use it.
    """

    actions: Sequence[str]
    resources: Sequence[str]
    also: Sequence[str] = ()
    across_accounts: Sequence[str] = ()
    anywhere: Sequence[str] = ()
    passed_to: Sequence[str] = ()
    only_bounded: bool = False
    optional: bool = False


def load() -> Mapping[str, TypeRights]:
    """Return the permissions by resource type."""
    rows = tomllib.loads((FOLDER / "actions.toml").read_text())
    return {type_: TypeRights(**row) for type_, row in rows.items()}


def needed(
    used: Iterable[str], known: Mapping[str, TypeRights], *, across_accounts: bool
) -> Mapping[str, TypeRights]:
    """Return the permissions of the ``used`` and the optional types.

    Raise ``UncoveredError`` if a used type is unknown.
    """
    types = set(used)
    if unknown := sorted(types - known.keys()):
        raise UncoveredError(
            f"bootstrap/actions.toml lacks {', '.join(unknown)}: add the actions that "
            "CloudFormation calls, then update the bootstrap's policies (docs/deployment.md)"
        )
    here = {type_: row for type_, row in known.items() if type_ in types or row.optional}
    if across_accounts:
        return here
    return {type_: replace(row, across_accounts=()) for type_, row in here.items()}


def execution(rights: Mapping[str, TypeRights], account: str) -> list[Document]:
    """Return the policies, as many as IAM's size limit requires.

    Types with the same resources and conditions share a statement, named after the first: what
    one of them has already needs no second statement, and nothing is granted twice.
    """
    statements = [
        statement for type_, row in rights.items() for statement in _statements(type_, row, account)
    ]
    across = any(row.across_accounts for row in rights.values())
    return list(_packed([*_merged(statements), *_common(account, across_accounts=across)]))


def size(document: Document) -> int:
    """Return the characters that count towards IAM's limit."""
    return len(json.dumps(document, separators=(",", ":")))


def _statements(type_: str, row: TypeRights, account: str) -> Iterator[Statement]:
    resources = [arn.format(account=account) for arn in row.resources]
    bounded = {"iam:PermissionsBoundary": f"arn:aws:iam::{account}:policy/{BOUNDARY}"}
    limits = bounded if row.only_bounded else {}
    regions = {"aws:RequestedRegion": list(REGIONS)}
    is_global = all(arn.startswith(("arn:aws:iam:", "arn:aws:s3:")) for arn in row.resources)
    where = {} if is_global else regions
    yield allow(type_, row.actions, resources, {**where, **limits})
    if row.also:
        yield allow(f"{type_}Also", row.also, resources, {})
    if row.across_accounts:
        both = [arn.format(account="*") for arn in row.resources]
        yield allow(f"{type_}Across", row.across_accounts, both, where)
    if row.anywhere:
        yield allow("Anywhere", row.anywhere, ["*"], regions)
    if row.passed_to:
        passed = {"iam:PassedToService": list(row.passed_to)}
        yield allow(f"{type_}Passed", ["iam:PassRole"], resources, passed)


def _merged(statements: Sequence[Statement]) -> Iterator[Statement]:
    """Yield one statement for all that differ in their actions only."""
    alike: dict[str, list[Statement]] = {}
    for each in statements:
        where = json.dumps([each["Resource"], each.get("Condition")], sort_keys=True)
        alike.setdefault(where, []).append(each)
    for first, *others in alike.values():
        actions = {action for each in (first, *others) for action in each["Action"]}
        yield {**first, "Action": sorted(actions)}


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


def _common(account: str, *, across_accounts: bool) -> Iterator[Statement]:
    """Yield the rest, for no one type: the bootstrap, its assets, replication, the table key."""
    values = {"account": account, "qualifier": BOOTSTRAP_QUALIFIER}
    rows = tomllib.loads((FOLDER / "common_actions.toml").read_text())
    for name, row in rows.items():
        across = row.get("across_accounts", []) if across_accounts else []
        resources = [arn.format(**values) for arn in row["resources"]]
        yield allow(name, [*row["actions"], *across], resources, row.get("equal", {}))


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
