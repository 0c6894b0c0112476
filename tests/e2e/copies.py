"""Copies of the app's stacks under other names, deployed beside them with CloudFormation's role."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from local.aws_isolation import ACCOUNT
from local.cloud import Cloud
from naming import PRIMARY, bootstrap_assets_bucket, bootstrap_role_arn

# All names end with the environment's; the boundary is the account's and has no copy.
RENAMED = {r"(?<!serverless-boundary)-prod\b": "-copy", "serverless-producer-": r"\g<0>copy-"}
ASSETS = bootstrap_assets_bucket(PRIMARY, ACCOUNT)
ONLY_REPLACED = "AWS::S3::MultiRegionAccessPoint"
WAITING = {"Delay": 0.2, "MaxAttempts": 300}
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]


def template(file: Path) -> dict[str, Any]:
    """Return the template of a copy, nothing of which is retained."""
    text = file.read_text()
    for pattern, replacement in RENAMED.items():
        text = re.sub(pattern, replacement, text)
    made: dict[str, Any] = json.loads(text)
    for resource in made["Resources"].values():
        resource.pop("DeletionPolicy", None)
        resource.pop("UpdateReplacePolicy", None)
    return made


def changed(made: Mapping[str, Any]) -> dict[str, Any]:
    """Return the template with a change of all resources that can be changed.

    It is a property that the emulator does not look at.
    """
    resources = {
        name: {**each, "Properties": {**each["Properties"], "Changed": "yes"}}
        for name, each in made["Resources"].items()
        if each["Type"] != ONLY_REPLACED
    }
    return {**made, "Resources": made["Resources"] | resources}


def execution_role(region: str = PRIMARY) -> str:
    """Return the ARN of the role that the bootstrap made for CloudFormation."""
    return bootstrap_role_arn("cfn-exec", region, ACCOUNT)


class Copy:
    """A stack in the primary region that CloudFormation creates, updates and deletes with ``role``.

    Each verb returns an empty text, or what failed and why.
    """

    def __init__(self, cloud: Cloud, name: str, role: str) -> None:
        self._cloudformation = cloud.client("cloudformation", PRIMARY)
        self._s3 = cloud.client("s3", PRIMARY)
        self._named = {"StackName": name, "RoleARN": role}
        self._endpoint = cloud.endpoint

    def create(self, made: Mapping[str, Any]) -> str:
        return self._do("create", made)

    def update(self, made: Mapping[str, Any]) -> str:
        return self._do("update", made)

    def delete(self) -> str:
        name = self._named["StackName"]
        try:
            [stack] = self._cloudformation.describe_stacks(StackName=name)["Stacks"]
        except ClientError:
            return ""  # there is none
        self._cloudformation.delete_stack(**self._named)
        return self._end("delete", stack["StackId"])

    def _do(self, verb: str, made: Mapping[str, Any]) -> str:
        key = {"Bucket": ASSETS, "Key": f"copies/{self._named['StackName']}.json"}
        self._s3.put_object(**key, Body=json.dumps(made).encode())
        call = getattr(self._cloudformation, f"{verb}_stack")
        url = f"{self._endpoint}/{key['Bucket']}/{key['Key']}"
        try:
            stack = call(**self._named, TemplateURL=url, Capabilities=CAPABILITIES)["StackId"]
        except ClientError as error:
            return str(error)
        finally:
            self._s3.delete_object(**key)
        return self._end(verb, stack)

    def _end(self, verb: str, stack: str) -> str:
        with suppress(WaiterError):
            waiter = self._cloudformation.get_waiter(f"stack_{verb}_complete")
            waiter.wait(StackName=stack, WaiterConfig=WAITING)
        pages = self._cloudformation.get_paginator("describe_stack_events")
        return "\n".join(
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
            for page in pages.paginate(StackName=stack)
            for event in page["StackEvents"]
            if event["ResourceStatus"].endswith("_FAILED")
        )


@contextmanager
def role_with(cloud: Cloud, documents: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the ARN of a role of CloudFormation's that has these policies and no other."""
    iam, name = cloud.client("iam", PRIMARY), "cfn-exec-role-copy"
    trust = {"Effect": "Allow", "Principal": {"Service": "cloudformation.amazonaws.com"}}
    document = {"Version": "2012-10-17", "Statement": [{**trust, "Action": "sts:AssumeRole"}]}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))["Role"]
    names = [f"Execution{number}" for number, _ in enumerate(documents)]
    for policy, content in zip(names, documents, strict=True):
        text = json.dumps(content)
        iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=text)
    try:
        yield role["Arn"]
    finally:
        for policy in names:
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
        iam.delete_role(RoleName=name)
