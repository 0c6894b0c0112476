from collections.abc import Mapping
from typing import Any

import pytest

from policies.rules.working_settings import SETTINGS, check
from policies.templates.global_table import GLOBAL_TABLE
from tests.policy.templates import Body, resource, stack

MAPPING, FUNCTION = "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Function"
KEY, BUCKET = "AWS::KMS::Key", "AWS::S3::Bucket"
OWN, PEER = '{"originRegion": "us-east-1"}', '{"originRegion": "us-west-2"}'
STREAM: Mapping[str, Any] = {
    "FunctionName": "consumer",
    "StartingPosition": "LATEST",
    "Enabled": True,
    "BatchSize": 100,
    "BisectBatchOnFunctionError": True,
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
    "FilterCriteria": {"Filters": [{"Pattern": OWN}]},
}
WORKING: Mapping[str, Body] = {
    FUNCTION: {"Timeout": 300},
    GLOBAL_TABLE: {"BillingMode": "PAY_PER_REQUEST"},
    BUCKET: {"VersioningConfiguration": {"Status": "Enabled"}},
}
TAKEOVER = {**STREAM, "FunctionName": "consumer:takeover"}
WAITING = {**TAKEOVER, "Enabled": False, "FilterCriteria": {"Filters": [{"Pattern": PEER}]}}


def messages(type_: str, properties: Body) -> list[str]:
    return [found.message for found in check([stack({"Thing": resource(type_, **properties)})])]


def test_mappings_that_read_and_wait_as_they_should_pass() -> None:
    assert messages(MAPPING, STREAM) == []
    assert messages(MAPPING, WAITING) == []
    assert messages(MAPPING, {"FunctionName": "f", "EventSourceArn": "of a queue"}) == []


def test_a_takeover_that_is_on_or_reads_what_its_own_region_writes_is_found() -> None:
    assert messages(MAPPING, {**WAITING, "Enabled": True}) != []
    assert messages(MAPPING, {**WAITING, "FilterCriteria": STREAM["FilterCriteria"]}) != []
    assert messages(MAPPING, {**STREAM, "FilterCriteria": WAITING["FilterCriteria"]}) != []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("Enabled", False),
        ("Enabled", "false"),
        ("FilterCriteria", None),
        ("MaximumBatchingWindowInSeconds", 300),
        ("TumblingWindowInSeconds", 900),
        ("BatchSize", 1),
        ("MaximumRetryAttempts", 0),
        ("MaximumRecordAgeInSeconds", 60),
        ("BisectBatchOnFunctionError", False),
        ("FunctionResponseTypes", []),
    ],
)
def test_a_stream_that_is_read_late_or_given_up_early_is_found(place: str, value: object) -> None:
    [message] = messages(MAPPING, {**STREAM, place: value})

    assert message.startswith(f"{place} is ")


@pytest.mark.parametrize(
    ("type_", "properties"),
    [
        ("AWS::Lambda::EventInvokeConfig", {"MaximumRetryAttempts": 0}),
        ("AWS::Lambda::EventInvokeConfig", {"MaximumEventAgeInSeconds": 60}),
        (FUNCTION, {"VpcConfig": {"SubnetIds": ["subnet-1"]}}),
        (FUNCTION, {"ReservedConcurrentExecutions": 0}),
        (FUNCTION, {"SnapStart": {"ApplyOn": "PublishedVersions"}}),
        (FUNCTION, {"Runtime": "python3.14"}),
        (FUNCTION, {"LoggingConfig": {"ApplicationLogLevel": "FATAL"}}),
        (FUNCTION, {"Environment": {"Variables": {"POWERTOOLS_LOG_LEVEL": "CRITICAL"}}}),
        (FUNCTION, {"Environment": {"Variables": {"POWERTOOLS_METRICS_DISABLED": "1"}}}),
        ("AWS::Lambda::Alias", {"FunctionVersion": "3"}),
        ("AWS::Logs::LogGroup", {"LogGroupClass": "INFREQUENT_ACCESS"}),
        (KEY, {"Enabled": False}),
        (KEY, {"Enabled": {"Fn::If": ["Never", True, False]}}),
        ("AWS::SQS::Queue", {"DelaySeconds": 900}),
        ("AWS::SQS::Queue", {"MaximumMessageSize": 1024}),
        (GLOBAL_TABLE, {"BillingMode": "PROVISIONED"}),
        (GLOBAL_TABLE, {"Replicas": [{"ReadOnDemandThroughputSettings": {"Max": 1}}]}),
        (
            GLOBAL_TABLE,
            {"GlobalSecondaryIndexes": [{"Projection": {"ProjectionType": "KEYS_ONLY"}}]},
        ),
        (BUCKET, {"LifecycleConfiguration": {"Rules": [{"Transitions": []}]}}),
        (BUCKET, {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}}),
        (BUCKET, {"VersioningConfiguration": {"Status": "Suspended"}}),
        *((FUNCTION, {"Timeout": timeout}) for timeout in (None, 0, 901, "300")),
        ("AWS::Events::Rule", {"State": "DISABLED"}),
        ("AWS::Scheduler::Schedule", {"State": "DISABLED"}),
        ("AWS::Scheduler::Schedule", {"EndDate": "2027-01-01T00:00:00Z"}),
        ("AWS::SNS::Subscription", {"FilterPolicy": {"kind": ["none"]}}),
    ],
)
def test_what_does_not_work_is_found(type_: str, properties: Body) -> None:
    [message] = messages(type_, {**WORKING.get(type_, {}), **properties})

    assert " is " in message


def test_what_is_not_set_works_unless_it_must_be() -> None:
    must_be = {*WORKING, "AWS::Lambda::Alias"}

    for type_ in SETTINGS:
        assert len(messages(type_, {})) == (type_ in must_be), type_


def test_a_replica_of_another_account_takes_over_how_its_source_is_billed() -> None:
    assert messages(GLOBAL_TABLE, {"GlobalTableSourceArn": "arn"}) == []
