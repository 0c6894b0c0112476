"""Files reach the bucket that the routes choose, of producers whose policy allows it, below theirs.

The policy is the stack's own, and the producer's role one like any other.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import pytest
from botocore.exceptions import ClientError

import naming
from local.aws_isolation import ACCOUNT
from local.cloud import Cloud
from naming import PRIMARY, REGIONS, STANDBY
from ops.access_point import AccessPoint
from ops.region import Region
from ops.route_steps import settle
from tests.e2e.identities import assumed, role
from tests.e2e.site import site

FOLDER = "sample/"
Client: TypeAlias = Any  # boto3's have no types
Call: TypeAlias = Callable[..., object]


@pytest.fixture(scope="module")
def point(cloud: Cloud) -> Iterator[AccessPoint]:
    """The access point as the cloud's own user, the routes as they were afterwards."""
    standby = Region.find(cloud.session(STANDBY), STANDBY)
    point = AccessPoint(standby, standby.access_point_arn)
    yield point
    point.send_to([PRIMARY])


@pytest.fixture(scope="module")
def producer(cloud: Cloud) -> Iterator[Client]:
    """An S3 client with the producer's policy."""
    with role(cloud, _policy(cloud), name="e2e-producer") as arn:
        yield assumed(cloud, arn).client("s3")


@pytest.mark.parametrize("chosen", REGIONS)
def test_a_file_lands_in_the_bucket_that_the_routes_choose(
    cloud: Cloud, point: AccessPoint, producer: Client, chosen: str
) -> None:
    point.send_to([chosen])

    key = f"{FOLDER}{uuid.uuid4()}.txt"
    version = producer.put_object(Bucket=point.arn, Key=key, Body=b"-")["VersionId"]

    found = {region: _versions(cloud, region, key) for region in REGIONS}
    assert found == {region: [version] if region == chosen else [] for region in REGIONS}


def test_a_new_access_point_leads_to_the_primary_and_one_that_was_moved_stays(
    point: AccessPoint,
) -> None:
    point.send_to(REGIONS)
    settle(point)
    assert point.dials() == {PRIMARY: 100, STANDBY: 0}

    point.send_to([STANDBY])
    settle(point)
    assert point.dials() == {PRIMARY: 0, STANDBY: 100}


def test_a_producer_puts_nothing_elsewhere_and_reads_nothing(
    cloud: Cloud, point: AccessPoint, producer: Client
) -> None:
    bucket, key = site(cloud, PRIMARY).bucket, f"{FOLDER}{uuid.uuid4()}.txt"
    producer.put_object(Bucket=bucket, Key=key, Body=b"-")

    for place in (bucket, point.arn):
        other = {"Bucket": place, "Key": "orders/not-mine.json", "Body": b"-"}
        assert _denied(producer.put_object, **other) == "s3:PutObject"
        assert _denied(producer.get_object, Bucket=place, Key=key) == "s3:GetObject"
        assert _denied(producer.list_objects_v2, Bucket=place) == "s3:ListBucket"
        assert _denied(producer.delete_object, Bucket=place, Key=key) == "s3:DeleteObject"


@pytest.mark.parametrize("left", ["bucket", "access point"])
def test_a_policy_has_to_name_the_access_point_and_the_bucket(
    cloud: Cloud, point: AccessPoint, left: str
) -> None:
    point.send_to([PRIMARY])
    [statement] = _policy(cloud)["Statement"]
    is_left = {"bucket": "arn:aws:s3:::", "access point": ":accesspoint/"}[left]
    resources = [each for each in statement["Resource"] if is_left in each]
    less = {**_policy(cloud), "Statement": [{**statement, "Resource": resources}]}

    with role(cloud, less, name="e2e-half-producer") as arn:
        put = assumed(cloud, arn).client("s3").put_object
        assert _denied(put, Bucket=point.arn, Key=f"{FOLDER}a.txt", Body=b"-") == "s3:PutObject"


def _policy(cloud: Cloud) -> Mapping[str, Any]:
    """Return the document of the policy that the stack has for the local cloud's producer."""
    iam = cloud.client("iam", PRIMARY)
    arn = f"arn:aws:iam::{ACCOUNT}:policy/{naming.producer_policy('sample', PRIMARY)}"
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    found = iam.get_policy_version(PolicyArn=arn, VersionId=version)
    document: Mapping[str, Any] = found["PolicyVersion"]["Document"]
    return document


def _versions(cloud: Cloud, region: str, key: str) -> list[str]:
    found = cloud.client("s3", region).list_object_versions(
        Bucket=site(cloud, region).bucket, Prefix=key
    )
    return [each["VersionId"] for each in found.get("Versions", [])]


def _denied(call: Call, **arguments: object) -> str:
    """Return the action that a call was denied for."""
    with pytest.raises(ClientError, match="AccessDenied") as refused:
        call(**arguments)
    words = str(refused.value).split()
    return next(word for word in words if word.startswith("s3:"))
