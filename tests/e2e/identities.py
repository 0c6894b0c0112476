"""Identities of a test: roles with a policy, and sessions that act as a role and as nobody else."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config

import naming
from local.aws_isolation import ACCOUNT
from local.clients import isolated_session
from local.cloud import Cloud
from ops.connection import assumed_credentials
from ops.endpoints import keep_all

ANYBODY_HERE = "arn:aws:iam::000000000000:root"


class Identity(boto3.Session):  # type: ignore[misc]  # boto3 ships no types
    """A session with the credentials of a role or a user, whose clients all talk to the cloud."""

    def __init__(self, cloud: Cloud, credentials: Mapping[str, str]) -> None:
        super().__init__(
            **credentials,
            region_name=naming.PRIMARY,
            botocore_session=isolated_session(),
        )
        keep_all(self)
        self._endpoint = {"endpoint_url": cloud.endpoint, "verify": str(cloud.ca_bundle)}

    def client(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # as boto3
        config = Config(proxies={}, retries={"total_max_attempts": 1})
        given = kwargs.get("config")
        options = {**kwargs, **self._endpoint, "config": given.merge(config) if given else config}
        return super().client(*args, **options)


def assumed(cloud: Cloud, arn: str) -> Identity:
    """Return the identity of a role that admits the account, assumed by the cloud's own user."""
    sts = cloud.client("sts", naming.PRIMARY)
    return Identity(cloud, assumed_credentials(sts, arn, "e2e-test"))


@contextmanager
def user(cloud: Cloud, *, name: str) -> Iterator[Identity]:
    """Yield the identity of a user who may assume every role that trusts it."""
    iam = cloud.client("iam", naming.PRIMARY)
    iam.create_user(UserName=name)
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    credentials = {
        "aws_access_key_id": key["AccessKeyId"],
        "aws_secret_access_key": key["SecretAccessKey"],
    }
    try:
        yield Identity(cloud, credentials)
    finally:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
        iam.delete_user_policy(UserName=name, PolicyName="own")
        iam.delete_user(UserName=name)


@contextmanager
def role(
    cloud: Cloud, document: Mapping[str, Any], *, name: str, boundary: str = ""
) -> Iterator[str]:
    """Yield the ARN of a role with one policy, and a boundary if wanted; delete it afterwards."""
    iam = cloud.client("iam", naming.PRIMARY)
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": ANYBODY_HERE}, "Action": "sts:AssumeRole"}
        ],
    }
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    if boundary:
        arn = f"arn:aws:iam::{ACCOUNT}:policy/{boundary}"
        iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=arn)
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(document))
    try:
        yield str(made["Arn"])
    finally:
        iam.delete_role_policy(RoleName=name, PolicyName="own")
        iam.delete_role(RoleName=name)
