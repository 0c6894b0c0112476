"""A value that is dangerous to change is told by its hazard, and by nothing else."""

from collections.abc import Mapping
from typing import Any

import pytest

from policies.changes import tables
from policies.changes.kinds import findings
from tests.policy.changes.updates import BUCKET, TABLE, between
from tests.policy.templates import Body, resource

FUNCTION, MAPPING = "AWS::Lambda::Function", "AWS::Lambda::EventSourceMapping"
ALARM, MACHINE = "AWS::CloudWatch::Alarm", "AWS::StepFunctions::StateMachine"
RULE, SCHEDULE = "AWS::Events::Rule", "AWS::Scheduler::Schedule"
QUEUE, LOGS, KEY = "AWS::SQS::Queue", "AWS::Logs::LogGroup", "AWS::KMS::Key"
SUBSCRIPTION = "AWS::SNS::Subscription"
EAST, OTHER = {"Region": "us-east-1"}, {"Region": "us-west-2"}
SHARED = {**EAST, "GlobalTableSettingsReplicationMode": "ENABLED"}
INDEX = {"IndexName": "i", "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}]}
EXPIRES = {"Rules": [{"ExpirationInDays": 30, "Status": "Enabled", "Prefix": "canary/"}]}
EXPIRES_ALL = {"Rules": [{"ExpirationInDays": 30, "Status": "Enabled"}]}
OBJECTS = {"Rules": [{"Transitions": [{"StorageClass": "GLACIER"}], "Status": "Enabled"}]}
TTL = {"AttributeName": "expiresAt", "Enabled": True}
CLOSED = {"BlockPublicAcls": True}
OFF: Body = {"Enabled": False, "BatchSize": 100}


def told(before: Body | None, after: Body | None) -> list[str]:
    sides = ({"R": each} if each else {} for each in (before, after))
    return [found.rule for found in findings(between(*sides))]


def test_a_hazard_says_why_what_it_was_and_what_to_do() -> None:
    on, off = ({"M": resource(MAPPING, Enabled=enabled)} for enabled in (True, False))

    [found] = findings(between(on, off))

    assert found.rule == "mapping-switched[Properties.Enabled true -> false]"
    assert "reads nothing" in found.message
    assert "it was true and becomes false" in found.message
    assert found.remedy.startswith("leave it to the operators' commands")


@pytest.mark.parametrize(
    ("name", "type_", "before", "after"),
    [
        ("synchronized-setting", TABLE, {}, {"GlobalSecondaryIndexes": [INDEX]}),
        ("synchronized-setting", TABLE, {"TimeToLiveSpecification": TTL}, {}),
        ("synchronized-setting", TABLE, {}, {"WarmThroughput": {"WriteUnitsPerSecond": 9}}),
        ("synchronized-setting", TABLE, {}, {"StreamSpecification": {"StreamViewType": "X"}}),
    ],
)
def test_a_setting_that_both_accounts_have_cannot_change(
    name: str, type_: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    sides = (resource(type_, Replicas=[SHARED], **each) for each in (before, after))

    [found] = told(*sides)

    assert found.startswith(f"{name}[")


@pytest.mark.parametrize(
    ("name", "type_", "before", "after"),
    [
        (
            "synchronized-setting",
            TABLE,
            {"Replicas": [SHARED]},
            {
                "Replicas": [
                    {**SHARED, "ReadOnDemandThroughputSettings": {"MaxReadRequestUnits": 1}}
                ]
            },
        ),
        (
            "recovery-shortened",
            TABLE,
            {"Replicas": [EAST]},
            {"Replicas": [{**EAST, "PointInTimeRecoverySpecification": {}}]},
        ),
        (
            "protection-lifted",
            TABLE,
            {"Replicas": [{**SHARED, "DeletionProtectionEnabled": True}]},
            {"Replicas": [{**SHARED, "DeletionProtectionEnabled": False}]},
        ),
        ("replica-removed", TABLE, {"Replicas": [EAST, OTHER]}, {"Replicas": [EAST]}),
        ("archived", TABLE, {}, {"TableClass": "STANDARD_INFREQUENT_ACCESS"}),
        ("archived", BUCKET, {}, {"LifecycleConfiguration": OBJECTS}),
        ("archived", BUCKET, {}, {"IntelligentTieringConfigurations": [{"Id": "a"}]}),
        ("expiry-added", TABLE, {}, {"TimeToLiveSpecification": TTL}),
        (
            "expiry-added",
            TABLE,
            {"TimeToLiveSpecification": TTL},
            {"TimeToLiveSpecification": {**TTL, "AttributeName": "timestamp"}},
        ),
        ("expiry-added", BUCKET, {}, {"LifecycleConfiguration": EXPIRES}),
        (
            "expiry-added",
            BUCKET,
            {"LifecycleConfiguration": EXPIRES},
            {"LifecycleConfiguration": EXPIRES_ALL},
        ),
        ("kept-shorter", LOGS, {"RetentionInDays": 365}, {"RetentionInDays": 30}),
        ("kept-shorter", QUEUE, {"MessageRetentionPeriod": 1209600}, {}),
        ("locked", BUCKET, {}, {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}}),
        ("capacity-changed", TABLE, {"BillingMode": "PAY_PER_REQUEST"}, {"BillingMode": "P"}),
        ("capacity-changed", TABLE, {}, {"WriteOnDemandThroughputSettings": {"Max": 1}}),
        ("index-changed", TABLE, {"GlobalSecondaryIndexes": [INDEX]}, {}),
        ("stream-changed", TABLE, {"StreamSpecification": {"StreamViewType": "NEW_IMAGE"}}, {}),
        ("encryption-changed", BUCKET, {"BucketEncryption": {"a": 1}}, {}),
        ("network-opened", BUCKET, {"PublicAccessBlockConfiguration": CLOSED}, {}),
        ("network-opened", BUCKET, {}, {"AccessControl": "PublicRead"}),
        ("network-opened", "AWS::EC2::SecurityGroup", {}, {"SecurityGroupIngress": [EAST]}),
        ("takeover-reset", MAPPING, OFF, {**OFF, "BatchSize": 50}),
        ("reads-otherwise", MAPPING, {}, {"MaximumBatchingWindowInSeconds": 300}),
        ("reads-otherwise", MAPPING, {"FilterCriteria": {}}, {}),
        ("failures-handled-otherwise", MAPPING, {"MaximumRetryAttempts": 10}, {}),
        (
            "failures-handled-otherwise",
            RULE,
            {"Targets": [{"DeadLetterConfig": {}}]},
            {"Targets": [{}]},
        ),
        ("delivered-otherwise", QUEUE, {}, {"DelaySeconds": 900}),
        (
            "alert-address",
            SUBSCRIPTION,
            {"Endpoint": "a@example.com"},
            {"Endpoint": "b@example.com"},
        ),
        ("alarm-changed", ALARM, {}, {"Unit": "Bytes"}),
        ("alarm-changed", ALARM, {"Threshold": 1}, {"Threshold": 2}),
        ("logs-changed", LOGS, {}, {"LogGroupClass": "INFREQUENT_ACCESS"}),
        ("logs-changed", MAPPING, {"MetricsConfig": {"Metrics": ["EventCount"]}}, {}),
        ("key-changed", KEY, {}, {"Enabled": False}),
        ("trigger-changed", RULE, {}, {"State": "DISABLED"}),
        ("trigger-changed", SCHEDULE, {}, {"EndDate": "2027-01-01T00:00:00Z"}),
        ("trigger-changed", BUCKET, {"NotificationConfiguration": {}}, {}),
        ("steps-changed", MACHINE, {}, {"DefinitionString": "{}"}),
        ("other-code", FUNCTION, {}, {"Code": {"ZipFile": "x"}}),
        ("runs-with-less", FUNCTION, {"MemorySize": 1769}, {"MemorySize": 128}),
        ("runs-with-less", FUNCTION, {"Timeout": 300}, {}),
        ("given-otherwise", FUNCTION, {}, {"Environment": {"Variables": {"TABLE_NAME": "t"}}}),
        ("runs-otherwise", FUNCTION, {}, {"ReservedConcurrentExecutions": 0}),
    ],
)
def test_each_is_told_by_its_own_name(
    name: str, type_: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    [found] = told(*(resource(type_, **each) for each in (before, after)))

    assert found.startswith(f"{name}[")


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("alarm-changed", ALARM),
        ("part-removed", RULE),
        ("takeover-reset", MAPPING),
        ("alert-address", SUBSCRIPTION),
    ],
)
def test_what_people_and_events_depend_on_is_missed_when_it_is_gone(name: str, type_: str) -> None:
    [found] = told(resource(type_, Enabled=False), None)

    assert found.startswith(f"{name}[")


def test_a_mapping_that_is_new_or_always_on_resets_no_takeover() -> None:
    on, slower = (resource(MAPPING, Enabled=True, BatchSize=size) for size in (100, 50))

    assert told(on, slower) == ["reads-otherwise[Properties.BatchSize 100 -> 50]"]
    [new] = told(None, resource(MAPPING, OFF))
    assert new.startswith("sends-elsewhere[")


def test_more_is_harmless() -> None:
    assert told(resource(FUNCTION, MemorySize=1), resource(FUNCTION, MemorySize=2)) == []


def test_what_was_to_be_deleted_and_stays_is_told() -> None:
    [found] = told(resource(BUCKET, LifecycleConfiguration=EXPIRES), resource(BUCKET))

    assert found.startswith("kept-longer[")


def test_the_steps_of_a_machine_are_compared_one_by_one_and_what_they_name_as_well() -> None:
    def machine(worker: object, retries: int) -> Body:
        parts = ['{"Do": {"Resource": "', worker, f'", "Retries": {retries}}}}}']
        return resource(MACHINE, DefinitionString={"Fn::Join": ["", parts]})

    own = {"Fn::GetAtt": ["Worker", "Arn"]}

    assert told(machine(own, 8), machine(own, 0)) == [
        "steps-changed[Properties.DefinitionString.Do.Retries 8 -> 0]"
    ]
    assert told(machine(own, 8), machine({"Ref": "Other"}, 8)) == [
        "steps-changed[Properties.DefinitionString.Do.Resource <Worker.Arn> -> <Other>]"
    ]
    assert told(machine(own, 8), machine("<Worker.Arn>", 8)) != []


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("POWERTOOLS_LOG_LEVEL", "Powertools"),
        ("PYTHONWARNINGS", "before any of our code runs"),
        ("LD_LIBRARY_PATH", "before any of our code runs"),
        ("AWS_LAMBDA_EXEC_WRAPPER", "before any of our code runs"),
        ("AWS_ENDPOINT_URL", "where the functions' calls go"),
        ("SSL_CERT_FILE", "whom their TLS trusts"),
        ("TZ", "which time"),
        ("TABLE_NAME", "finds its table"),
    ],
)
def test_a_variable_of_a_function_is_told_with_what_it_does(variable: str, said: str) -> None:
    before, after = (
        {"F": resource(FUNCTION, Environment={"Variables": each})} for each in ({}, {variable: "x"})
    )

    [found] = findings(between(before, after))

    assert found.kind == "given-otherwise"
    assert said in found.message


def test_every_table_of_hazards_is_read() -> None:
    assert {each.name for each in (tables.FOLDER / "hazards").iterdir()} == {*tables.OF_HAZARDS}
