import pytest

from policies.rules.declared_trust import check
from tests.policy.templates import Body, resource, stack

SERVICE = {"Service": "states.amazonaws.com"}
ACCOUNT = {"StringEquals": {"aws:SourceAccount": "111111111111"}}
AS_DECLARED: Body = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": SERVICE,
    "Condition": ACCOUNT,
}


def found(*statements: Body) -> list[str]:
    role = resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": [*statements]})
    app = stack({"Role": role})
    app.paths["Role"] = f"{app.path}/LargeFiles/Role/Resource"  # type: ignore[index]  # one that is declared
    return [each.message for each in check([app]) if "LargeFiles" in each.path]


def test_the_declared_trust_passes_in_any_order_and_account() -> None:
    assert found(AS_DECLARED) == []
    assert found({**AS_DECLARED, "Action": ["sts:AssumeRole"]}) == []


@pytest.mark.parametrize(
    "change",
    [
        {"Condition": {}},
        {"Condition": {"StringLike": ACCOUNT["StringEquals"]}},
        {"Condition": {"StringEqualsIfExists": ACCOUNT["StringEquals"]}},
        {"Condition": {"ForAllValues:StringEquals": ACCOUNT["StringEquals"]}},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "*"}}},
        {"Principal": {"Service": ["states.amazonaws.com", "ec2.amazonaws.com"]}},
        {"Principal": {"AWS": "arn:aws:iam::111111111111:role/serverless-other-prod"}},
        {"Principal": {"AWS": "111111111111"}},
        {"Principal": {"CanonicalUser": "79a59df900b949e55d96a1e698fbaced"}},
        {"Principal": {"Federated": "accounts.google.com"}},
        {"Principal": "*"},
        {"Action": "sts:*"},
        {"Action": ["sts:AssumeRole", "sts:TagSession"]},
        {"Action": "sts:AssumeRoleWithWebIdentity"},
        {"Effect": "Deny"},
        {"Effect": {"Fn::If": ["Never", "Deny", "Allow"]}},
    ],
)
def test_any_other_trust_is_found(change: Body) -> None:
    assert len(found({**AS_DECLARED, **change})) == 1


def test_a_second_statement_and_a_principal_that_is_left_out_are_found() -> None:
    negated = {key: part for key, part in AS_DECLARED.items() if key != "Principal"}

    assert (
        len(found(AS_DECLARED, {**AS_DECLARED, "Principal": {"Service": "ec2.amazonaws.com"}})) == 1
    )
    assert len(found({**negated, "NotPrincipal": SERVICE})) == 1
    assert len(found()) == 1
