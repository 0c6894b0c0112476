"""What an earlier try has left: when it is a finding, and the commands that remove it."""

from collections.abc import Mapping
from typing import Any

import pytest

import naming
from tests.unit.ops.preflight.account import (
    ACCOUNT,
    OTHER,
    Answer,
    World,
    bootstrapped,
    error,
    plan_of,
    policies_of,
)

PRODUCT = naming.stack("us-east-1")
FUNCTION: Mapping[str, Answer] = {
    "get_function_configuration": {},
    "list_event_source_mappings": {},
}
ARN = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{naming.STREAM_CONSUMER}"


def in_state(status: str, physical: str = "", **more: object) -> Mapping[str, Answer]:
    """Answer that the product's stack in us-east-1 has a status, and one resource."""

    def stack(StackName: str) -> Answer:  # noqa: N803  # as boto3
        found = {"Stacks": [{"StackStatus": status, **more}]}
        return found if StackName == PRODUCT else bootstrapped(StackName)

    resource = {
        "LogicalResourceId": "Table",
        "PhysicalResourceId": physical,
        "ResourceStatus": "DELETE_FAILED",
    }

    def resources(StackName: str) -> Answer:  # noqa: N803  # as boto3
        own = {"StackResourceSummaries": [resource]}
        return own if StackName == PRODUCT else policies_of(plan_of(), ACCOUNT)

    return {"describe_stacks": stack, "list_stack_resources": resources}


def commands(world: World, name: str) -> list[str]:
    [found] = [line for line in world.lines("leftovers", "us-east-1") if name in line[1]]
    assert found[0] == "attention"
    return found[2].splitlines()


@pytest.mark.parametrize(
    ("status", "state", "command"),
    [
        ("CREATE_COMPLETE", "ok", ""),
        ("UPDATE_ROLLBACK_COMPLETE", "ok", ""),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "ok", ""),
        ("CREATE_IN_PROGRESS", "attention", "wait until"),
        ("DELETE_IN_PROGRESS", "attention", "wait until"),
        ("REVIEW_IN_PROGRESS", "attention", "aws cloudformation delete-stack"),
        ("ROLLBACK_COMPLETE", "attention", "aws cloudformation delete-stack"),
        ("ROLLBACK_FAILED", "attention", "aws cloudformation delete-stack"),
        ("CREATE_FAILED", "attention", "aws cloudformation delete-stack"),
        ("DELETE_FAILED", "attention", "aws cloudformation delete-stack"),
        ("UPDATE_ROLLBACK_FAILED", "attention", "aws cloudformation continue-update-rollback"),
        ("UPDATE_FAILED", "attention", "aws cloudformation rollback-stack"),
    ],
)
def test_a_stack_is_judged_by_its_state(status: str, state: str, command: str) -> None:
    lines = World(answers={**in_state(status)}).lines("stack", "us-east-1")

    [found] = [line for line in lines if PRODUCT in line[1]]
    assert found[0] == state
    assert found[2].startswith(command)


def test_a_protected_stack_loses_its_protection_before_it_is_deleted() -> None:
    answers = in_state("ROLLBACK_COMPLETE", EnableTerminationProtection=True)

    lines = World(answers={**answers}).lines("stack", "us-east-1")

    [found] = [line[2].splitlines() for line in lines if PRODUCT in line[1]]
    assert [each.split()[2] for each in found] == [
        "update-termination-protection",
        "delete-stack",
        "wait",
    ]


def test_a_stack_that_could_not_be_deleted_keeps_what_it_could_not_delete() -> None:
    lines = World(answers={**in_state("DELETE_FAILED")}).lines("stack", "us-east-1")

    [found] = [line[2] for line in lines if PRODUCT in line[1]]
    assert "--retain-resources Table" in found


@pytest.mark.parametrize(
    "status", ["UPDATE_COMPLETE", "UPDATE_ROLLBACK_FAILED", "UPDATE_IN_PROGRESS"]
)
def test_what_a_deployed_stack_has_is_no_leftover(status: str) -> None:
    world = World(answers={**FUNCTION, **in_state(status, ARN)})

    assert [line[0] for line in world.lines("leftovers", "us-east-1")] == ["ok"]


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS", "DELETE_FAILED"])
def test_what_a_stack_had_that_failed_is_a_leftover(status: str) -> None:
    world = World(answers={**FUNCTION, **in_state(status, ARN)})

    assert [line[0] for line in world.lines("leftovers", "us-east-1")] == ["attention"]


def test_what_is_there_is_unknown_if_its_stack_could_not_be_read() -> None:
    def denied(StackName: str) -> Answer:  # noqa: N803  # as boto3
        return error("AccessDenied") if StackName == PRODUCT else bootstrapped(StackName)

    world = World(answers={**FUNCTION, "describe_stacks": denied})

    [found] = world.lines("leftovers", "us-east-1")
    assert found[0] == "unknown"
    assert f"whether {PRODUCT} has it is not known" in found[1]


def test_a_function_goes_after_the_mappings_that_would_go_on_reading_for_the_next_one() -> None:
    mappings = {"EventSourceMappings": [{"UUID": "1-2"}]}
    world = World(answers={**FUNCTION, "list_event_source_mappings": mappings})

    assert [each.split()[2:] for each in commands(world, naming.STREAM_CONSUMER)] == [
        ["delete-event-source-mapping", "--uuid", "1-2", "--region", "us-east-1"],
        ["delete-function", "--function-name", naming.STREAM_CONSUMER, "--region", "us-east-1"],
    ]


def table(**more: object) -> dict[str, Any]:
    return {"describe_table": {"Table": {"TableStatus": "ACTIVE", **more}}}


READ, TABLE = "describe_table", naming.TABLE
REPLICA = [{"RegionName": "us-west-2", "ReplicaStatus": "ACTIVE"}]
BOTH = [{"RegionName": "us-east-1"}, *REPLICA]


def test_a_global_table_first_loses_its_protection_then_its_replica_then_itself() -> None:
    world = World(answers=table(Replicas=BOTH, DeletionProtectionEnabled=True, ItemCount=12))

    found = [each.split() for each in commands(world, naming.TABLE)]

    done = [(each[2], each[each.index("--region") + 1]) for each in found if each[2] != "wait"]
    assert done == [
        ("update-table", "us-east-1"),
        ("update-table", "us-west-2"),
        ("update-table", "us-east-1"),
        ("delete-table", "us-east-1"),
    ]
    assert ["--no-deletion-protection-enabled" in each for each in found if each[2] != "wait"] == [
        True,
        True,
        False,
        False,
    ]
    assert "'Delete={RegionName=us-west-2}'" in found[4]
    [line] = [each for each in world.lines("leftovers", "us-east-1") if naming.TABLE in each[1]]
    assert "holds 12 items as counted some hours ago: look at it first" in line[1]


def test_a_replica_goes_with_the_table_in_the_primary_region() -> None:
    world = World(answers=table(Replicas=BOTH))

    [line] = [each for each in world.lines("leftovers", "us-west-2") if naming.TABLE in each[1]]
    assert line[2] == "# a replica: it goes with the table in us-east-1"


def test_a_replica_that_is_left_alone_is_removed_by_itself() -> None:
    answers: Mapping[Any, Answer] = {("describe_table", "us-west-2"): {"Table": {"Replicas": []}}}

    [line] = [
        each
        for each in World(answers={**answers}).lines("leftovers", "us-west-2")
        if naming.TABLE in each[1]
    ]
    assert line[2].splitlines()[0].split()[2] == "delete-table"


@pytest.mark.parametrize(
    ("account", "region", "peer"),
    [(ACCOUNT, "us-east-1", "us-west-2"), (OTHER, "us-west-2", "us-east-1")],
)
def test_with_two_accounts_each_removes_its_own_table_and_nothing_of_the_others(
    account: str, region: str, peer: str
) -> None:
    """To delete a replica is to delete all that the other account has stored."""

    def replica(of: str, where: str) -> dict[str, str]:
        return {"RegionName": where, "ReplicaArn": f"arn:aws:dynamodb:{where}:{of}:table/{TABLE}"}

    other = {ACCOUNT: OTHER, OTHER: ACCOUNT}[account]
    found = table(
        Replicas=[replica(account, region), replica(other, peer)], DeletionProtectionEnabled=True
    )
    world = World(plan=plan_of(standby=OTHER), answers={("describe_table", account): found[READ]})

    [line] = [each for each in world.findings(ACCOUNT, OTHER).lines if TABLE in each.says]

    done = [each.split() for each in line.next.splitlines()]
    assert [each[2] for each in done] == ["update-table", "wait", "delete-table", "wait"]
    assert "--no-deletion-protection-enabled" in done[0]
    assert {each[each.index("--region") + 1] for each in done} == {region}


def bucket(**page: object) -> World:
    own = {"Buckets": [{"Name": "files-of-us-east-1"}]}
    return World(answers={"list_buckets": own, "list_object_versions": page})


def test_a_bucket_is_emptied_of_every_version_before_it_is_deleted() -> None:
    loop, delete = commands(bucket(DeleteMarkers=[{"Key": "a"}]), "files-of-us-east-1")

    assert loop.startswith("while found=$(aws s3api list-object-versions")
    assert delete.split()[2] == "delete-bucket"


def test_an_empty_bucket_is_only_deleted() -> None:
    assert len(commands(bucket(), "files-of-us-east-1")) == 1


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ({"Description": "Encrypts alerts", "KeyState": "Enabled"}, True),
        ({"Description": "Encrypts alerts", "KeyState": "PendingDeletion"}, False),
        ({"Description": "of another app", "KeyState": "Enabled"}, False),
    ],
)
def test_a_key_without_an_alias_is_known_by_its_description(
    key: Mapping[str, str], *, found: bool
) -> None:
    answers = {"list_keys": {"Keys": [{"KeyId": "k"}]}, "describe_key": {"KeyMetadata": key}}

    lines = World(answers={**answers}).lines("leftovers", "us-east-1")

    assert any("schedule-key-deletion --key-id k" in line[2] for line in lines) == found


def test_a_key_that_a_deployed_stack_has_is_no_leftover() -> None:
    key = {"Description": "Encrypts alerts", "KeyState": "Enabled"}
    answers = {"list_keys": {"Keys": [{"KeyId": "k"}]}, "describe_key": {"KeyMetadata": key}}

    lines = World(answers={**answers, **in_state("CREATE_COMPLETE", "k")}).lines("leftovers")

    assert not any("of us-east-1" in line[1] and "key k" in line[1] for line in lines)


def test_a_policy_goes_after_its_holders_and_its_other_versions() -> None:
    def nothing(StackName: str) -> Answer:  # noqa: N803  # as boto3
        return error(f"Stack {StackName} does not exist")

    answers = {
        "describe_stacks": nothing,
        "list_policy_versions": {
            "Versions": [
                {"VersionId": "v1", "IsDefaultVersion": False},
                {"VersionId": "v2", "IsDefaultVersion": True},
            ]
        },
        "list_entities_for_policy": {"PolicyRoles": [{"RoleName": "cdk-role"}]},
    }

    found = commands(World(answers={**answers}), naming.BOUNDARY)

    assert [each.split()[2] for each in found] == [
        "detach-role-policy",
        "delete-policy-version",
        "delete-policy",
    ]


def test_what_is_left_is_listed_in_the_order_in_which_it_can_be_removed() -> None:
    world = bucket()
    world.answers = {**world.answers, **FUNCTION, **table(Replicas=[])}

    said = [line[1] for line in world.lines("leftovers", "us-east-1")]

    assert [each.split()[0] for each in said] == ["Lambda", "S3", "DynamoDB"]
