"""Who may assume the people's roles, and what they may do: readers see no data."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests import deployer
from tests.infra.stack import Stack, statements

OPERATOR, READER = "serverless-operator-{region}-prod", "serverless-reader-{region}-prod"
TABLE = "table/serverless-processed-data-prod"
# Of an item; without error and failure, which quote the file.
NAMES = {"recordId", "timestamp", "status", "shard", "itemType", "dataset", "source"}
# The only actions that are allowed on everything: they take no resource, and read.
ANYWHERE = {"cloudwatch:GetMetricData", "lambda:ListEventSourceMappings"}
ERASING = {"s3:DeleteObject", "s3:DeleteObjectVersion", "dynamodb:DeleteItem"}


def allowed(stack: Stack, role: str) -> Iterator[Mapping[str, Any]]:
    name = role.format(region=stack.region)
    return statements(stack.one("AWS::IAM::Policy", f"Role({name})").properties)


def trusted(stack: Stack, role: str) -> list[tuple[object, object]]:
    found = stack.one("AWS::IAM::Role", role.format(region=stack.region))
    trust = found.properties["AssumeRolePolicyDocument"]
    return [(each["Principal"]["AWS"], each["Condition"]) for each in trust["Statement"]]


@pytest.mark.parametrize("role", [OPERATOR, READER])
def test_nobody_may_assume_a_role_unless_a_deployer_says_who(stack: Stack, role: str) -> None:
    root = f"arn:aws:iam::{stack.account}:root"

    # IAM lets a root user assume no role.
    assert trusted(stack, role) == [(root, {"ArnEquals": {"aws:PrincipalArn": [root]}})]


@pytest.mark.parametrize(("role", "key"), [(OPERATOR, "operators"), (READER, "readers")])
def test_exactly_those_whom_a_deployer_names_may_assume_a_role(
    customised: dict[str, Stack], role: str, key: str
) -> None:
    root = f"arn:aws:iam::{deployer.OWN_ACCOUNT}:root"
    for stack in customised.values():
        named = {"ArnEquals": {"aws:PrincipalArn": deployer.OWN[key]}}

        assert trusted(stack, role) == [(root, named)]


def test_a_reader_sees_no_data(stack: Stack) -> None:
    reading = {
        action: statement for statement in allowed(stack, READER) for action in statement["Action"]
    }

    of_data = {action for action in reading if action.startswith(("dynamodb:", "s3:", "sqs:"))}
    assert of_data == {
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeTable",
        "dynamodb:Query",
        "s3:GetMultiRegionAccessPointRoutes",
        "sqs:GetQueueAttributes",
    }
    query = reading["dynamodb:Query"]
    assert all(resource.endswith("/index/status-index") for resource in query["Resource"])
    attributes = query["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"]
    assert set(attributes) == NAMES
    # Without it a request that names no attributes would be given all of them.
    assert query["Condition"]["StringEquals"] == {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}


def test_a_reader_changes_nothing(stack: Stack) -> None:
    verbs = {
        action.partition(":")[2] for each in allowed(stack, READER) for action in each["Action"]
    }

    assert all(verb.startswith(("Describe", "Get", "List", "Query")) for verb in verbs)


def test_an_operator_erases_nothing_but_a_restored_copy(stack: Stack) -> None:
    erasing = [
        resource
        for statement in allowed(stack, OPERATOR)
        if ERASING & set(statement["Action"])
        for resource in statement["Resource"]
    ]

    assert erasing
    assert all(each.endswith(":table/serverless-restore-check-prod") for each in erasing)


def test_an_operator_writes_notes_and_reopens_files_and_changes_no_record(stack: Stack) -> None:
    writing = [
        (action, statement["Condition"])
        for statement in allowed(stack, OPERATOR)
        if any(resource.endswith(TABLE) for resource in statement["Resource"])
        for action in statement["Action"]
        if action in {"dynamodb:PutItem", "dynamodb:UpdateItem"}
    ]
    notes = {"dynamodb:LeadingKeys": ["audit:*", "replication-marker.*"]}
    files = {"dynamodb:LeadingKeys": ["f" + 31 * "?"]}
    of_a_dataset = {"dynamodb:LeadingKeys": ["*:*"]}

    assert writing == [
        ("dynamodb:PutItem", {"ForAllValues:StringLike": notes}),
        (
            "dynamodb:UpdateItem",
            {"ForAllValues:StringLike": files, "ForAllValues:StringNotLike": of_a_dataset},
        ),
    ]


def test_an_operator_switches_the_takeover_and_no_other_mapping(stack: Stack) -> None:
    switching = [
        function
        for statement in allowed(stack, OPERATOR)
        if "lambda:UpdateEventSourceMapping" in statement["Action"]
        for function in statement["Condition"]["ArnEquals"]["lambda:FunctionArn"]
    ]

    assert len(switching) == 2
    assert all(each.endswith(":serverless-stream-consumer-prod:takeover") for each in switching)


@pytest.mark.parametrize("role", [OPERATOR, READER])
def test_only_what_takes_no_resource_is_allowed_everywhere(stack: Stack, role: str) -> None:
    anywhere = {
        action
        for statement in allowed(stack, role)
        if "*" in statement["Resource"]
        for action in statement["Action"]
    }

    assert anywhere == ANYWHERE
