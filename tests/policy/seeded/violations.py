"""Violations to plant in the whole app, each on a place of its own, and what must be said of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3

REGIONS = ("us-east-1", "us-west-2")
EAST, WEST = REGIONS
FOREIGN = "999988887777"
STRANGER = {"AWS": f"arn:aws:iam::{FOREIGN}:root"}
STATEMENT = {"Effect": "Allow", "Resource": "*"}
TOPIC = "arn:aws:sns:us-east-1:000000000000:serverless-alerts-prod"
TLS = "PolicyDocument.Statement.0.Condition.Bool.aws:SecureTransport"
Plant: TypeAlias = Callable[[cdk.CfnResource], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """``at`` is the construct below the region's stack, ``found_at`` what the gate names.

    What is ``in_pipeline`` is planted in the pipeline's own stack instead.
    """

    what: str
    at: str
    plant: Plant
    rule: str
    says: str = ""
    found_at: str = ""
    regions: Sequence[str] = REGIONS
    in_pipeline: bool = False

    @property
    def place(self) -> str:
        return self.found_at or self.at


def put(path: str, value: object) -> Plant:
    return lambda resource: resource.add_property_override(path, value)


def drop(path: str) -> Plant:
    return lambda resource: resource.add_property_deletion_override(path)


def say(statement: Mapping[str, Any], document: str = "PolicyDocument", at: int = 9) -> Plant:
    """One more statement of a document, by a raw override; ``at`` is one that is free."""
    return put(f"{document}.Statement.{at}", {**STATEMENT, **statement})


def new(id_: str, type_: str, **properties: object) -> Plant:
    """A resource that the packs take for none they know."""

    def plant(resource: cdk.CfnResource) -> None:
        cdk.CfnResource(resource.stack, id_, type=type_, properties=properties)

    return plant


def _publishes(id_: str, type_: str, attached_to: str) -> Plant:
    """One more right of a role, by a policy that knows its name only."""

    def plant(role: cdk.CfnResource) -> None:
        assert isinstance(role, iam.CfnRole)
        to = role.role_name if attached_to == "RoleName" else [role.role_name]
        more = {"Statement": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": TOPIC}]}
        new(id_, type_, PolicyName=id_, PolicyDocument=more, **{attached_to: to})(role)

    return plant


def _open_url(function: cdk.CfnResource) -> None:
    url = lambda_.CfnUrl(
        function.stack, "PlantedUrl", auth_type="AWS_IAM", target_function_arn=function.ref
    )
    url.add_property_override("AuthType", "NONE")


def _delete(resource: cdk.CfnResource) -> None:
    resource.add_override("DeletionPolicy", "Delete")


def _forget_versions(resource: cdk.CfnResource) -> None:
    """By the property: the public packs look at constructs, and see no raw override."""
    assert isinstance(resource, s3.CfnBucket)
    resource.versioning_configuration = None


def _forget_logging(resource: cdk.CfnResource) -> None:
    assert isinstance(resource, s3.CfnBucket)
    resource.logging_configuration = None


def _acknowledge(resource: cdk.CfnResource) -> None:
    ours = cdk.Acknowledgment(id="AwsSolutions::AwsSolutions-KMS5", reason="false positive")
    cdk.Validations.of(resource).acknowledge(ours)


def _export(resource: cdk.CfnResource) -> None:
    cdk.CfnOutput(resource.stack, "Planted", value=resource.ref, export_name="planted")


VIOLATIONS = (
    Violation(
        what="a wildcard action",
        at="Processor/Service/Role/DefaultPolicy",
        plant=put("PolicyDocument.Statement.0.Action", "s3:*"),
        rule="Project-no-wildcard-actions",
        says="s3:*",
    ),
    Violation(
        what="a wildcard resource",
        at="StreamConsumer/Service/Role/DefaultPolicy",
        plant=put("PolicyDocument.Statement.0.Resource", "*"),
        rule="Project-no-wildcard-resources",
        says="every resource",
    ),
    Violation(
        what="a widened role",
        at="Verification/Role/DefaultPolicy",
        plant=put("PolicyDocument.Statement.0.Action", ["s3:PutObject", "s3:DeleteObject"]),
        rule="Project-declared-actions",
        says="s3:DeleteObject",
        found_at="Verification/Role",
    ),
    Violation(
        what="an unencrypted table",
        at="Table/Table",
        plant=put("SSESpecification", {"SSEEnabled": False}),
        rule="Project-encrypted-at-rest",
        regions=(EAST,),
    ),
    Violation(
        what="no point-in-time recovery on a replica",
        at="Table/Table",
        plant=drop("Replicas.0.PointInTimeRecoverySpecification"),
        rule="Project-replicas-complete",
        says="us-west-2",
        regions=(EAST,),
    ),
    Violation(
        what="no deletion protection on a replica",
        at="Table/Table",
        plant=put("Replicas.1.DeletionProtectionEnabled", value=False),
        rule="Project-replicas-complete",
        says="us-east-1",
        regions=(EAST,),
    ),
    Violation(
        what="a table that goes with its stack",
        at="Table/Table",
        plant=_delete,
        rule="Project-retained",
        regions=(EAST,),
    ),
    Violation(
        what="a public bucket",
        at="Ingestion/Bucket",
        plant=put("PublicAccessBlockConfiguration.BlockPublicPolicy", value=False),
        rule="Project-not-public",
        says="BlockPublicPolicy",
    ),
    Violation(
        what="a bucket that takes plain HTTP",
        at="Ingestion/Bucket/Policy",
        plant=put(TLS, "true"),
        rule="Project-encrypted-in-transit",
        found_at="Ingestion/Bucket",
    ),
    Violation(
        what="a bucket without versions",
        at="Ingestion/AccessLogs",
        plant=_forget_versions,
        rule="NIST.800.53.R5-S3BucketVersioningEnabled",
    ),
    Violation(
        what="a bucket whose access nobody logs",
        at="Ingestion/Bucket",
        plant=_forget_logging,
        rule="AwsSolutions-S1",
    ),
    Violation(
        what="a queue that takes plain HTTP",
        at="Processor/DeadLetters/Queue/Policy",
        plant=put(TLS, "true"),
        rule="Project-encrypted-in-transit",
        found_at="Processor/DeadLetters/Queue",
    ),
    Violation(
        what="an unencrypted queue",
        at="StreamConsumer/Failures/Queue",
        plant=put("SqsManagedSseEnabled", value=False),
        rule="Project-encrypted-at-rest",
    ),
    Violation(
        what="an unencrypted topic",
        at="Alerts/Topic",
        plant=drop("KmsMasterKeyId"),
        rule="Project-encrypted-at-rest",
    ),
    Violation(
        what="a key that is never rotated",
        at="Alerts/Key",
        plant=put("EnableKeyRotation", value=False),
        rule="Project-encrypted-at-rest",
        says="does not rotate",
    ),
    Violation(
        what="a function whose failures are lost",
        at="Processor/Service/Function",
        plant=drop("DeadLetterConfig"),
        rule="Project-failures-kept",
    ),
    Violation(
        what="a region that has drifted from the other",
        at="Processor/Service/Function",
        plant=put("MemorySize", 128),
        rule="Project-region-parity",
        says="MemorySize",
        found_at=".",
        regions=(WEST,),
    ),
    Violation(
        what="a function without a timeout of its own",
        at="StreamConsumer/Service/Function",
        plant=drop("Timeout"),
        rule="Project-timeout-set",
    ),
    Violation(
        what="logs that are kept for ever",
        at="Processor/Service/Logs",
        plant=drop("RetentionInDays"),
        rule="Project-logs-kept",
        found_at="Processor/Service/Function",
    ),
    Violation(
        what="a name outside the convention",
        at="StreamConsumer/Service/Logs",
        plant=put("LogGroupName", "consumer"),
        rule="Project-names",
        says="consumer",
    ),
    Violation(
        what="any stream of a table",
        at="StreamConsumer/Changes",
        plant=put("EventSourceArn", "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/*"),
        rule="Project-no-wildcard-streams",
    ),
    Violation(
        what="an alarm on a metric that does not exist",
        at="Watch/processor-dlq-depth",
        plant=put("MetricName", "ApproximateNumberOfVisibleMessages"),
        rule="Project-alarms-can-fire",
        says="ApproximateNumberOfVisibleMessages",
    ),
    Violation(
        what="an alarm on a resource that does not exist",
        at="Watch/processor-throttles",
        plant=put("Dimensions.0.Value", "another-function"),
        rule="Project-alarms-can-fire",
        says="another-function",
    ),
    Violation(
        what="an export",
        at="Verification/CanaryEvents",
        plant=_export,
        rule="Project-no-cross-region-references",
        found_at="Planted",
    ),
    Violation(
        what="a function that anybody may invoke",
        at="Ingestion/InvokeProcessor",
        plant=put("Principal", "*"),
        rule="Project-not-public",
    ),
    Violation(
        what="a finding that code keeps quiet about",
        at="Alerts/Key/Alias",
        plant=_acknowledge,
        rule="AwsSolutions::AwsSolutions-KMS5",
        says="the register does not know of it",
    ),
    Violation(
        what="a bucket that another account may read",
        at="Ingestion/Bucket/Policy",
        plant=say({"Principal": STRANGER, "Action": "s3:GetObject"}),
        rule="Project-no-foreign-accounts",
        says="s3:GetObject",
    ),
    Violation(
        what="a queue that another account may fill, written as a bare number",
        at="Processor/DeadLetters/Queue/Policy",
        plant=say({"Principal": {"AWS": [FOREIGN]}, "Action": "sqs:SendMessage"}),
        rule="Project-no-foreign-accounts",
    ),
    Violation(
        what="a topic that a service may use for another account",
        at="Alerts/Topic/Policy",
        plant=say(
            {
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sns:Publish",
                "Condition": {"StringEquals": {"aws:SourceAccount": FOREIGN}},
            }
        ),
        rule="Project-no-foreign-accounts",
    ),
    Violation(
        what="a table that another account may read",
        at="Table/Table",
        plant=put(
            "Replicas.0.ResourcePolicy.PolicyDocument.Statement",
            [{**STATEMENT, "Principal": STRANGER, "Action": "dynamodb:GetItem"}],
        ),
        rule="Project-no-foreign-accounts",
        regions=(EAST,),
    ),
    Violation(
        what="a role that another account may assume",
        at="Verification/Role",
        plant=put("AssumeRolePolicyDocument.Statement.0.Principal", STRANGER),
        rule="Project-no-foreign-accounts",
        says="sts:AssumeRole",
    ),
    Violation(
        what="a function that another account's buckets may invoke",
        at="Ingestion/InvokeProcessor",
        plant=put("SourceAccount", FOREIGN),
        rule="Project-no-foreign-accounts",
    ),
    Violation(
        what="an event bus that takes another account's events",
        at="Events",
        plant=new(
            "PlantedBusPolicy",
            "AWS::Events::EventBusPolicy",
            StatementId="planted",
            Statement={**STATEMENT, "Principal": STRANGER, "Action": "events:PutEvents"},
        ),
        rule="Project-no-foreign-accounts",
        found_at="PlantedBusPolicy",
    ),
    Violation(
        what="a key of the pipeline's that another account may use",
        at="Artifacts/Key",
        plant=say({"Principal": STRANGER, "Action": "kms:Decrypt"}, "KeyPolicy"),
        rule="Project-no-foreign-accounts",
        regions=(EAST,),
        in_pipeline=True,
    ),
    Violation(
        what="a queue open to a list of everybody",
        at="StreamConsumer/Failures/Queue/Policy",
        plant=say({"Principal": {"AWS": ["*"]}, "Action": "sqs:SendMessage"}),
        rule="Project-not-public",
        says="sqs:SendMessage",
    ),
    Violation(
        what="a queue open to everybody on an empty condition",
        at="StreamConsumer/Failures/Queue/Policy",
        plant=say({"Principal": "*", "Action": "sqs:ReceiveMessage", "Condition": {}}, at=8),
        rule="Project-not-public",
        says="sqs:ReceiveMessage",
    ),
    Violation(
        what="a queue open to everybody on a condition that binds nobody",
        at="Verification/CanaryEvents/Policy",
        plant=say(
            {
                "Principal": "*",
                "Action": "sqs:SendMessage",
                "Condition": {"Bool": {"aws:SecureTransport": "true"}},
            }
        ),
        rule="Project-not-public",
    ),
    Violation(
        what="a role that anybody may assume",
        at="StreamConsumer/Service/Role",
        plant=put("AssumeRolePolicyDocument.Statement.0.Principal", {"AWS": "*"}),
        rule="Project-not-public",
        says="sts:AssumeRole",
    ),
    Violation(
        what="a function that anybody may call by a URL",
        at="Processor/Service/Function",
        plant=_open_url,
        rule="Project-not-public",
        says="URL",
        found_at="PlantedUrl",
    ),
    Violation(
        what="every bucket there is, written as an ARN",
        at="Verification/Role/DefaultPolicy",
        plant=put("PolicyDocument.Statement.0.Resource", "arn:aws:s3:::*"),
        rule="Project-no-wildcard-resources",
        says="arn:aws:s3:::*",
    ),
    Violation(
        what="every table there is, written as an ARN",
        at="Processor/Service/Role/DefaultPolicy",
        plant=put("PolicyDocument.Statement.2.Resource", "arn:aws:dynamodb:*:*:table/*"),
        rule="Project-no-wildcard-resources",
        says="table/*",
    ),
    Violation(
        what="every role there is, for the pipeline",
        at="Pipeline/Pipeline/Role/DefaultPolicy",
        plant=say({"Action": "sts:AssumeRole", "Resource": "arn:aws:iam::000000000000:role/*"}),
        rule="Project-no-wildcard-resources",
        says="role/*",
        regions=(EAST,),
        in_pipeline=True,
    ),
    Violation(
        what="a role that is widened beside its policies",
        at="StreamConsumer/Service/Role",
        plant=_publishes("PlantedRolePolicy", "AWS::IAM::RolePolicy", "RoleName"),
        rule="Project-declared-actions",
        says="sns:Publish",
    ),
    Violation(
        what="a role that is widened by its name",
        at="Verification/Role",
        plant=_publishes("PlantedManagedPolicy", "AWS::IAM::ManagedPolicy", "Roles"),
        rule="Project-declared-actions",
        says="sns:Publish",
    ),
    Violation(
        what="a policy of a role that is not the app's",
        at="Verification/Role",
        plant=new("PlantedPolicy", "AWS::IAM::Policy", PolicyName="p", Roles=["another-role"]),
        rule="Project-declared-actions",
        says="another-role",
        found_at="PlantedPolicy",
    ),
    Violation(
        what="a key that a role may do everything with",
        at="Alerts/Key",
        plant=say(
            {"Principal": {"AWS": "arn:aws:iam::000000000000:role/one"}, "Action": "kms:*"},
            "KeyPolicy",
        ),
        rule="Project-no-wildcard-actions",
        says="role/one",
    ),
)
