"""IAM statements of a template, wherever they are written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies.global_table import GLOBAL_TABLE
from policies.template import Resource, StackTemplate, flat, listed

IDENTITY_POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
ROLE = "AWS::IAM::Role"
DOCUMENTS = ("PolicyDocument", "KeyPolicy", "ResourcePolicy")


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
        """In an id's spelling: CDK allows no spaces there."""
        return f"{','.join(self.actions)}@{','.join(self.resources)}"


def identity_statements(stacks: Sequence[StackTemplate]) -> Iterator[Statement]:
    """What roles may do: their own documents and the policies attached to them."""
    for stack in stacks:
        for resource in stack.resources(ROLE, *IDENTITY_POLICIES):
            yield from of(resource)


def all_statements(stacks: Sequence[StackTemplate]) -> Iterator[Statement]:
    """Also what buckets, queues, topics and keys let others do."""
    for stack in stacks:
        for resource in stack.resources():
            yield from of(resource)


def of(resource: Resource) -> Iterator[Statement]:
    properties = resource.properties
    inline = [policy["PolicyDocument"] for policy in listed(properties.get("Policies"))]
    documents = [properties[key] for key in DOCUMENTS if isinstance(properties.get(key), dict)]
    replicas = [each["ResourcePolicy"] for each in _replicas(resource) if "ResourcePolicy" in each]
    documents += [policy["PolicyDocument"] for policy in replicas]
    for document in (*documents, *(inline if resource.type == ROLE else [])):
        for body in listed(document["Statement"]):
            yield Statement(owner=resource, body=body)


def _replicas(resource: Resource) -> list[Mapping[str, Any]]:
    return listed(resource.properties.get("Replicas")) if resource.type == GLOBAL_TABLE else []
