"""The policies of CloudFormation's role, which are passed to the bootstrap."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bootstrap.type_rights import TypeRights
from naming import BOOTSTRAP_QUALIFIER, BOUNDARY, REGIONS

# IAM's limit for a managed policy, in characters without white space.
LONGEST = 6144
VERSION = "2012-10-17"
COMMON = Path(__file__).parent / "common_actions.toml"

Statement = Mapping[str, Any]
Document = Mapping[str, Any]


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


def boundary_arn(account: str) -> str:
    """Return the ARN of the permissions boundary of every role of the app."""
    return f"arn:aws:iam::{account}:policy/{BOUNDARY}"


def size(document: Document) -> int:
    """Return the characters that count towards IAM's limit."""
    return len(json.dumps(document, separators=(",", ":")))


def _statements(type_: str, row: TypeRights, account: str) -> Iterator[Statement]:
    resources = [arn.format(account=account) for arn in row.resources]
    bounded = {"iam:PermissionsBoundary": boundary_arn(account)}
    limits = bounded if row.only_bounded else {}
    where = {} if _is_global(row) else {"aws:RequestedRegion": list(REGIONS)}
    yield _allow(type_, row.actions, resources, {**where, **limits})
    if row.also:
        yield _allow(f"{type_}Also", row.also, resources, {})
    if row.across_accounts:
        both = [arn.format(account="*") for arn in row.resources]
        yield _allow(f"{type_}Across", row.across_accounts, both, where)
    if row.anywhere:
        regions = {"aws:RequestedRegion": list(REGIONS)}
        yield _allow("Anywhere", row.anywhere, ["*"], regions)
    if row.passed_to:
        passed = {"iam:PassedToService": list(row.passed_to)}
        yield _allow(f"{type_}Passed", ["iam:PassRole"], resources, passed)


def _merged(statements: Sequence[Statement]) -> Iterator[Statement]:
    """Yield one statement for all that differ in their actions only."""
    alike: dict[str, list[Statement]] = {}
    for each in statements:
        where = json.dumps([each["Resource"], each.get("Condition")], sort_keys=True)
        alike.setdefault(where, []).append(each)
    for first, *others in alike.values():
        actions = {action for each in (first, *others) for action in each["Action"]}
        yield {**first, "Action": sorted(actions)}


def _is_global(row: TypeRights) -> bool:
    return all(arn.startswith(("arn:aws:iam:", "arn:aws:s3:")) for arn in row.resources)


def _allow(
    name: str, actions: Sequence[str], resources: Sequence[str], equal: Mapping[str, object]
) -> Statement:
    statement: dict[str, Any] = {
        "Sid": name.replace("::", ""),
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": list(resources),
    }
    return {**statement, "Condition": {"StringEquals": dict(equal)}} if equal else statement


def _common(account: str, *, across_accounts: bool) -> list[Statement]:
    """Return the rest, for no one type: the bootstrap, its assets, replication, the table key."""
    values = {"account": account, "qualifier": BOOTSTRAP_QUALIFIER}
    found = []
    for name, row in tomllib.loads(COMMON.read_text()).items():
        across = row.get("across_accounts", []) if across_accounts else []
        resources = [arn.format(**values) for arn in row["resources"]]
        found.append(_allow(name, [*row["actions"], *across], resources, row.get("equal", {})))
    return found


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
