"""One address for producers: over both buckets, owned by the standby's stack, for putting only."""

from tests.infra.stack import Resource, Stack, statements

ACCESS_POINT = "MultiRegionAccessPoint(serverless-ingestion-prod)"
ARN = "arn:aws:s3::{account}:accesspoint/" + ACCESS_POINT + ".Alias"


def access_point(stack: Stack) -> Resource:
    return stack.one("AWS::S3::MultiRegionAccessPoint")


def test_it_routes_to_each_regions_ingestion_bucket_by_its_owner(standby: Stack) -> None:
    assert access_point(standby).properties["Regions"] == [
        {"Bucket": bucket, "BucketAccountId": standby.account}
        for bucket in ("serverless-data-ingestion-prod", "serverless-data-ingestion-dr-prod")
    ]


def test_it_is_created_once_both_buckets_are_there(primary: Stack, standby: Stack) -> None:
    bucket = "Bucket(serverless-data-ingestion-dr-prod)"

    assert bucket in access_point(standby).depends_on
    # The primary's stack, with the other bucket, is deployed before.
    assert not primary.all("AWS::S3::MultiRegionAccessPoint")


def test_it_is_never_public_and_outlives_the_stack(standby: Stack) -> None:
    blocked = access_point(standby).properties["PublicAccessBlockConfiguration"]

    assert blocked == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    assert access_point(standby).retained


def test_its_policy_leaves_it_to_the_account_who_puts_and_denies_plain_http(standby: Stack) -> None:
    policy = standby.one("AWS::S3::MultiRegionAccessPointPolicy")
    put = {
        "Action": ["s3:AbortMultipartUpload", "s3:PutObject"],
        "Resource": [f"{ARN.format(account=standby.account)}/object/*"],
    }

    assert policy.properties["MrapName"] == ACCESS_POINT
    assert list(statements(policy.properties)) == [
        {**put, "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{standby.account}:root"}},
        {
            **put,
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    ]


def test_with_one_account_the_buckets_policies_let_nobody_in(stack: Stack) -> None:
    ingestion = [
        policy for policy in stack.all("AWS::S3::BucketPolicy") if "data-ingestion" in policy.name
    ]

    [policy] = ingestion
    assert {each["Effect"] for each in statements(policy.properties)} == {"Deny"}
