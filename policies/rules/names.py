"""Every resource that people or tools look up is named ``serverless-<resource>-prod``."""

import re
from collections.abc import Iterator, Sequence

from naming import PREFIX, SUFFIX
from policies.finding import Finding, at, at_stack
from policies.templates.template import Resource, StackTemplate, as_text

REMEDY = "take the name from naming.py"
# Bucket names are globally unique, so a deployer may append a suffix.
BUCKET_SUFFIX = r"(-[a-z0-9][a-z0-9-]*)?"
NAME = rf"{PREFIX}[a-z0-9]+(-[a-z0-9]+)*{SUFFIX}"
REQUIRED = {
    "AWS::S3::Bucket": ("BucketName", NAME + BUCKET_SUFFIX),
    "AWS::DynamoDB::GlobalTable": ("TableName", NAME),
    "AWS::SQS::Queue": ("QueueName", NAME),
    "AWS::SNS::Topic": ("TopicName", NAME),
    "AWS::Lambda::Function": ("FunctionName", NAME),
    "AWS::Events::EventBus": ("Name", NAME),
    "AWS::CloudWatch::Alarm": ("AlarmName", NAME),
    "AWS::CloudWatch::Dashboard": ("DashboardName", NAME),
    "AWS::CodePipeline::Pipeline": ("Name", NAME),
    "AWS::KMS::Alias": ("AliasName", f"alias/{NAME}"),
}
# CDK creates some of these with generated names; a name that is set follows the pattern.
OPTIONAL = {
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", NAME),
    "AWS::IAM::Role": ("RoleName", NAME),
    "AWS::Logs::LogGroup": ("LogGroupName", f"/aws/[a-z]+/{NAME}"),
}


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        if not re.fullmatch(NAME, stack.name):
            yield at_stack(stack, f"the stack is named {stack.name!r}")
        for resource in stack.resources(*REQUIRED, *OPTIONAL):
            yield from _resource(resource)


def _resource(resource: Resource) -> Iterator[Finding]:
    property_, pattern = (REQUIRED | OPTIONAL)[resource.type]
    value = resource.properties.get(property_)
    if value is None and resource.type in OPTIONAL:
        return
    if value is None:
        yield at(resource, f"{property_} is missing, and a generated name cannot be looked up")
    elif not re.fullmatch(pattern, as_text(value)):
        yield at(resource, f"{property_} is {as_text(value)!r}, not of the form {pattern}")
