import pytest

from policies.rules.retained import STATEFUL, check
from tests.policy.templates import resource, stack

RETAIN = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
UNLESS_CREATED = {"DeletionPolicy": "RetainExceptOnCreate"}


@pytest.mark.parametrize("type_", STATEFUL)
def test_a_store_that_goes_with_its_stack_is_found(type_: str) -> None:
    [finding] = check([stack({"Store": resource(type_)})])

    lost = "can be lost: DeletionPolicy is Delete, UpdateReplacePolicy is Delete"
    assert finding.message == f"{type_} {lost}"


def test_a_retained_store_passes() -> None:
    store = resource("AWS::S3::Bucket", {**RETAIN, **UNLESS_CREATED})

    assert not list(check([stack({"Store": store})]))


def test_a_store_that_outlives_the_failed_deployment_that_created_it_is_found() -> None:
    [finding] = check([stack({"Store": resource("AWS::S3::Bucket", RETAIN)})])

    assert finding.message == "AWS::S3::Bucket outlives a failed deployment that has created it"


def test_a_protected_table_is_retained_in_every_case() -> None:
    replicas = [{"DeletionProtectionEnabled": False}, {"DeletionProtectionEnabled": True}]
    table = resource("AWS::DynamoDB::GlobalTable", RETAIN, Replicas=replicas)

    assert not list(check([stack({"Table": table})]))
    [finding] = check([stack({"Table": {**table, **UNLESS_CREATED}})])
    assert finding.message.endswith("so a rollback that tries to delete it fails")


def test_the_key_of_a_protected_table_is_retained_as_the_table_is() -> None:
    """A rollback that deletes it leaves a table that cannot be read, nor its protection lifted."""
    encrypted = {"KMSMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}
    replicas = [{"DeletionProtectionEnabled": True, "SSESpecification": encrypted}]
    table = resource("AWS::DynamoDB::GlobalTable", RETAIN, Replicas=replicas)
    key = resource("AWS::KMS::Key", RETAIN)

    assert not list(check([stack({"Table": table, "Key": key})]))
    [finding] = check([stack({"Table": table, "Key": {**key, **UNLESS_CREATED}})])
    assert finding.message == (
        "a rollback deletes AWS::KMS::Key, and what needs it is protected and stays"
    )


@pytest.mark.parametrize("policy", ["DeletionPolicy", "UpdateReplacePolicy"])
def test_each_of_the_two_policies_is_needed(policy: str) -> None:
    store = resource("AWS::DynamoDB::GlobalTable", {**RETAIN, policy: "Delete"})

    [finding] = check([stack({"Store": store})])

    assert finding.message.endswith(f"{policy} is Delete")


def test_what_empties_a_bucket_is_found() -> None:
    [finding] = check([stack({"Eraser": resource("Custom::S3AutoDeleteObjects")})])

    assert finding.message == "empties a bucket when its stack is deleted"


def test_what_holds_nothing_may_go() -> None:
    assert not list(check([stack({"Role": resource("AWS::IAM::Role")})]))
