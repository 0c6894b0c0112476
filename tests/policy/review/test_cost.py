from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.templates import assembly
from policies.templates.template import StackTemplate
from review.cost import estimate
from review.cost.load import Table
from review.cost.per_million import per_million
from review.render.markdown import prices_table
from tests.policy.templates import resource, stack

ROOT = Path(__file__).resolve().parents[3]
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
        "eventbridge_million_events": 1.0,
        "lambda_arm_gb_second": 0.0000133334,
        "s3_thousand_puts": 0.005,
        "s3_thousand_gets": 0.0004,
    },
    load={
        "region": "us-east-1",
        "records_per_day": 1_000_000,
        "bytes_per_record": 500,
        "records_per_file": 1000,
        "days_per_month": 30,
        "item_overhead_bytes": 500,
        "index_item_bytes": 250,
        "rejected_share": 0.02,
        "processor_ms_per_record": 3.0,
        "consumer_ms_per_change": 2.0,
        "processor_mb": 1769,
        "consumer_mb": 512,
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

    # 30 million writes of one unit; 30 GB, and 7.5 of the index; 30 GB moved once.
    assert {(line["region"], line["item"]): line["monthly_usd"] for line in reported["lines"]} == {
        ("us-east-1", "writes"): 60.0,
        ("us-east-1", "index writes"): 30.0,
        ("us-east-1", "storage"): 9.38,
        ("us-east-1", "recovery"): 6.0,
        ("us-east-1", "replication"): 0.6,
        ("us-west-2", "writes"): 60.0,
        ("us-west-2", "index writes"): 30.0,
        ("us-west-2", "storage"): 9.38,
    }
    assert reported["monthly_usd"] == 205.36


def test_an_index_without_accepted_rows_is_paid_for_the_rejected_ones() -> None:
    table = resource(
        "AWS::DynamoDB::GlobalTable",
        GlobalSecondaryIndexes=[{"IndexName": "i"}],
        Replicas=[{"Region": "us-east-1"}],
    )
    exceptions = with_setting(stack({"T": table}), "exceptions")

    reported = estimate([exceptions], TABLE)

    # 2 % of 30 million rows; 30 GB, and 0.15 of the index.
    lines = {line["item"]: (line["quantity"], line["monthly_usd"]) for line in reported["lines"]}
    assert reported["status_index"] == "exceptions"
    assert lines["index writes"] == (0.6, 0.6)
    assert lines["storage"] == (30.15, 7.54)


def with_setting(of: StackTemplate, setting: str) -> StackTemplate:
    outputs = {"StatusIndex": {"Value": setting}}
    return replace(of, template={**of.template, "Outputs": outputs})


def test_a_record_costs_half_the_write_units_without_accepted_rows_in_the_index() -> None:
    lines = {line["what"]: line["units"] for line in per_million(TABLE)}

    # In the table and in the index, in two regions.
    assert lines["PutItem, new record"] == {"all": 4, "exceptions": 2}
    # Nothing is replicated or indexed.
    assert lines["PutItem, stored already (condition fails)"] == {"all": 1, "exceptions": 1}
    assert lines["PutItem, rejected row"] == {"all": 4, "exceptions": 4}
    # It leaves one status in the index and enters another.
    assert lines["UpdateItem, rejected row corrected"] == {"all": 6, "exceptions": 6}
    assert lines["TransactWriteItems, new record (not used)"] == {"all": 5, "exceptions": 3}


@given(st.integers(0, 400 * 1024))
def test_a_large_item_takes_a_unit_for_each_kib_begun_and_no_more_of_the_index(size: int) -> None:
    load = {**TABLE.load, "bytes_per_record": size, "item_overhead_bytes": 1}

    put = per_million(replace(TABLE, load=load))[0]

    kib = size // 1024 + 1
    assert put["units"] == {"all": 2 * kib + 2, "exceptions": 2 * kib}
    assert put["usd"]["all"] == pytest.approx(2.0 * put["units"]["all"])


def test_the_price_of_a_million_records_is_for_the_memory_that_the_functions_have(
    green: Path,
) -> None:
    load = Table.read().load
    memory = {
        each.properties.get("FunctionName"): each.properties["MemorySize"]
        for stack in assembly.read(green).stacks
        for each in stack.resources("AWS::Lambda::Function")
        if "MemorySize" in each.properties
    }

    assert memory["serverless-data-processor-prod"] == load["processor_mb"]
    assert memory["serverless-stream-consumer-prod"] == load["consumer_mb"]


def test_the_report_and_the_documentation_say_the_same_of_a_million_records() -> None:
    table = Table.read()

    written = (ROOT / "docs" / "scale.md").read_text()

    assert prices_table(per_million(table)).strip() in written
    assert f"list prices of {table.as_of}" in written


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
