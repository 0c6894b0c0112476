import pytest

from policies.rules.no_wildcard_actions import check
from tests.policy.templates import Body, allow, policy, resource, stack

TABLE = "arn:aws:dynamodb:us-east-1:111111111111:table/t"


@pytest.mark.parametrize("action", ["*", "dynamodb:*", "s3:?*", ["dynamodb:GetItem", "s3:*"]])
def test_a_statement_that_allows_every_action_is_found(action: object) -> None:
    findings = list(check([stack({"Policy": policy(allow(action, TABLE))})]))

    assert [found.path for found in findings] == ["pipeline/primary/tap/Policy"]


def test_a_resource_that_lets_others_do_everything_is_found_by_its_exact_statement() -> None:
    statement = {**allow("kms:*", "*"), "Principal": {"AWS": "arn:aws:iam::111111111111:root"}}
    key = resource("AWS::KMS::Key", KeyPolicy={"Statement": [statement]})

    findings = list(check([stack({"Key": key})]))

    assert [found.rule for found in findings] == ["[kms:*@* by AWS:arn:aws:iam::111111111111:root]"]


def test_the_same_for_somebody_else_as_well_is_another_finding() -> None:
    def key(*who: str) -> Body:
        statement = {**allow("kms:*", "*"), "Principal": {"AWS": list(who)}}
        return resource("AWS::KMS::Key", KeyPolicy={"Statement": [statement]})

    root, role = "arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:role/one"
    ids = [
        found.rule
        for who in ((root,), (role,), (root, role))
        for found in check([stack({"Key": key(*who)})])
    ]

    assert len(set(ids)) == 3


def test_a_role_that_trusts_with_every_action_is_found() -> None:
    statement = {"Effect": "Allow", "Action": "sts:*", "Principal": {"Service": "a.amazonaws.com"}}
    trust = {"Statement": [statement]}

    assert list(check([stack({"R": resource("AWS::IAM::Role", AssumeRolePolicyDocument=trust)})]))


def test_allowing_all_but_some_actions_is_found() -> None:
    statement = {"Effect": "Allow", "NotAction": "iam:*", "Resource": TABLE}

    assert list(check([stack({"Policy": policy(statement)})]))


def test_named_actions_and_a_denial_of_everything_pass() -> None:
    denied = {**allow("s3:*", "*"), "Effect": "Deny"}

    assert not list(check([stack({"Policy": policy(allow("dynamodb:GetItem", TABLE), denied)})]))


def test_a_policy_written_inside_a_role_is_judged() -> None:
    inline = {"PolicyName": "all", "PolicyDocument": {"Statement": [allow("*", TABLE)]}}

    assert list(check([stack({"Role": resource("AWS::IAM::Role", Policies=[inline])})]))
