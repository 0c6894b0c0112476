"""What could be lost or read on its way."""

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from tests.policy.seeded.violation import EAST, Violation, drop, put

TLS = "PolicyDocument.Statement.0.Condition.Bool.aws:SecureTransport"


def _delete(resource: cdk.CfnResource) -> None:
    resource.add_override("DeletionPolicy", "Delete")


def _retain(resource: cdk.CfnResource) -> None:
    resource.add_override("DeletionPolicy", "Retain")


def _wait_for_nothing(resource: cdk.CfnResource) -> None:
    resource.add_override("DependsOn", [])


def _forget_versions(resource: cdk.CfnResource) -> None:
    """By the property: the public packs look at constructs, and see no raw override."""
    assert isinstance(resource, s3.CfnBucket)
    resource.versioning_configuration = None


def _forget_logging(resource: cdk.CfnResource) -> None:
    assert isinstance(resource, s3.CfnBucket)
    resource.logging_configuration = None


VIOLATIONS = (
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
        what="a key that outlives the failed deployment that created it",
        at="Alerts/Key",
        plant=_retain,
        rule="Project-retained",
        says="outlives a failed deployment",
    ),
    Violation(
        what="a schedule that puts a file while all else can still fail",
        at="Canary/Schedule",
        plant=_wait_for_nothing,
        rule="Project-created-last",
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
        what="a name outside the convention",
        at="StreamConsumer/Service/Logs",
        plant=put("LogGroupName", "consumer"),
        rule="Project-names",
        says="consumer",
    ),
    Violation(
        what="a table whose records expire",
        at="Table/Table",
        plant=put("TimeToLiveSpecification", {"AttributeName": "timestamp", "Enabled": True}),
        rule="Project-nothing-expires",
        regions=(EAST,),
    ),
    Violation(
        what="a bucket whose files expire",
        at="Ingestion/Bucket",
        plant=put("LifecycleConfiguration.Rules.0.ExpirationInDays", 30),
        rule="Project-nothing-expires",
    ),
    Violation(
        what="a bucket that forgets what is overwritten",
        at="Ingestion/Bucket",
        plant=put("VersioningConfiguration.Status", "Suspended"),
        rule="Project-versioned",
    ),
)
