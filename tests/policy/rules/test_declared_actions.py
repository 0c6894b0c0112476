import pytest

from policies.rules.declared_actions import against
from tests.policy.templates import Body, allow, policy, resource, stack

ROLE = resource("AWS::IAM::Role")
DECLARED = {"tap/Role": frozenset({"s3:GetObject", "sqs:SendMessage"})}


def resources(*actions: str) -> dict[str, Body]:
    return {"Role": ROLE, "Policy": policy(allow(list(actions), "arn:aws:s3:::b/*"))}


def test_a_role_that_may_do_exactly_what_is_declared_passes() -> None:
    stacks = [stack(resources("s3:GetObject", "sqs:SendMessage"))]

    assert not list(against(DECLARED, stacks))


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        (
            ["s3:GetObject", "sqs:SendMessage", "s3:PutObject"],
            "more than declared: ['s3:PutObject']",
        ),
        (["s3:GetObject"], "less: ['sqs:SendMessage']"),
    ],
)
def test_a_role_that_may_do_more_or_less_is_found(actions: list[str], said: str) -> None:
    [breach] = against(DECLARED, [stack(resources(*actions))])

    assert said in breach.message


def test_a_managed_policy_counts_as_an_action_of_its_own() -> None:
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    role = resource("AWS::IAM::Role", ManagedPolicyArns=[administrator])
    stacks = [stack({**resources("s3:GetObject", "sqs:SendMessage"), "Role": role})]

    [breach] = against(DECLARED, stacks)

    assert administrator in breach.message


def test_a_role_that_nobody_declared_is_found() -> None:
    [breach] = against({}, [stack(resources("s3:GetObject"))])

    assert breach.path == "pipeline/primary/tap/Role"
    assert "not declared" in breach.message


def test_a_declaration_without_its_role_is_found() -> None:
    [breach] = against(DECLARED, [stack()])

    assert "tap/Role, which is gone" in breach.message
