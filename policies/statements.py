"""IAM statements of a template, wherever they are written."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from policies import principals
from policies.template import Resource, StackTemplate, flat, listed

ROLE = "AWS::IAM::Role"
IDENTITIES = (ROLE, "AWS::IAM::User", "AWS::IAM::Group")
IDENTITY_POLICIES = (
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
)
TRUST = "AssumeRolePolicyDocument"


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    owner: Resource
    body: Mapping[str, Any]

    @property
    def allows(self) -> bool:
        return bool(self.body["Effect"] == "Allow")

    @property
    def actions(self) -> list[str]:
        return sorted(str(action) for action in listed(self.body.get("Action")))

    @property
    def resources(self) -> list[str]:
        return sorted(flat(resource) for resource in listed(self.body.get("Resource")))

    def __str__(self) -> str:
        """All that an acceptance of it accepts: whoever is let in is part of it."""
        what = f"{','.join(self.actions)}@{','.join(self.resources)}"
        who = ",".join(sorted(principals.named(self.body)))
        return f"{what} by {who}" if who else what


def identity_statements(stacks: Sequence[StackTemplate]) -> Iterator[Statement]:
    """What roles may do: their own documents and the policies attached to them."""
    for stack in stacks:
        for resource in stack.resources(*IDENTITIES, *IDENTITY_POLICIES):
            yield from of(resource)


def all_statements(stacks: Sequence[StackTemplate]) -> Iterator[Statement]:
    """Also what buckets, queues, topics and keys let others do, and whom roles trust."""
    for stack in stacks:
        for resource in stack.resources():
            yield from of(resource)
            yield from _of(resource, resource.properties.get(TRUST))


def of(resource: Resource) -> Iterator[Statement]:
    """All of a resource's statements but those of whom it trusts."""
    return _of(resource, {key: part for key, part in resource.properties.items() if key != TRUST})


def written(value: object) -> Iterator[Mapping[str, Any]]:
    """The statements of every document in ``value``, however deep; a document may be a text."""
    match value:
        case str() | {"Fn::Join": _}:
            text = flat(value)
            if '"Statement"' in text:
                with suppress(json.JSONDecodeError):
                    yield from written(json.loads(text))
        case dict():
            for statement in listed(value.get("Statement")):
                if isinstance(statement, dict) and "Effect" in statement:
                    yield statement
            for part in value.values():
                yield from written(part)
        case list():
            for part in value:
                yield from written(part)


def _of(resource: Resource, value: object) -> Iterator[Statement]:
    return (Statement(owner=resource, body=body) for body in written(value))
