"""The resources that the probes deploy, as small as CloudFormation lets them be."""

from typing import Any

from local.isolation import ACCOUNT, REGIONS
from local.probes.trial import TRUST


def role() -> dict[str, Any]:
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}


def bounded_role() -> dict[str, Any]:
    bounded = role()
    arn = f"arn:aws:iam::{ACCOUNT}:policy/serverless-boundary-prod"
    bounded["Properties"]["PermissionsBoundary"] = arn
    return bounded


def global_table(name: str) -> dict[str, Any]:
    return {
        "Type": "AWS::DynamoDB::GlobalTable",
        "Properties": {
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
            "Replicas": [{"Region": region} for region in REGIONS],
        },
    }


def function_with_dead_letters(name: str) -> dict[str, Any]:
    return {
        "Role": role(),
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


def metric_math_alarm(name: str) -> dict[str, Any]:
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
