from collections.abc import Mapping
from dataclasses import replace

import pytest

from policies.rules.nothing_expires import check
from tests.policy.templates import Body, resource, stack

TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
LATER = {"Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 30}]}


def bucket(*rules: Body, **properties: object) -> Body:
    return resource("AWS::S3::Bucket", LifecycleConfiguration={"Rules": list(rules)}, **properties)


def table(type_: str, **ttl: object) -> Body:
    return resource(type_, TimeToLiveSpecification={"AttributeName": "expires", **ttl})


def reported(resources: Mapping[str, Body]) -> list[str]:
    return [
        f"{each.path.rpartition('/')[2]}: {each.rule[1:-1]}" for each in check([stack(resources)])
    ]


@pytest.mark.parametrize("type_", TABLES)
@pytest.mark.parametrize("on", [{"Enabled": True}, {"Enabled": "true"}, {}])
def test_a_table_whose_records_expire_is_found(type_: str, on: Body) -> None:
    assert reported({"Table": table(type_, **on)}) == ["Table: items expire by expires"]


@pytest.mark.parametrize("type_", TABLES)
def test_a_table_whose_records_stay_passes(type_: str) -> None:
    assert reported({"One": table(type_, Enabled=False), "Other": resource(type_)}) == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"ExpirationInDays": 30}, "ExpirationInDays is 30"),
        ({"ExpirationDate": "2027-01-01", "Prefix": "a/"}, "ExpirationDate is 2027-01-01 below a/"),
        (
            {"NoncurrentVersionExpirationInDays": 1},
            "NoncurrentVersionExpirationInDays is 1",
        ),
        (
            {"NoncurrentVersionExpiration": {"NoncurrentDays": 1}},
            'NoncurrentVersionExpiration is {"NoncurrentDays": 1}',
        ),
    ],
)
def test_a_bucket_whose_objects_or_versions_expire_is_found(rule: Body, words: str) -> None:
    assert reported({"Bucket": bucket({**rule, "Status": "Enabled"})}) == [f"Bucket: {words}"]


def test_a_rule_that_is_off_or_deletes_no_object_passes() -> None:
    off = {"ExpirationInDays": 30, "Status": "Disabled"}
    unfinished = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}

    assert (
        reported({"Bucket": bucket(off, unfinished, LATER), "Bare": resource("AWS::S3::Bucket")})
        == []
    )


def test_logs_of_another_bucket_may_age_but_a_bucket_that_logs_to_itself_is_no_log() -> None:
    ageing = {"ExpirationInDays": 365}
    to_logs = {"DestinationBucketName": {"Ref": "Logs"}}
    data = resource("AWS::S3::Bucket", LoggingConfiguration=to_logs)

    assert reported({"Logs": bucket(ageing), "Data": data}) == []
    assert reported({"Logs": bucket(ageing, LoggingConfiguration=to_logs)})


def test_artifacts_beside_the_stages_may_age_and_records_may_not() -> None:
    beside = stack({"Bucket": bucket({"ExpirationInDays": 90}), "Table": table(TABLES[1])})

    found = check([replace(beside, stage_path="")])

    assert [finding.path for finding in found] == ["pipeline/primary/tap/Table"]


@pytest.mark.parametrize("days", [1, "29"])
def test_artifacts_that_go_before_a_rollback_needs_them_are_found(days: object) -> None:
    [found] = check([replace(stack({"B": bucket({"ExpirationInDays": days})}), stage_path="")])

    assert found.message == f"a rollback or an inquiry finds nothing after {days} days"
