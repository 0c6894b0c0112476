import copy
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
    "SSESpecification": {"SSEEnabled": True},
    "GlobalSecondaryIndexes": [{"IndexName": "status-index"}],
    "Replicas": [replica("us-east-1"), replica("us-west-2")],
}


def messages(properties: dict[str, Any]) -> list[str]:
    table = resource("AWS::DynamoDB::GlobalTable", **properties)
    return [breach.message for breach in check([stack({"Table": table})])]


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
        ({"GlobalSecondaryIndexes": []}, "index status-index"),
    ],
)
def test_what_one_replica_lacks_is_found(change: dict[str, Any], lacks: str) -> None:
    replicas = [replica("us-east-1"), replica("us-west-2", **change)]

    assert messages({**WHOLE, "Replicas": replicas}) == [f"the replica in us-west-2 lacks {lacks}"]


def test_a_missing_and_a_foreign_replica_are_found() -> None:
    replicas = [replica("us-east-1"), replica("eu-west-1")]

    assert messages({**WHOLE, "Replicas": replicas}) == [
        "eu-west-1 is no region of ours",
        "us-west-2 has no replica",
    ]


@pytest.mark.parametrize("feature", ["StreamSpecification", "SSESpecification"])
def test_a_table_without_stream_or_encryption_is_found(feature: str) -> None:
    table = copy.deepcopy(WHOLE)
    del table[feature]

    assert len(messages(table)) == 1


def test_an_app_without_the_table_is_found() -> None:
    [breach] = check([stack()])

    assert breach.message == "no stack has a global table"
