"""What is reported of the update between two templates, with four types in the model."""

from collections.abc import Mapping

from policies.changes.kinds import KINDS
from policies.changes.resource_spec import Replacement, Spec
from policies.changes.update import Update, update
from tests.policy.templates import Body, resource, stack

BUCKET, TABLE, ROLE = "AWS::S3::Bucket", "AWS::DynamoDB::GlobalTable", "AWS::IAM::Role"
SPEC = Spec(
    stateful=frozenset({BUCKET, TABLE, "AWS::SNS::Topic"}),
    replacing={
        BUCKET: {"BucketName": Replacement.YES},
        TABLE: dict.fromkeys(("KeySchema", "TableName"), Replacement.YES),
        "AWS::SNS::Topic": {"TopicName": Replacement.MAYBE},
        "AWS::Lambda::Function": {"FunctionName": Replacement.YES},
    },
)
KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}

Resources = Mapping[str, Body]


def between(before: Resources, after: Resources) -> Update:
    return update(stack(before), stack(after), SPEC)


def reported(kind: str, before: Resources, after: Resources) -> list[str]:
    """``logical id: exact change`` of each finding of ``kind``."""
    findings = KINDS[kind].check(between(before, after))
    return [f"{found.path.rpartition('/')[2]}: {found.rule[1:-1]}" for found in findings]


def bucket(body: Body | None = None, /, **properties: object) -> Body:
    return resource(BUCKET, {**KEPT, **(body or {})}, **properties)
