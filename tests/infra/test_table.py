import json
from hashlib import sha256
from typing import Any

import pytest

from tests.infra.conftest import Stacks
from tests.infra.stack import Resource, Stack
from tests.unit.processor.item_kinds import EXPIRES_AT, INDEX_KEYS, KINDS, TABLE_KEYS

TABLE = "AWS::DynamoDB::GlobalTable"


@pytest.fixture
def table(primary: Stack) -> Resource:
    return primary.one(TABLE, "serverless-processed-data-prod")


def test_a_record_is_found_by_its_id_and_time(table: Resource) -> None:
    assert table.properties["KeySchema"] == [
        {"AttributeName": "recordId", "KeyType": "HASH"},
        {"AttributeName": "timestamp", "KeyType": "RANGE"},
    ]
    assert {
        each["AttributeName"]: each["AttributeType"]
        for each in table.properties["AttributeDefinitions"]
    } == {"recordId": "S", "timestamp": "S", "status": "S", "shard": "N"}


def test_a_status_is_spread_over_shards_and_sorted_by_time(table: Resource) -> None:
    [index] = table.properties["GlobalSecondaryIndexes"]

    assert index["IndexName"] == "status-index"
    assert index["KeySchema"] == [
        {"AttributeName": "status", "KeyType": "HASH"},
        {"AttributeName": "shard", "KeyType": "HASH"},
        {"AttributeName": "timestamp", "KeyType": "RANGE"},
    ]


def test_the_index_shows_what_a_query_by_status_needs_and_no_data(table: Resource) -> None:
    [index] = table.properties["GlobalSecondaryIndexes"]

    assert index["Projection"] == {
        "ProjectionType": "INCLUDE",
        "NonKeyAttributes": ["itemType", "dataset", "source", "error", "failure"],
    }


def test_every_replica_has_the_index(table: Resource) -> None:
    indexes = [replica["GlobalSecondaryIndexes"] for replica in table.properties["Replicas"]]

    assert indexes == [[{"IndexName": "status-index"}]] * 2


def test_the_stream_carries_both_images_of_a_change(table: Resource) -> None:
    assert table.properties["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_items_are_encrypted_with_a_key_of_aws_kms(table: Resource) -> None:
    assert table.properties["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}


def test_capacity_is_billed_per_request(table: Resource) -> None:
    assert table.properties["BillingMode"] == "PAY_PER_REQUEST"


def test_each_region_has_a_replica_that_is_recoverable_and_protected(table: Resource) -> None:
    def protection(replica: dict[str, Any]) -> tuple[bool, bool]:
        recovery = replica["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
        return recovery, replica["DeletionProtectionEnabled"]

    replicas = {each["Region"]: protection(each) for each in table.properties["Replicas"]}

    assert replicas == {"us-east-1": (True, True), "us-west-2": (True, True)}


def test_items_expire_only_if_a_deployer_wants_it(
    table: Resource, standby: Stack, expiring: Stacks
) -> None:
    of_expiring = expiring["us-east-1"].one("AWS::DynamoDB::GlobalTable").properties

    assert "TimeToLiveSpecification" not in table.properties
    assert of_expiring["TimeToLiveSpecification"] == {"AttributeName": "expiresAt", "Enabled": True}
    for stack, days in ((standby, "0"), *((each, "90") for each in expiring.values())):
        processor = stack.one("AWS::Lambda::Function", "serverless-data-processor-prod")
        assert processor.properties["Environment"]["Variables"]["REJECTED_ROWS_KEPT_DAYS"] == days


def test_the_table_outlives_its_stack(table: Resource) -> None:
    assert table.retained


def test_the_standby_has_no_table_of_its_own(standby: Stack) -> None:
    assert not standby.all(TABLE)
    assert not standby.all("AWS::DynamoDB::Table")


def test_the_standby_reads_the_stream_of_its_own_replica_at_deployment(standby: Stack) -> None:
    lookup = standby.one("Custom::TableStreamArn")

    assert lookup.properties["ServiceToken"] == "Function(serverless-stream-lookup-prod).Arn"
    assert lookup.properties["InstallLatestAwsSdk"] is False
    for occasion in ("Create", "Update"):
        call = json.loads(lookup.properties[occasion])
        assert call.pop("physicalResourceId")["id"]
        assert call == {
            "service": "DynamoDB",
            "action": "describeTable",
            "parameters": {"TableName": "serverless-processed-data-prod"},
            "outputPaths": ["Table.LatestStreamArn"],
        }


def test_a_table_of_another_stream_makes_the_standby_look_it_up_again(
    primary: Stack, standby: Stack
) -> None:
    table = primary.one(TABLE).properties
    keys = [key["AttributeName"] for key in table["KeySchema"]]
    makes_the_stream = [table["TableName"], *keys, table["StreamSpecification"]["StreamViewType"]]
    lookup = standby.one("Custom::TableStreamArn").properties

    ids = {json.loads(lookup[each])["physicalResourceId"]["id"] for each in ("Create", "Update")}

    assert ids == {sha256(" ".join(makes_the_stream).encode()).hexdigest()[:16]}


def test_a_stream_by_wildcard_is_only_ever_listed_or_read_by_an_operator(stack: Stack) -> None:
    found = {
        str(resource): count
        for resource in stack.resources
        if (count := json.dumps(resource.properties).count("stream/*"))
    }

    # test_roles.py asserts that there it is the resource of ListStreams, and test_people.py that an
    # operator reads what failed, of each region's replica.
    assert found == {
        f"Policy(Role(serverless-stream-consumer-{stack.region}-prod))": 1,
        f"Policy(Role(serverless-operator-{stack.region}-prod))": 2,
    }
    assert not [value for value in stack.outputs.values() if "stream/*" in value]


def test_keys_of_table_and_index_and_the_expiry_are_attributes_that_items_are_stated_to_have(
    expiring: Stacks,
) -> None:
    table = expiring["us-east-1"].one(TABLE).properties
    typed = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    [index] = table["GlobalSecondaryIndexes"]

    assert tuple(each["AttributeName"] for each in table["KeySchema"]) == TABLE_KEYS
    assert tuple(each["AttributeName"] for each in index["KeySchema"]) == INDEX_KEYS
    assert table["TimeToLiveSpecification"]["AttributeName"] == EXPIRES_AT
    for shape in KINDS.values():
        stated = {name.removesuffix("?"): kind for name, kind in shape.items()}
        assert typed.items() <= stated.items()
        assert not any(f"{name}?" in shape for name in TABLE_KEYS)
