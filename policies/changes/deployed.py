"""What CloudFormation has deployed now, as a base to compare an assembly with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from policies.changes.revision import BaseError
from policies.template import StackTemplate

# As the CDK bootstrap names it: what may be assumed to look at another account.
LOOKUP_ROLE = "arn:aws:iam::{account}:role/cdk-hnb659fds-lookup-role-{account}-{region}"
EMPTY: Mapping[str, Any] = {"Resources": {}}

Template: TypeAlias = Mapping[str, Any]
Read: TypeAlias = Callable[[StackTemplate], Template | None]


def stacks(wanted: Sequence[StackTemplate], read: Read) -> list[StackTemplate]:
    """Each of ``wanted`` as it is deployed; empty where it isn't."""
    return [replace(stack, template=read(stack) or EMPTY, paths={}) for stack in wanted]


def reader() -> Read:
    """Reads with this process' credentials; in another account by the role kept for look-ups.

    Raises ``BaseError`` for everything but a stack that does not exist: what is not known to be
    absent must not count as absent.
    """

    def read(stack: StackTemplate) -> Template | None:
        try:
            cloudformation = _session(stack).client("cloudformation", region_name=stack.region)
            answer = cloudformation.get_template(StackName=stack.name)
        except ClientError as error:
            if "does not exist" in error.response["Error"]["Message"]:
                return None
            raise BaseError(f"{stack.name} in {stack.region}: {error}") from error
        except BotoCoreError as error:
            raise BaseError(f"{stack.name} in {stack.region}: {error}") from error
        body = answer["TemplateBody"]
        if not isinstance(body, dict):
            raise BaseError(f"{stack.name} in {stack.region} was not deployed from JSON")
        return body

    return read


def _session(stack: StackTemplate) -> Any:
    session = boto3.Session()
    sts = session.client("sts", region_name=stack.region)
    if sts.get_caller_identity()["Account"] == stack.account:
        return session
    arn = LOOKUP_ROLE.format(account=stack.account, region=stack.region)
    given = sts.assume_role(RoleArn=arn, RoleSessionName="review")["Credentials"]
    return boto3.Session(
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
