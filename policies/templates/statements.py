"""IAM statements, wherever a template has them, and the roles that policies are attached to."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from policies.templates.template import Resource, StackTemplate, as_list, as_text, resources

ROLE = "AWS::IAM::Role"
IDENTITIES = (ROLE, "AWS::IAM::User", "AWS::IAM::Group")
IDENTITY_POLICIES = tuple(
    f"AWS::IAM::{kind}Policy" for kind in ("", "Managed", "Role", "User", "Group")
)
TRUST = "AssumeRolePolicyDocument"
# A policy names what it is attached to in one of these, by reference or by physical name.
ATTACHED_TO = ("Roles", "RoleName", "Users", "UserName", "Groups", "GroupName")
NOT = "NOT "
# Operator, key and values.
Condition: TypeAlias = tuple[str, str, frozenset[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One statement of a policy document, and the resource that contains it."""

    owner: Resource
    body: Mapping[str, Any]

    @property
    def allows(self) -> bool:
        return bool(self.body["Effect"] == "Allow")

    @property
    def actions(self) -> list[str]:
        return _texts(self.body.get("Action"))

    @property
    def resources(self) -> list[str]:
        return _texts(self.body.get("Resource"))

    def __str__(self) -> str:
        """Return everything that a waiver for it would accept: without a condition, it is void."""
        what = "@".join(",".join(sorted(side(self.body, key))) for key in ("Action", "Resource"))
        who = ",".join(sorted(principals(self.body)))
        limits = spelled(conditions(self.body))
        return f"{what}{f' by {who}' if who else ''}{f' if {limits}' if limits else ''}"


def side(body: Mapping[str, Any], key: str) -> list[str]:
    """Return what a statement names as ``key``, or as one text all that it leaves out."""
    negated = sorted(as_text(value) for value in as_list(body.get(f"Not{key}")))
    if negated:
        return [NOT + ",".join(negated)]
    return [as_text(value) for value in as_list(body.get(key))] or [""]


def principals(body: Mapping[str, Any]) -> list[str]:
    """Return each principal with its kind, as ``AWS:arn:…``; none for a policy of an identity."""
    if "NotPrincipal" in body:
        return [NOT + json.dumps(body["NotPrincipal"], sort_keys=True)]
    match body.get("Principal"):
        case None:
            return []
        case dict(by_kind):
            pairs = [(kind, as_text(who)) for kind in by_kind for who in as_list(by_kind[kind])]
            return ["*" if pair == ("AWS", "*") else ":".join(pair) for pair in pairs]
        case everyone:
            return [as_text(everyone)]


def conditions(body: Mapping[str, Any]) -> frozenset[Condition]:
    """Return each condition by itself; one that depends on another thing is a text of its own."""
    return frozenset(
        (operator, key, frozenset(as_text(value) for value in as_list(values)))
        for operator, keys in body.get("Condition", {}).items()
        for key, values in (keys if isinstance(keys, dict) else {"": as_text(keys)}).items()
    )


def spelled(limits: Iterable[Condition]) -> str:
    """Return conditions as one text, in a fixed order."""
    texts = (f"{operator} {key}={','.join(sorted(on))}" for operator, key, on in limits)
    return " and ".join(sorted(texts))


def of(*of_resources: Resource, trust: bool = False) -> Iterator[Statement]:
    """Yield all statements of resources; those of trust policies only with ``trust``."""
    for owner in of_resources:
        said = {key: part for key, part in owner.properties.items() if trust or key != TRUST}
        yield from (Statement(owner=owner, body=body) for body in written(said))


def written(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the statements of every policy document in ``value``, at any depth, JSON included.

    A statement that depends on a condition is yielded as it is with either outcome.
    """
    match value:
        case str() | {"Fn::Join": _}:
            text = as_text(value)
            if '"Statement"' in text:
                with suppress(json.JSONDecodeError):
                    yield from written(json.loads(text))
        case dict():
            yield from _listed(value.get("Statement"))
            yield from written([*value.values()])
        case list():
            for part in value:
                yield from written(part)


def _listed(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the members of a document's ``Statement``."""
    members = (part for each in branches(value) for one in as_list(each) for part in branches(one))
    for statement in members:
        if isinstance(statement, dict) and "Effect" in statement:
            yield from ({**statement, "Effect": effect} for effect in branches(statement["Effect"]))


def branches(value: object) -> Iterator[object]:
    """Yield what ``value`` may become: both sides of an ``Fn::If``, or itself."""
    match value:
        case {"Fn::If": [_, one, other]}:
            yield from branches(one)
            yield from branches(other)
        case _:
            yield value


def _texts(value: object) -> list[str]:
    """Return all that a part of a statement may say, sorted."""
    listed = (part for each in branches(value) for part in as_list(each))
    return sorted(as_text(each) for part in listed for each in branches(part))


def policies_of(identity: Resource, stacks: Sequence[StackTemplate]) -> Iterator[Resource]:
    """Yield the policies attached to ``identity``, those of other stacks included.

    A physical name is valid in the whole account, so a policy in any stack may use it.
    """
    for policy in resources(stacks, *IDENTITY_POLICIES):
        if any(_means(entry, policy, identity) for entry in _entries(policy)):
            yield policy


def attached_elsewhere(stacks: Sequence[StackTemplate]) -> Iterator[tuple[Resource, str]]:
    """Yield policies that are attached to an identity outside the app, with that identity."""
    identities = [*resources(stacks, *IDENTITIES)]
    for policy in resources(stacks, *IDENTITY_POLICIES):
        for entry in _entries(policy):
            if not any(_means(entry, policy, identity) for identity in identities):
                yield policy, as_text(entry)


def _entries(policy: Resource) -> list[object]:
    return [to for name in ATTACHED_TO for to in as_list(policy.properties.get(name))]


def _means(entry: object, policy: Resource, identity: Resource) -> bool:
    name = identity.properties.get(f"{identity.type.rpartition(':')[2]}Name")
    # What is made of more than the reference is another name.
    if policy.stack.path == identity.stack.path and entry == {"Ref": identity.logical_id}:
        return True
    same_account = policy.stack.account == identity.stack.account
    return same_account and name is not None and as_text(entry) == as_text(name)
