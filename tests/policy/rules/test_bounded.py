import pytest

from policies.rules.bounded import check
from tests.policy.templates import Body, resource, stack

BOUNDARY = "arn:aws:iam::111111111111:policy/serverless-boundary-prod"
ROLE = resource("AWS::IAM::Role", PermissionsBoundary=BOUNDARY)
BY = {"Fn::GetAtt": ["Role", "Arn"]}


def found(**resources: Body) -> list[str]:
    return [each.message for each in check([stack(resources)])]


@pytest.mark.parametrize(
    "boundary",
    [
        {},
        {"PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"},
        {"PermissionsBoundary": "arn:aws:iam::222222222222:policy/serverless-boundary-prod"},
        {"PermissionsBoundary": {"Ref": "MyOwn"}},
    ],
)
@pytest.mark.parametrize("type_", ["AWS::IAM::Role", "AWS::IAM::User"])
def test_an_identity_without_the_projects_boundary_is_found(type_: str, boundary: Body) -> None:
    [message] = found(It=resource(type_, **boundary))

    assert message.startswith("its permissions boundary is ")


@pytest.mark.parametrize(
    "properties",
    [
        {"Role": "arn:aws:iam::111111111111:role/serverless-other-prod"},
        {"ServiceRole": {"Fn::Join": ["", ["arn:aws:iam::111111111111:role/", "admin"]]}},
        {"Targets": [{"Arn": "a", "RoleArn": {"Ref": "Parameter"}}]},
        {"Replication": {"Role": {"Fn::GetAtt": ["Queue", "Arn"]}}},
    ],
)
def test_what_acts_by_a_role_from_elsewhere_is_found(properties: Body) -> None:
    assert (
        len(found(Role=ROLE, Queue=resource("AWS::SQS::Queue"), It=resource("A", **properties)))
        == 1
    )


def test_a_bounded_role_of_the_stack_passes() -> None:
    assert found(Role=ROLE, F=resource("AWS::Lambda::Function", Role=BY)) == []
    assert found(Role=ROLE, R=resource("AWS::Events::Rule", Targets=[{"RoleArn": BY}])) == []
