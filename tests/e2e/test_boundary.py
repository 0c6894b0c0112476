"""The boundary limits the deployed roles, and each of its statements is missed if it is removed."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

import naming
from local.aws_isolation import ACCOUNT
from local.cloud import Cloud
from local.probes.scratch_resources import sandbox
from naming import PRIMARY
from tests.e2e.operations import Operations
from tests.e2e.roles import DeniedError
from tests.e2e.verifier import build_role

ARN = f"arn:aws:iam::{ACCOUNT}:policy/{naming.BOUNDARY}"


def _a_file_is_processed(cloud: Cloud, _: Path) -> str:
    try:
        Operations(cloud, PRIMARY).process_new_file()()
    except DeniedError as error:
        return str(error)
    return ""


def _the_region_is_verified(cloud: Cloud, assembly: Path) -> str:
    with build_role(cloud, assembly, PRIMARY) as verifier:
        exit_code, words = verifier.verify()
    return words if exit_code else ""


def _the_key_of_others_is_denied(cloud: Cloud, _: Path) -> str:
    """Of a role that may do everything else that the boundary lets through."""
    with sandbox(cloud) as box:
        role, key = box.role("lambda.amazonaws.com"), box.key()
        iam, ours = box.client("iam"), naming.ALERTS_KEY_ALIAS
        iam.put_role_permissions_boundary(RoleName=box.name, PermissionsBoundary=ARN)
        box.allow("*", "*")
        keys = box.caller(role, "kms")
        keys.describe_key(KeyId=box.client("kms").describe_key(KeyId=ours)["KeyMetadata"]["KeyId"])
        try:
            keys.describe_key(KeyId=key)
        except ClientError as error:
            return "" if "AccessDenied" in str(error) else str(error)
    return "the key of others could be used"


# By statement: what works with it, and what is said without it.
MISSED: Mapping[str, tuple[Callable[[Cloud, Path], str], str]] = {
    "Within": (_a_file_is_processed, "dynamodb:UpdateItem"),
    "Anywhere": (_the_region_is_verified, "cloudwatch:DescribeAlarms"),
    "Assumed": (_the_region_is_verified, "sts:AssumeRole"),
    "OthersKeys": (_the_key_of_others_is_denied, "could be used"),
}


@pytest.fixture
def boundary(cloud: Cloud) -> Mapping[str, Any]:
    iam = cloud.client("iam", PRIMARY)
    version = iam.get_policy(PolicyArn=ARN)["Policy"]["DefaultVersionId"]
    found = iam.get_policy_version(PolicyArn=ARN, VersionId=version)["PolicyVersion"]
    document: Mapping[str, Any] = found["Document"]
    return document


def test_every_statement_is_tried(boundary: Mapping[str, Any]) -> None:
    assert [statement["Sid"] for statement in boundary["Statement"]] == [*MISSED]


@pytest.mark.parametrize("sid", MISSED)
def test_without_a_statement_something_fails(
    cloud: Cloud, assembly: Path, boundary: Mapping[str, Any], sid: str
) -> None:
    works, said = MISSED[sid]
    left = [each for each in boundary["Statement"] if each["Sid"] != sid]

    assert works(cloud, assembly) == ""
    with _bounded_by(cloud, {**boundary, "Statement": left}, afterwards=boundary):
        assert said in works(cloud, assembly)


def test_a_role_gets_no_further_than_its_boundary(cloud: Cloud) -> None:
    """Whatever its own policies say: here, everything."""
    with sandbox(cloud) as box:
        role = box.role("lambda.amazonaws.com")
        box.client("iam").put_role_permissions_boundary(RoleName=box.name, PermissionsBoundary=ARN)
        box.allow("*", "*")

        box.caller(role, "cloudwatch").describe_alarms()
        with pytest.raises(ClientError, match="AccessDenied"):
            box.caller(role, "iam").list_users()


@contextmanager
def _bounded_by(
    cloud: Cloud, document: Mapping[str, Any], *, afterwards: Mapping[str, Any]
) -> Iterator[None]:
    """Let all roles have the boundary ``document`` for as long as the context lasts."""
    _replace(cloud, document)
    try:
        yield
    finally:
        _replace(cloud, afterwards)


def _replace(cloud: Cloud, document: Mapping[str, Any]) -> None:
    iam = cloud.client("iam", PRIMARY)
    before = iam.get_policy(PolicyArn=ARN)["Policy"]["DefaultVersionId"]
    text = json.dumps(document)
    iam.create_policy_version(PolicyArn=ARN, PolicyDocument=text, SetAsDefault=True)
    iam.delete_policy_version(PolicyArn=ARN, VersionId=before)
