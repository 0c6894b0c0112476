from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.templates import assembly
from policies.templates.template import StackTemplate
from review.cost.estimate import estimate, per_million
from review.cost.month import Table
from tests.policy.templates import resource, stack

ROOT = Path(__file__).resolve().parents[3]
READ = Table()
# A million records a day of 500 bytes, in files whose ledger entries are not worth mentioning.
TABLE = replace(
    READ,
    price={
        **READ.price,
        "dynamodb_writes": 2.0,
        "dynamodb_index_writes": 1.0,
    },
    load={
        **READ.load,
        "files_per_day": 1,
        "records_per_file": 1_000_000,
        "rows_per_checkpoint": 1_000_000_000,
        "days_per_month": 30,
        "rejected_share": 0.02,
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
        # Into the other region.
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


def test_an_alarm_is_paid_by_its_metrics_and_equal_uses_are_one_line() -> None:
    two = [{"MetricStat": {}}, {"MetricStat": {}}, {"Expression": "a/b"}]
    resources = {
        "A": resource("AWS::CloudWatch::Alarm", MetricName="m"),
        "B": resource("AWS::CloudWatch::Alarm", Metrics=two),
    }

    [line] = estimate([stack(resources)], TABLE)["lines"]

    assert (line["quantity"], line["monthly_usd"]) == (3, 0.3)


def test_a_key_is_paid_three_times_once_it_has_been_rotated_twice() -> None:
    rotated = resource("AWS::KMS::Key", EnableKeyRotation=True)
    keys = {"A": rotated, "B": resource("AWS::KMS::Key")}

    lines = estimate([stack(keys)], TABLE)["lines"]

    assert [(line["quantity"], line["idle_usd"]) for line in lines] == [(2, 2.0), (2, 2.0)]


def test_a_canary_is_paid_in_a_region_that_takes_no_files() -> None:
    every = resource("AWS::Scheduler::Schedule", ScheduleExpression="rate(5 minutes)")
    canary = resource("AWS::Lambda::Function", FunctionName="serverless-canary-prod")
    standby = stack({"S": every, "C": canary}, region="us-west-2")

    lines = {line["item"]: line["quantity"] for line in estimate([standby], TABLE)["lines"]}

    # 8,640 runs of 30 days; it is called again by the event of its record. It has seven metrics.
    assert lines["calls"] == pytest.approx(8_640 / 1e6, abs=1e-3)
    assert lines["requests"] == pytest.approx(2 * 8_640 / 1e6, abs=1e-3)
    assert lines["custom metrics"] == 7


def test_a_metric_is_paid_for_the_hours_in_which_it_gets_a_value() -> None:
    every = resource("AWS::Scheduler::Schedule", ScheduleExpression="rate(4 hours)")
    canary = resource("AWS::Lambda::Function", FunctionName="serverless-canary-prod")

    reported = estimate([stack({"S": every, "C": canary}, region="us-west-2")], TABLE)

    metrics = {line["item"]: line["quantity"] for line in reported["lines"]}["custom metrics"]
    assert metrics == 7 / 4


def test_a_file_too_large_for_one_run_is_paid_by_its_ranges() -> None:
    machine = stack({"M": resource("AWS::StepFunctions::StateMachine")})
    load = {**TABLE.load, "files_per_day": 10, "days_per_month": 30}
    small, large = (
        estimate([machine], replace(TABLE, load={**load, "bytes_per_record": each}))["lines"][0]
        for each in (67, 500)
    )

    # 500 MB are 15 ranges: 300 files of 8 steps and four for each range.
    assert small["quantity"] == 0
    assert large["quantity"] == pytest.approx(300 * (8 + 15 * 4) / 1000)


def test_what_is_built_is_paid_by_the_minute_and_kept_as_long_as_its_log_group_says() -> None:
    medium = {"ComputeType": "BUILD_GENERAL1_MEDIUM"}
    resources = {
        "A": resource("AWS::CodeBuild::Project", Environment=medium),
        "B": resource("AWS::CodeBuild::Project", Environment=medium),
        "L": resource("AWS::Logs::LogGroup", LogGroupName="/aws/codebuild/x", RetentionInDays=365),
        "P": resource("AWS::CodePipeline::Pipeline"),
    }
    load = {**TABLE.load, "deployments_per_month": 20, "log_bytes_per_deployment": 1e9}

    lines = estimate([stack(resources)], replace(TABLE, load=load))["lines"]

    assert {line["item"]: line["monthly_usd"] for line in lines} == {
        "builds": 6.0,  # 20 times 30 minutes
        "actions": 1.8,  # 20 times 45
        "logs": 10.0,
        "kept logs": 1.09,  # 20 GB, of which 15 % are stored, for 12.2 months
    }
    assert not any(line["idle_usd"] for line in lines)


def test_idle_is_what_is_left_without_files_and_deployments() -> None:
    resources = {
        "B": resource("AWS::Events::EventBus"),
        "D": resource("AWS::CloudWatch::Dashboard"),
    }

    reported = estimate([stack(resources)], TABLE)

    assert (reported["idle_usd"], reported["monthly_usd"]) == (3.0, 33.0)


def test_the_difference_to_the_base_is_for_the_same_load_and_names_its_lines() -> None:
    dashboard, key = resource("AWS::CloudWatch::Dashboard"), resource("AWS::KMS::Key")
    bus = {"Bus": resource("AWS::Events::EventBus")}
    now, base = stack({"A": dashboard, "B": dashboard, **bus}), stack({"K": key})

    reported = estimate([now], TABLE, base=[base])

    changes = {
        line["item"]: (line["idle_delta_usd"], line["delta_usd"]) for line in reported["lines"]
    }
    # The key is there no more.
    assert changes == {"dashboards": (6.0, 6.0), "events": (0.0, 30.0), "keys": (-1.0, -1.0)}
    assert (reported["idle_delta_usd"], reported["delta_usd"]) == (5.0, 35.0)


def test_a_deployers_own_load_takes_the_place_of_the_projects() -> None:
    bus = stack({"Bus": resource("AWS::Events::EventBus")})
    own = {"filesPerDay": "2", "rejectedShare": "0.5"}
    template = {**bus.template, "Metadata": {"Load": own}}

    reported = estimate([replace(bus, template=template)], TABLE)

    assert reported["load"] == {**TABLE.load, "files_per_day": 2, "rejected_share": 0.5}
    assert reported["monthly_usd"] == 60.0


def test_a_type_without_a_price_is_named() -> None:
    assert estimate([stack({"X": resource("AWS::EC2::Instance")})], TABLE)["unpriced"] == [
        "AWS::EC2::Instance"
    ]


@pytest.mark.parametrize("region", ["us-east-1", "us-west-2"])
def test_only_the_region_that_takes_the_traffic_pays_for_it(green: Path, region: str) -> None:
    lines = estimate(assembly.read(green).stacks)["lines"]

    more = {
        line["service"]
        for line in lines
        if line["region"] == region and line["monthly_usd"] > line["idle_usd"]
    }

    # Records are stored in both.
    assert ({"Events", "Lambda", "Logs"} <= more) is (region == "us-east-1")
    assert "DynamoDB" in more
