"""Faults of operation that would stay unseen, and secrets that anyone could read."""

import json

import aws_cdk as cdk

from tests.policy.seeded.violation import EAST, WEST, Violation, drop, put

# Put together here, so that this file holds no secret for a scanner to find.
KEY_ID = "AKIA" + "ABCDEFGH12345678"


def _acknowledge(resource: cdk.CfnResource) -> None:
    ours = cdk.Acknowledgment(id="AwsSolutions::AwsSolutions-KMS5", reason="false positive")
    cdk.Validations.of(resource).acknowledge(ours)


def _export(resource: cdk.CfnResource) -> None:
    cdk.CfnOutput(resource.stack, "Planted", value=resource.ref, export_name="planted")


def _unprotect(resource: cdk.CfnResource) -> None:
    resource.stack.termination_protection = False


VIOLATIONS = (
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
        rule="Project-plain-templates",
        found_at="Planted",
    ),
    Violation(
        what="a finding that code keeps quiet about",
        at="Alerts/Key/Alias",
        plant=_acknowledge,
        rule="unregistered-waiver",
        says="code acknowledges this rule, but the register does not "
        "unregistered-waiver[AwsSolutions::AwsSolutions-KMS5]",
    ),
    Violation(
        what="a stream whose failures are lost",
        at="StreamConsumer/Changes",
        plant=drop("DestinationConfig"),
        rule="Project-failures-kept",
    ),
    Violation(
        what="a stack that can be deleted at once",
        at="Alerts/Topic",
        plant=_unprotect,
        rule="Project-termination-protected",
        found_at=".",
    ),
    Violation(
        what="a pipeline that can be deleted at once",
        at="Approval/Topic",
        plant=_unprotect,
        rule="Project-termination-protected",
        found_at=".",
        regions=(EAST,),
        in_pipeline=True,
    ),
    Violation(
        what="a build that is root of its host",
        at="Pipeline/UpdatePipeline/SelfMutation",
        plant=put("Environment.PrivilegedMode", value=True),
        rule="Project-build-shape",
        regions=(EAST,),
        in_pipeline=True,
    ),
    Violation(
        what="a secret that a function carries, by its name",
        at="Processor/Service/Function",
        plant=put("Environment.Variables.API_TOKEN", "hunter2"),
        rule="Project-no-plain-secrets",
        says="API_TOKEN",
    ),
    Violation(
        what="a secret that a function carries, by its value",
        at="StreamConsumer/Service/Function",
        plant=put("Environment.Variables.SETTING", KEY_ID),
        rule="Project-no-plain-secrets",
        says="SETTING",
    ),
    Violation(
        what="a secret that a build carries",
        at="Pipeline/Pipeline/Build/Synth/CdkBuildProject",
        plant=put(
            "Environment.EnvironmentVariables.9", {"Name": "DB_PASSWORD", "Value": "hunter2"}
        ),
        rule="Project-build-shape",
        regions=(EAST,),
        in_pipeline=True,
    ),
    Violation(
        what="a secret that the pipeline hands to a build",
        at="Pipeline/Pipeline",
        plant=put(
            "Stages.1.Actions.0.Configuration.EnvironmentVariables",
            json.dumps([{"name": "CLIENT_SECRET", "value": "hunter2", "type": "PLAINTEXT"}]),
        ),
        rule="Project-build-shape",
        regions=(EAST,),
        in_pipeline=True,
    ),
)
