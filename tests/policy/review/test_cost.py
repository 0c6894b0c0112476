from pathlib import Path

import pytest

from policies.templates import assembly
from review.cost import estimate
from review.cost.load import Table
from tests.policy.templates import resource, stack

TABLE = Table(
    as_of="2026-01-01",
    currency="USD",
    price={
        "cloudwatch_alarm_metric": 0.1,
        "dynamodb_million_replicated_writes": 2.0,
        "dynamodb_million_index_writes": 1.0,
        "dynamodb_gb_month": 0.25,
        "dynamodb_recovery_gb_month": 0.2,
        "transfer_between_regions_gb": 0.02,
        "kms_key": 1.0,
    },
    load={
        "region": "us-east-1",
        "records_per_day": 1_000_000,
        "bytes_per_record": 500,
        "records_per_file": 1000,
        "days_per_month": 30,
        "item_overhead_bytes": 500,
        "months_kept": 1,
    },
)
PITR = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}


def test_the_table_is_paid_in_each_region_that_has_a_replica() -> None:
    table = resource(
        "AWS::DynamoDB::GlobalTable",
        GlobalSecondaryIndexes=[{"IndexName": "i"}],
        Replicas=[{"Region": "us-east-1", **PITR}, {"Region": "us-west-2"}],
    )

    reported = estimate([stack({"T": table})], TABLE)

    # 30 million writes of one unit; 30 GB, twice for the index; 30 GB moved once.
    assert {(line["region"], line["item"]): line["monthly_usd"] for line in reported["lines"]} == {
        ("us-east-1", "writes"): 60.0,
        ("us-east-1", "index writes"): 30.0,
        ("us-east-1", "storage"): 15.0,
        ("us-east-1", "recovery"): 6.0,
        ("us-east-1", "replication"): 0.6,
        ("us-west-2", "writes"): 60.0,
        ("us-west-2", "index writes"): 30.0,
        ("us-west-2", "storage"): 15.0,
    }
    assert reported["monthly_usd"] == 216.6


def test_an_alarm_is_paid_by_its_metrics_and_equal_uses_are_one_line() -> None:
    two = [{"MetricStat": {}}, {"MetricStat": {}}, {"Expression": "a/b"}]
    resources = {
        "A": resource("AWS::CloudWatch::Alarm", MetricName="m"),
        "B": resource("AWS::CloudWatch::Alarm", Metrics=two),
    }

    [line] = estimate([stack(resources)], TABLE)["lines"]

    assert (line["quantity"], line["monthly_usd"]) == (3, 0.3)


def test_a_type_without_a_price_is_named() -> None:
    assert estimate([stack({"X": resource("AWS::EC2::Instance")})], TABLE)["unpriced"] == [
        "AWS::EC2::Instance"
    ]


def test_every_resource_type_of_the_app_is_priced_or_known_to_be_free(
    green: Path, customised: Path
) -> None:
    for folder in (green, customised):
        assert estimate(assembly.read(folder).stacks)["unpriced"] == []


def test_every_price_is_positive_and_dated() -> None:
    table = Table.read()

    assert min(table.price.values()) > 0
    assert table.as_of == "2026-11-23"


@pytest.mark.parametrize("region", ["us-east-1", "us-west-2"])
def test_only_the_region_that_takes_the_traffic_pays_for_it(green: Path, region: str) -> None:
    lines = estimate(assembly.read(green).stacks)["lines"]

    services = {line["service"] for line in lines if line["region"] == region}

    assert ("Lambda" in services) is (region == "us-east-1")
    assert {"DynamoDB", "CloudWatch", "KMS"} <= services
