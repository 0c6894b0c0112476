import pytest

from policies.rules.no_wildcard_actions import check
from tests.policy.templates import allow, policy, resource, stack

TABLE = "arn:aws:dynamodb:us-east-1:111111111111:table/t"


@pytest.mark.parametrize("action", ["*", "dynamodb:*", ["dynamodb:GetItem", "s3:*"]])
def test_a_statement_that_allows_every_action_is_found(action: object) -> None:
    breaches = list(check([stack({"Policy": policy(allow(action, TABLE))})]))

    assert [found.path for found in breaches] == ["pipeline/primary/tap/Policy"]


def test_a_resource_that_lets_others_do_everything_is_found_by_its_exact_statement() -> None:
    statement = {**allow("kms:*", "*"), "Principal": {"AWS": "arn:aws:iam::111111111111:root"}}
    key = resource("AWS::KMS::Key", KeyPolicy={"Statement": [statement]})

    breaches = list(check([stack({"Key": key})]))

    assert [found.exact for found in breaches] == ["kms:*@*"]


def test_allowing_all_but_some_actions_is_found() -> None:
    statement = {"Effect": "Allow", "NotAction": "iam:*", "Resource": TABLE}

    assert list(check([stack({"Policy": policy(statement)})]))


def test_named_actions_and_a_denial_of_everything_pass() -> None:
    denied = {**allow("s3:*", "*"), "Effect": "Deny"}

    assert not list(check([stack({"Policy": policy(allow("dynamodb:GetItem", TABLE), denied)})]))


def test_a_policy_written_inside_a_role_is_judged() -> None:
    inline = {"PolicyName": "all", "PolicyDocument": {"Statement": [allow("*", TABLE)]}}

    assert list(check([stack({"Role": resource("AWS::IAM::Role", Policies=[inline])})]))
