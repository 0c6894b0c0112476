"""A synthesized stack, read by type and physical name: logical ids never leave this module.

A reference reads as what it refers to: ``Queue(serverless-data-processor-dlq-prod).Arn``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

# The property that tells resources of a type apart.
NAME_PROPERTIES = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::Events::EventBus": "Name",
    "AWS::Events::Rule": "EventPattern",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Policy": "Roles",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Alias": "Name",
    "AWS::Lambda::EventInvokeConfig": "FunctionName",
    "AWS::Lambda::EventSourceMapping": "FunctionName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Lambda::Permission": "SourceArn",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::S3::BucketPolicy": "Bucket",
    "AWS::S3::MultiRegionAccessPoint": "Name",
    "AWS::S3::MultiRegionAccessPointPolicy": "MrapName",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::SNS::Subscription": "Endpoint",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SNS::TopicPolicy": "Topics",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SQS::QueuePolicy": "Queues",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """``properties`` and ``depends_on`` hold references in their readable form.

    ``path`` is the construct's, for the message of a test that fails.
    """

    type: str
    name: str
    path: str
    properties: Mapping[str, Any]
    depends_on: frozenset[str]
    retained: bool

    def __str__(self) -> str:
        return f"{self.type.rsplit('::', 1)[1]}({self.name})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stack:
    region: str
    peer_region: str
    account: str
    document: Mapping[str, Any]
    resources: tuple[Resource, ...]
    outputs: Mapping[str, str]

    @classmethod
    def read(cls, document: Mapping[str, Any], *, region: str, peer: str, account: str) -> Self:
        reader = _Reader(document["Resources"])
        return cls(
            region=region,
            peer_region=peer,
            account=account,
            document=document,
            resources=tuple(reader.resource(id_) for id_ in document["Resources"]),
            outputs={
                key: reader.readable(output["Value"])
                for key, output in document.get("Outputs", {}).items()
            },
        )

    def all(self, type_: str) -> list[Resource]:
        return [resource for resource in self.resources if resource.type == type_]

    def one(self, type_: str, name: str | None = None) -> Resource:
        """Return the one resource of a type, or with a name; else say which there are instead."""
        there = self.all(type_)
        found = [each for each in there if name in (None, each.name)]
        if len(found) == 1:
            return found[0]
        asked = f"{type_} named {name!r}" if name else type_
        counted = len(found) or "none, only" if there else "none"
        listed = "".join(f"\n  {each.name!r} at {each.path}" for each in found or there)
        raise LookupError(f"expected one {asked} in {self.region}, found {counted}{listed}")


def statements(node: object) -> Iterator[Mapping[str, Any]]:
    """Every statement of every policy document below ``node``, lists in place of single values."""
    if isinstance(node, Mapping):
        for statement in node.get("Statement", []):
            yield statement | {
                key: _listed(statement.get(key, [])) for key in ("Action", "Resource")
            }
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from statements(child)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


class _Reader:
    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw

    def resource(self, id_: str) -> Resource:
        raw = self._raw[id_]
        policies = {raw.get("DeletionPolicy"), raw.get("UpdateReplacePolicy")}
        return Resource(
            type=raw["Type"],
            name=self._name(id_),
            path=raw.get("Metadata", {}).get("aws:cdk:path", id_),
            properties=self.readable(raw.get("Properties", {})),
            depends_on=frozenset(self._reference(other) for other in raw.get("DependsOn", [])),
            retained=policies <= {"Retain", "RetainExceptOnCreate"},
        )

    def readable(self, node: Any) -> Any:  # noqa: ANN401  # JSON in, JSON out
        match node:
            case {"Fn::Select": [int(), {"Fn::Split": [str(), dict(whole)]}]}:
                node = whole
        match node:
            case {"Ref": str(id_)}:
                return self._reference(id_)
            case {"Fn::GetAtt": [str(id_), str(attribute)]}:
                return f"{self._reference(id_)}.{attribute}"
            case {"Fn::Join": [str(separator), list(parts)]}:
                return separator.join(self.readable(part) for part in parts)
            case dict():
                return {key: self.readable(value) for key, value in node.items()}
            case list():
                return [self.readable(each) for each in node]
        return node

    def _reference(self, id_: str) -> str:
        if id_ not in self._raw:
            return f"Ref({id_})"
        return f"{self._raw[id_]['Type'].rsplit('::', 1)[1]}({self._name(id_)})"

    def _name(self, id_: str) -> str:
        raw = self._raw[id_]
        name = raw.get("Properties", {}).get(NAME_PROPERTIES.get(raw["Type"], ""), "")
        readable = self.readable(name)
        if (
            raw["Type"] == "AWS::IAM::Policy"
            and "DefaultPolicy" not in raw["Properties"]["PolicyName"]
        ):
            readable = [*readable, id_[:-8]]  # a second policy of the same role, without the digest
        if isinstance(readable, dict):  # of an event
            ids = readable.get("detail", {}).get("recordId", [])
            readable = [*readable["detail-type"], *(each for each in ids if isinstance(each, str))]
        return ", ".join(readable) if isinstance(readable, list) else str(readable)
