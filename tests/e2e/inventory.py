"""What exists in an account, by the types of a template's resources."""

from collections.abc import Iterator, Mapping
from typing import Any

import naming
from local.aws_isolation import ACCOUNT
from local.cloud import Cloud

# Service, operation, the list in its answer, and what names an entry; "" if it is the name itself.
LISTED = {
    "AWS::CloudWatch::Alarm": ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    "AWS::CloudWatch::Dashboard": (
        *("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    ),
    "AWS::CodeBuild::Project": ("codebuild", "list_projects", "projects", ""),
    "AWS::DynamoDB::GlobalTable": ("dynamodb", "list_tables", "TableNames", ""),
    "AWS::Events::EventBus": ("events", "list_event_buses", "EventBuses", "Name"),
    "AWS::Events::Rule": ("events", "list_rules", "Rules", "Name"),  # of the default bus
    "AWS::IAM::ManagedPolicy": ("iam", "list_policies", "Policies", "PolicyName"),
    "AWS::IAM::Role": ("iam", "list_roles", "Roles", "RoleName"),
    "AWS::KMS::Alias": ("kms", "list_aliases", "Aliases", "AliasName"),
    "AWS::KMS::Key": ("kms", "list_keys", "Keys", "KeyId"),
    "AWS::Lambda::EventSourceMapping": (
        *("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    ),
    "AWS::Lambda::Function": ("lambda", "list_functions", "Functions", "FunctionName"),
    "AWS::Logs::LogGroup": ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    "AWS::S3::Bucket": ("s3", "list_buckets", "Buckets", "Name"),
    "AWS::S3::MultiRegionAccessPoint": (
        *("s3control", "list_multi_region_access_points", "AccessPoints", "Name"),
    ),
    "AWS::SNS::Topic": ("sns", "list_topics", "Topics", "TopicArn"),
    "AWS::SQS::Queue": ("sqs", "list_queues", "QueueUrls", ""),
    "AWS::Scheduler::Schedule": ("scheduler", "list_schedules", "Schedules", "Name"),
    "AWS::StepFunctions::StateMachine": (
        *("stepfunctions", "list_state_machines", "stateMachines", "name"),
    ),
}
# They are gone with what they belong to, or, like a pipeline here, are only recorded by the stack.
PARTS = {
    *("AWS::CodePipeline::Pipeline", "AWS::IAM::Policy", "AWS::Lambda::Alias"),
    *("AWS::Lambda::EventInvokeConfig", "AWS::Lambda::Permission", "AWS::S3::BucketPolicy"),
    *("AWS::S3::MultiRegionAccessPointPolicy", "AWS::SNS::Subscription", "AWS::SNS::TopicPolicy"),
    *("AWS::SQS::QueuePolicy", "Custom::TableStreamArn"),
}
ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "list_multi_region_access_points": {"AccountId": ACCOUNT},
    "list_policies": {"Scope": "Local"},
}


def existing(cloud: Cloud, region: str) -> set[tuple[str, str]]:
    """Return type and name of everything in ``region``, but for keys that are being deleted."""
    return {
        (type_, name)
        for type_, (service, operation, *shape) in LISTED.items()
        for name in _names(cloud.client(service, _home(service, region)), operation, *shape)
        if type_ != "AWS::KMS::Key" or _is_kept(cloud.client("kms", region), name)
    }


def _names(client: object, operation: str, entries: str, key: str) -> Iterator[str]:
    answer = getattr(client, operation)(**ARGUMENTS.get(operation, {}))
    for entry in answer.get(entries, []):
        yield entry[key] if key else entry


def _home(service: str, region: str) -> str:
    return naming.STANDBY if service == "s3control" else region


def _is_kept(kms: Any, key_id: str) -> bool:  # noqa: ANN401  # boto3 has no types
    return str(kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"]) != "PendingDeletion"
