from typing import Any

import pytest

from policies.rules.replicas_complete import check
from tests.policy.templates import resource, stack


def replica(region: str, **changes: object) -> dict[str, Any]:
    return {
        "Region": region,
        "DeletionProtectionEnabled": True,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "GlobalSecondaryIndexes": [{"IndexName": "status-index"}],
        **changes,
    }


WHOLE: dict[str, Any] = {
    "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
    "GlobalSecondaryIndexes": [{"IndexName": "status-index"}],
    "Replicas": [replica("us-east-1"), replica("us-west-2")],
}


def messages(properties: dict[str, Any]) -> list[str]:
    table = resource("AWS::DynamoDB::GlobalTable", **properties)
    return [finding.message for finding in check([stack({"Table": table})])]


def test_a_table_whose_replicas_lack_nothing_passes() -> None:
    assert messages(WHOLE) == []


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({"DeletionProtectionEnabled": False}, "deletion protection"),
        ({"PointInTimeRecoverySpecification": {}}, "point-in-time recovery"),
        (
            {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False}},
            "point-in-time recovery",
        ),
        (
            {
                "PointInTimeRecoverySpecification": {
                    "PointInTimeRecoveryEnabled": True,
                    "RecoveryPeriodInDays": 7,
                }
            },
            "recovery of 35 days",
        ),
        ({"GlobalSecondaryIndexes": []}, "index status-index"),
    ],
)
def test_what_one_replica_lacks_is_found(change: dict[str, Any], lacks: str) -> None:
    replicas = [replica("us-east-1"), replica("us-west-2", **change)]

    assert messages({**WHOLE, "Replicas": replicas}) == [f"the replica in us-west-2 lacks {lacks}"]


def test_a_missing_and_a_foreign_replica_are_found() -> None:
    replicas = [replica("us-east-1"), replica("eu-west-1")]

    assert messages({**WHOLE, "Replicas": replicas}) == [
        "eu-west-1 is not a region of the app",
        "us-west-2 has no replica",
    ]


def test_a_table_without_a_stream_is_found() -> None:
    table = {name: value for name, value in WHOLE.items() if name != "StreamSpecification"}

    assert len(messages(table)) == 1


def test_an_app_without_the_table_is_found() -> None:
    [finding] = check([stack()])

    assert finding.message == "no stack has a global table"


PRIMARY, STANDBY = "111111111111", "222222222222"
SOURCE = {
    **WHOLE,
    "TableName": "records",
    "Replicas": [replica("us-east-1")],
}
TAKEN_OVER: dict[str, Any] = {
    "TableName": "records",
    "GlobalTableSourceArn": f"arn:aws:dynamodb:us-east-1:{PRIMARY}:table/records",
    "Replicas": [
        replica(
            "us-west-2", GlobalTableSettingsReplicationMode="ENABLED", GlobalSecondaryIndexes=[]
        )
    ],
}


def of_two_accounts(standby: dict[str, Any]) -> list[str]:
    def one(properties: dict[str, Any]) -> dict[str, Any]:
        return {"Table": resource("AWS::DynamoDB::GlobalTable", **properties)}

    west = stack(one(standby), region="us-west-2", stage="standby", account=STANDBY)
    return [finding.message for finding in check([stack(one(SOURCE), account=PRIMARY), west])]


def test_tables_of_two_accounts_are_one_table_whose_second_takes_over_what_the_first_has() -> None:
    assert of_two_accounts(TAKEN_OVER) == []


def test_a_table_made_of_one_that_is_not_there_is_found() -> None:
    elsewhere = "arn:aws:dynamodb:us-east-1:333333333333:table/records"

    assert of_two_accounts({**TAKEN_OVER, "GlobalTableSourceArn": elsewhere}) == [
        "us-west-2 has no replica",
        "the stream does not carry NEW_AND_OLD_IMAGES",
        "us-east-1 has no replica",
    ]


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({"DeletionProtectionEnabled": False}, "deletion protection"),
        ({"PointInTimeRecoverySpecification": {}}, "point-in-time recovery"),
        ({"GlobalTableSettingsReplicationMode": "DISABLED"}, "the source's indexes and stream"),
    ],
)
def test_what_the_replica_in_the_other_account_lacks_is_found(
    change: dict[str, Any], lacks: str
) -> None:
    [taken_over] = TAKEN_OVER["Replicas"]

    assert of_two_accounts({**TAKEN_OVER, "Replicas": [{**taken_over, **change}]}) == [
        f"the replica in us-west-2 lacks {lacks}"
    ]
