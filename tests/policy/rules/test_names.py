from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

import pytest
from hypothesis import given, strategies

from bootstrap.execution_policies import load
from policies.rules.names import NAME, NAMED, check
from tests.policy.templates import resource, stack

# How ARNs begin after the account, before the name.
KINDS = (
    *("", "alarm:", "dashboard/", "event-bus/", "function:", "log-group:", "policy/", "project/"),
    *("role/", "rule/", "schedule/default/", "stateMachine:", "table/"),
)


@pytest.mark.parametrize(
    ("type_", "property_", "name"),
    [
        ("AWS::SQS::Queue", "QueueName", "serverless-data-processor-dlq-prod"),
        ("AWS::S3::Bucket", "BucketName", "serverless-data-ingestion-dr-prod-acme"),
        ("AWS::IAM::Role", "RoleName", "serverless-data-processor-us-west-2-prod"),
        ("AWS::Logs::LogGroup", "LogGroupName", "/aws/lambda/serverless-stream-consumer-prod"),
        ("AWS::KMS::Alias", "AliasName", "alias/serverless-alerts-prod"),
    ],
)
def test_a_name_of_the_pattern_passes(type_: str, property_: str, name: str) -> None:
    assert not list(check([stack({"It": resource(type_, **{property_: name})})]))


@pytest.mark.parametrize(
    ("type_", "property_", "name"),
    [
        ("AWS::SQS::Queue", "QueueName", "data-processor-dlq"),
        ("AWS::SQS::Queue", "QueueName", "serverless-data-processor-dlq-staging"),
        ("AWS::SQS::Queue", "QueueName", "serverless-data-processor-dlq-prod-acme"),
        ("AWS::S3::Bucket", "BucketName", "serverless--ingestion-prod"),
        ("AWS::IAM::Role", "RoleName", "MyRole"),
    ],
)
def test_a_name_of_another_form_is_found(type_: str, property_: str, name: str) -> None:
    [finding] = check([stack({"It": resource(type_, **{property_: name})})])

    assert repr(name) in finding.message


def test_a_generated_name_is_found_where_people_look_the_resource_up() -> None:
    findings = list(check([stack({"F": resource("AWS::Lambda::Function")})]))

    assert [found.message for found in findings] == [
        "FunctionName is missing, so nobody can look it up"
    ]


def test_a_role_that_nobody_looks_up_needs_no_name() -> None:
    assert not list(check([stack({"Role": resource("AWS::IAM::Role")})]))


@pytest.mark.parametrize(
    ("type_", "property_", "region", "is_found"),
    [
        ("AWS::SQS::Queue", "QueueName", "us-east-1", True),
        ("AWS::SQS::Queue", "QueueName", "us-west-2", False),
        ("AWS::CloudWatch::Dashboard", "DashboardName", "us-west-2", True),
        ("AWS::IAM::Role", "RoleName", "us-west-2", True),
    ],
)
def test_a_name_that_aws_has_already_is_found(
    type_: str, property_: str, region: str, *, is_found: bool
) -> None:
    its = {"It": resource(type_, **{property_: "serverless-it-prod"})}
    one = stack(its)
    other = stack(its, stage="other", region=region)

    found = [each.message for each in check([one, other])]

    assert (
        found
        == [f"{property_} is 'serverless-it-prod', which {next(one.resources()).path} has already"]
        * is_found
    )
    assert not [*check([one, replace(other, account="222222222222")])]


@pytest.mark.parametrize("type_", [type_ for type_ in NAMED if type_ in load()])
@given(data=strategies.data())
def test_cloudformation_may_make_whatever_has_such_a_name(
    type_: str, data: strategies.DataObject
) -> None:
    """So no name is found out to be outside of its rights by a deployment."""
    form = NAMED[type_].get("form", "NAME").replace("NAME", NAME)
    name = data.draw(strategies.from_regex(form, fullmatch=True))

    allowed = [each.split(":", 5)[5] for each in load()[type_].resources]
    assert any(fnmatchcase(f"{kind}{name}", each) for each in allowed for kind in KINDS)


def test_a_stack_of_another_name_is_found() -> None:
    [finding] = check([stack(name="TapStack")])

    assert finding.message == "the stack is named 'TapStack'"


@pytest.mark.parametrize("holder", [{"Ref": "Role"}, "serverless-reader-prod"])
def test_a_policy_that_takes_the_place_of_another_one_of_the_same_role_is_found(
    holder: object,
) -> None:
    def inline(name: str, role: object) -> Mapping[str, object]:
        return resource("AWS::IAM::Policy", PolicyName=name, Roles=[role], PolicyDocument={})

    def said(*more: Mapping[str, object]) -> list[str]:
        role = resource("AWS::IAM::Role", RoleName="serverless-reader-prod")
        others = {f"P{number}": each for number, each in enumerate(more)}
        return [each.message for each in check([stack({"Role": role, **others})])]

    first = inline("Default", {"Ref": "Role"})
    assert said(first, inline("Default", holder)) == [
        "PolicyName is 'Default', which pipeline/primary/tap/P0 has already"
    ]
    assert said(first, inline("More", holder), inline("Default", "serverless-other-prod")) == []
