import pytest

from policies.rules.retained import STATEFUL, check
from tests.policy.templates import resource, stack

RETAIN = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


@pytest.mark.parametrize("type_", STATEFUL)
def test_a_store_that_goes_with_its_stack_is_found(type_: str) -> None:
    [finding] = check([stack({"Store": resource(type_)})])

    lost = "can be lost: DeletionPolicy is Delete, UpdateReplacePolicy is Delete"
    assert finding.message == f"{type_} {lost}"


@pytest.mark.parametrize("deletion", ["Retain", "RetainExceptOnCreate"])
def test_a_retained_store_passes(deletion: str) -> None:
    store = resource("AWS::S3::Bucket", {**RETAIN, "DeletionPolicy": deletion})

    assert not list(check([stack({"Store": store})]))


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
