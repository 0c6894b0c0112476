"""The ARNs of what a resource of each type is, by its properties and its name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

UNKNOWN = "00000000-0000-0000-0000-000000000000"  # what only the service names
# The property with the name, if the template gives one, and the ARN; ``{name}`` may be that name,
# or the physical id of what exists.
NAMED = {
    "AWS::CloudWatch::Alarm": ("AlarmName", "cloudwatch:{region}:{account}:alarm:{name}"),
    "AWS::CloudWatch::Dashboard": ("DashboardName", "cloudwatch::{account}:dashboard/{name}"),
    "AWS::CodeBuild::Project": ("Name", "codebuild:{region}:{account}:project/{name}"),
    "AWS::CodePipeline::Pipeline": ("Name", "codepipeline:{region}:{account}:{name}"),
    "AWS::DynamoDB::GlobalTable": ("TableName", "dynamodb:{region}:{account}:table/{name}"),
    "AWS::Events::EventBus": ("Name", "events:{region}:{account}:event-bus/{name}"),
    "AWS::Events::Rule": ("Name", "events:{region}:{account}:rule/{name}"),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", "iam::{account}:policy/{name}"),
    "AWS::IAM::Role": ("RoleName", "iam::{account}:role/{name}"),
    "AWS::KMS::Key": ("", "kms:{region}:{account}:key/{name}"),
    "AWS::Lambda::EventSourceMapping": (
        "",
        "lambda:{region}:{account}:event-source-mapping:{name}",
    ),
    "AWS::Lambda::Function": ("FunctionName", "lambda:{region}:{account}:function:{name}"),
    "AWS::Logs::LogGroup": ("LogGroupName", "logs:{region}:{account}:log-group:{name}"),
    "AWS::S3::Bucket": ("BucketName", "s3:::{name}"),
    # Its ARN has an alias that S3 gives it.
    "AWS::S3::MultiRegionAccessPoint": ("", "s3::{account}:accesspoint/{name}"),
    "AWS::Scheduler::Schedule": ("Name", "scheduler:{region}:{account}:schedule/default/{name}"),
    "AWS::SNS::Topic": ("TopicName", "sns:{region}:{account}:{name}"),
    "AWS::SQS::Queue": ("QueueName", "sqs:{region}:{account}:{name}"),
    "AWS::StepFunctions::StateMachine": (
        "StateMachineName",
        "states:{region}:{account}:stateMachine:{name}",
    ),
}
# CloudFormation names these after the logical id alone, others after the stack as well.
NAMED_WITHOUT_STACK = {"AWS::CodeBuild::Project"}
# Types that change a resource of another: the property that names it, and that type's ARN.
ATTACHED = {
    "AWS::IAM::Policy": ("Roles", "AWS::IAM::Role"),
    "AWS::Lambda::Alias": ("FunctionName", "AWS::Lambda::Function"),
    "AWS::Lambda::EventInvokeConfig": ("FunctionName", "AWS::Lambda::Function"),
    "AWS::Lambda::Permission": ("FunctionName", "AWS::Lambda::Function"),
    "AWS::S3::BucketPolicy": ("Bucket", "AWS::S3::Bucket"),
    "AWS::S3::MultiRegionAccessPointPolicy": ("MrapName", "AWS::S3::MultiRegionAccessPoint"),
    "AWS::SNS::Subscription": ("TopicArn", "AWS::SNS::Topic"),
    "AWS::SNS::TopicPolicy": ("Topics", "AWS::SNS::Topic"),
    "AWS::SQS::QueuePolicy": ("Queues", "AWS::SQS::Queue"),
    "Custom::TableStreamArn": ("ServiceToken", "AWS::Lambda::Function"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """A resource that CloudFormation creates, updates or deletes; ``name`` if nothing else."""

    type: str
    properties: Mapping[str, Any]
    name: str
    region: str
    account: str

    def arns(self) -> Iterator[str]:
        """Yield the ARNs that the actions of the type's own service are on."""
        if self.type == "AWS::KMS::Alias":
            yield self.arn("kms:{region}:{account}:{name}", self.properties["AliasName"])
            yield self.arn(NAMED["AWS::KMS::Key"][1], self.properties["TargetKeyId"])
            return
        if self.type in ATTACHED:
            named_by, type_ = ATTACHED[self.type]
            for name in _listed(self.properties[named_by]):
                yield self.arn(NAMED[type_][1], name)
            return
        named_by, pattern = NAMED[self.type]
        name = str(self.properties.get(named_by) or self.name)
        if "EventBusName" in self.properties:  # a rule, but for those of the default bus
            bus = self.properties["EventBusName"].rpartition("/")[2]
            name = f"{bus}/{name.rpartition('|')[2]}"
        yield self.arn(pattern, name)

    def arn(self, pattern: str, name: str) -> str:
        """Return the ARN of ``name``, which may be one already, or a queue's address."""
        if name.startswith("arn:"):
            return name
        if name.startswith("http"):
            name = name.rpartition("/")[2]
        return "arn:aws:" + pattern.format(region=self.region, account=self.account, name=name)

    def roles(self) -> set[str]:
        """Return the ARNs of the roles that the resource passes to its service.

        A pipeline is given one; those of its actions it assumes.
        """
        own = {key: value for key, value in self.properties.items() if key != "Stages"}
        return {
            text
            for key, text in _texts(own)
            if key in {"Role", "RoleArn", "ServiceRole"} and ":role/" in text
        }

    def texts(self, pattern: str) -> set[str]:
        """Return the texts among the properties that match ``pattern`` as a whole."""
        return {text for _, text in _texts(self.properties) if re.fullmatch(pattern, text)}


def given_name(type_: str, name: str, stack: str) -> str:
    """Return the name that CloudFormation gives, where the emulator gives ``name``."""
    return name.removeprefix(f"{stack}-") if type_ in NAMED_WITHOUT_STACK else name


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield key, value
        case dict():
            for name, part in value.items():
                yield from _texts(part, name)
        case list():
            for part in value:
                yield from _texts(part, key)


def _listed(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [str(value)]
