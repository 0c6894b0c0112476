"""Stateful resources survive the deletion of their stack, their removal and their replacement."""

from collections.abc import Iterator, Sequence

from policies.finding import Finding, at
from policies.templates.template import StackTemplate

REMEDY = "set removal_policy=RemovalPolicy.RETAIN or RETAIN_ON_UPDATE_OR_DELETE"
STATEFUL = (
    "AWS::S3::Bucket",
    "AWS::DynamoDB::Table",
    "AWS::DynamoDB::GlobalTable",
    "AWS::SQS::Queue",
    "AWS::Logs::LogGroup",
    "AWS::KMS::Key",
    "AWS::Events::Archive",
    "AWS::Kinesis::Stream",
    "AWS::EFS::FileSystem",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBCluster",
    "AWS::SecretsManager::Secret",
)
KEPT = {"DeletionPolicy": ("Retain", "RetainExceptOnCreate"), "UpdateReplacePolicy": ("Retain",)}
ERASERS = ("Custom::S3AutoDeleteObjects",)


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        for resource in stack.resources(*STATEFUL):
            wrong = [
                f"{key} is {resource.body.get(key, 'Delete')}"
                for key, kept in KEPT.items()
                if resource.body.get(key) not in kept
            ]
            if wrong:
                yield at(resource, f"{resource.type} can be lost: {', '.join(wrong)}")
        for eraser in stack.resources(*ERASERS):
            yield at(eraser, "empties a bucket when its stack is deleted")
