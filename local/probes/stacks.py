"""Probes of CloudFormation: properties that it ignores, and resources that nothing runs."""

from typing import Any

from botocore.exceptions import ClientError

import naming
from local.aws_isolation import ACCOUNT
from local.clients import Clients
from local.probes.scratch_resources import FAILING, TRUST, Sandbox, sandbox
from naming import PRIMARY, STANDBY

ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}


def replicas_are_ignored(clients: Clients) -> bool:
    with sandbox(clients) as box:
        box.stack({"Table": _global_table(box.name)})
        tables = box.client("dynamodb", STANDBY).list_tables()["TableNames"]
        return box.name not in tables


def dead_letter_config_is_ignored(clients: Clients) -> bool:
    with sandbox(clients) as box:
        box.stack(_function_with_dead_letters(box.name))
        found = box.client("lambda").get_function_configuration(FunctionName=box.name)
        return not found.get("DeadLetterConfig")


def permissions_boundaries_are_ignored(clients: Clients) -> bool:
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/{naming.BOUNDARY}"
    properties = {"AssumeRolePolicyDocument": TRUST, "PermissionsBoundary": boundary}
    with sandbox(clients) as box:
        box.stack({"Role": {"Type": "AWS::IAM::Role", "Properties": properties}})
        role = box.client("iam").get_role(RoleName=box.physical_id("Role"))["Role"]
        return not role.get("PermissionsBoundary")


def rights_of_cloudformation_are_not_checked(clients: Clients) -> bool:
    with sandbox(clients) as box:
        role = box.role("cloudformation.amazonaws.com")
        return box.deploys({"Queue": {"Type": "AWS::SQS::Queue"}}, role)


def buckets_are_not_tagged(clients: Clients) -> bool:
    with sandbox(clients) as box:
        box.stack({"Bucket": {"Type": "AWS::S3::Bucket"}})
        try:
            box.client("s3").get_bucket_tagging(Bucket=box.physical_id("Bucket"))
        except ClientError:
            return True
        return False


def mappings_are_not_tagged(clients: Clients) -> bool:
    with sandbox(clients) as box:
        mapping = box.client("lambda").get_event_source_mapping(UUID=_mapping(box))
        arn = mapping["EventSourceMappingArn"]
        return not box.client("lambda").list_tags(Resource=arn).get("Tags")


def disabled_mappings_look_enabled(clients: Clients) -> bool:
    with sandbox(clients) as box:
        found = box.client("lambda").get_event_source_mapping(UUID=_mapping(box))
        return bool(found["State"] == "Enabled")


def policies_of_access_points_are_refused(clients: Clients) -> bool:
    denied = f"arn:aws:s3::{ACCOUNT}:accesspoint/*/object/*"
    document = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": denied}
    policy = {"MrapName": {"Ref": "Point"}, "Policy": {"Statement": [document]}}
    with sandbox(clients) as box:
        point = {"Name": box.name, "Regions": [{"Bucket": {"Ref": "Bucket"}}]}
        resources = {
            "Bucket": {"Type": "AWS::S3::Bucket"},
            "Point": {"Type": "AWS::S3::MultiRegionAccessPoint", "Properties": point},
            "Policy": {"Type": "AWS::S3::MultiRegionAccessPointPolicy", "Properties": policy},
        }
        return not box.deploys(resources)


def metric_math_is_not_evaluated(clients: Clients) -> bool:
    with sandbox(clients) as box:
        if not box.deploys({"Alarm": _metric_math_alarm(box.name)}):
            return True
        found = box.client("cloudwatch").describe_alarms(AlarmNames=[box.name])
        alarm, *_ = found["MetricAlarms"]
        return not alarm.get("Metrics")


def generated_role_names_clash(clients: Clients) -> bool:
    with sandbox(clients) as box:
        for region in naming.REGIONS:
            box.stack({"Role": ROLE}, region)
        return box.physical_id("Role") == box.physical_id("Role", STANDBY)


def pipelines_are_not_run(clients: Clients) -> bool:
    try:
        clients.client("codepipeline", PRIMARY).list_pipelines()
    except ClientError:
        return True
    return False


def _global_table(name: str) -> dict[str, Any]:
    return {
        "Type": "AWS::DynamoDB::GlobalTable",
        "Properties": {
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
            "Replicas": [{"Region": region} for region in naming.REGIONS],
        },
    }


def _function_with_dead_letters(name: str) -> dict[str, Any]:
    return {
        "Role": ROLE,
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": name,
                "Runtime": "python3.14",
                "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"ZipFile": "handler = None"},
                "DeadLetterConfig": {"TargetArn": {"Fn::GetAtt": ["Queue", "Arn"]}},
            },
        },
    }


def _mapping(box: Sandbox) -> str:
    """Deploy a disabled mapping of a new stream; return its id."""
    properties = {
        "FunctionName": box.function(FAILING),
        "EventSourceArn": box.stream(),
        "StartingPosition": "LATEST",
        "Enabled": False,
    }
    box.stack({"Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties}})
    return box.physical_id("Mapping")


def _metric_math_alarm(name: str) -> dict[str, Any]:
    metric = {"Namespace": "probe", "MetricName": "probe"}
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": name,
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "Metrics": [
                {"Id": "twice", "Expression": "2 * one"},
                {
                    "Id": "one",
                    "ReturnData": False,
                    "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"},
                },
            ],
        },
    }
