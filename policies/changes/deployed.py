"""The templates that CloudFormation has deployed, as a base to compare an assembly with."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

import naming
from policies.changes.update import EMPTY
from policies.command_line import Undetermined
from policies.templates.template import StackTemplate


def stacks(wanted: Sequence[StackTemplate]) -> list[StackTemplate]:
    """Return each of ``wanted`` as it is deployed; without resources if it is not."""
    return [replace(stack, template=template(stack), paths={}) for stack in wanted]


def template(stack: StackTemplate) -> Mapping[str, Any]:
    """Return the template of a stack as it is deployed, ``EMPTY`` if nothing of it is deployed.

    That is, there is no stack, or only one whose first change set was never executed. It uses the
    credentials of this process, in another account by the lookup role of its CDK bootstrap. Every
    other failure is an ``Undetermined``: a stack that could not be read must not count as absent.
    """
    try:
        cloudformation = _session(stack).client("cloudformation", region_name=stack.region)
        answer = cloudformation.get_template(StackName=stack.name)
    except (ClientError, BotoCoreError) as error:
        if isinstance(error, ClientError) and "does not exist" in str(error):
            return EMPTY
        raise Undetermined(f"{stack.name} in {stack.region}: {error}") from error
    # In REVIEW_IN_PROGRESS a stack has a name and no template, an empty one or none at all.
    body = answer.get("TemplateBody") or EMPTY
    if not isinstance(body, dict):
        raise Undetermined(f"{stack.name} in {stack.region} was not deployed from JSON")
    return body


def asset(stack: StackTemplate, code: Mapping[str, Any]) -> bytes:
    """Return the bundle that the ``Code`` of a function names, read with the session of ``stack``.

    Raise ``Undetermined`` if it can't be read.
    """
    try:
        s3 = _session(stack).client("s3", region_name=stack.region)
        return bytes(s3.get_object(Bucket=code["S3Bucket"], Key=code["S3Key"])["Body"].read())
    except (ClientError, BotoCoreError) as error:
        raise Undetermined(str(error)) from error


def _session(stack: StackTemplate) -> Any:
    session = boto3.Session()
    sts = session.client("sts", region_name=stack.region)
    if sts.get_caller_identity()["Account"] == stack.account:
        return session
    arn = naming.bootstrap_role_arn("lookup", stack.region, stack.account)
    given = sts.assume_role(RoleArn=arn, RoleSessionName="review")["Credentials"]
    return boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
