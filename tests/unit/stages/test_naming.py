import re
from collections.abc import Callable

import pytest

import naming
from stages.settings import BUCKET_SUFFIX_OR_NONE

REGIONS = ("us-east-1", "us-west-2")
BUCKET_NAME_LENGTH = 63
ROLE_NAME_LENGTH = 64


def buckets(suffix: str) -> list[str]:
    return [
        *(naming.ingestion_bucket(region, suffix) for region in REGIONS),
        *(naming.access_logs_bucket(region, suffix) for region in REGIONS),
        *(naming.artifact_bucket(region, suffix) for region in REGIONS),
        *(naming.artifact_logs_bucket(region, suffix) for region in REGIONS),
    ]


def longest_suffix() -> str:
    accepted = (
        "a" * length for length in range(64) if re.fullmatch(BUCKET_SUFFIX_OR_NONE, "a" * length)
    )
    return max(accepted, key=len)


def test_the_ingestion_buckets_have_the_names_producers_use() -> None:
    assert naming.ingestion_bucket("us-east-1", "") == "serverless-data-ingestion-prod"
    assert naming.ingestion_bucket("us-west-2", "") == "serverless-data-ingestion-dr-prod"


def test_a_suffix_is_appended_to_every_bucket() -> None:
    assert buckets("acme") == [f"{name}-acme" for name in buckets("")]


def test_no_two_buckets_share_a_name() -> None:
    assert len(set(buckets(""))) == 8


def test_every_bucket_name_fits_with_the_longest_suffix_that_is_accepted() -> None:
    too_long = [name for name in buckets(longest_suffix()) if len(name) > BUCKET_NAME_LENGTH]

    assert too_long == []


@pytest.mark.parametrize(
    "name",
    [
        naming.stack,
        naming.dashboard,
        naming.artifact_stack,
        naming.canary_role,
        naming.canary_schedule_role,
        naming.processor_role,
        naming.stream_consumer_role,
        naming.stream_lookup_role,
        naming.verification_role,
        naming.verifier_role,
    ],
)
def test_a_global_resource_carries_its_region_in_its_name(name: Callable[[str], str]) -> None:
    names = [name(region) for region in REGIONS]

    assert all(region in each for region, each in zip(REGIONS, names, strict=True))
    assert all(re.fullmatch(r"serverless-[a-z0-9-]+-prod", each) for each in names)
    assert max(map(len, names)) <= ROLE_NAME_LENGTH


def test_the_regions_are_named_once_and_each_is_the_others_peer() -> None:
    assert naming.REGIONS == REGIONS
    assert [naming.peer(region) for region in REGIONS] == ["us-west-2", "us-east-1"]
    assert [naming.stage(region) for region in REGIONS] == ["primary", "standby"]


def test_an_alarm_is_named_after_what_is_wrong() -> None:
    assert naming.alarm("processor-errors") == "serverless-processor-errors-prod"


def test_arns_are_literal() -> None:
    assert naming.role_arn("reader", "111122223333") == "arn:aws:iam::111122223333:role/reader"
    assert naming.bootstrap_role_arn("lookup", "us-west-2", "111122223333") == (
        "arn:aws:iam::111122223333:role/cdk-fileingest-lookup-role-111122223333-us-west-2"
    )
    assert naming.bucket_arn("files") == "arn:aws:s3:::files"
    assert naming.table_arn("us-west-2", "111122223333") == (
        "arn:aws:dynamodb:us-west-2:111122223333:table/serverless-processed-data-prod"
    )
