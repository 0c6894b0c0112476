"""What an account is prepared with: enough for every type of the app, and nothing beyond it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from bootstrap import boundary, execution_policies
from bootstrap.__main__ import main
from policies.templates import assembly
from policies.templates.statements import ROLE
from policies.templates.template import StackTemplate
from tests.policy.command_line import run

ACCOUNT = "111122223333"
# The property that names a resource, and its ARN's end. All other resources get their names made.
NAMED = {
    "AWS::CloudWatch::Alarm": ("AlarmName", ":alarm:{name}"),
    "AWS::CloudWatch::Dashboard": ("DashboardName", ":dashboard/{name}"),
    "AWS::CodeBuild::Project": ("Name", ":project/{name}"),
    "AWS::CodePipeline::Pipeline": ("Name", ":{name}"),
    "AWS::DynamoDB::GlobalTable": ("TableName", ":table/{name}"),
    "AWS::Events::EventBus": ("Name", ":event-bus/{name}"),
    "AWS::IAM::Role": ("RoleName", ":role/{name}"),
    "AWS::KMS::Alias": ("AliasName", ":{name}"),
    "AWS::Lambda::Function": ("FunctionName", ":function:{name}"),
    "AWS::Logs::LogGroup": ("LogGroupName", ":log-group:{name}"),
    "AWS::S3::Bucket": ("BucketName", ":{name}"),
    "AWS::SNS::Topic": ("TopicName", ":{name}"),
    "AWS::SQS::Queue": ("QueueName", ":{name}"),
}


@pytest.fixture(scope="module")
def stacks(green: Path) -> Sequence[StackTemplate]:
    return assembly.read(green).stacks


@pytest.fixture(scope="module")
def execution(stacks: Sequence[StackTemplate]) -> list[execution_policies.Document]:
    return execution_policies.execution(
        execution_policies.needed(_used(stacks), across_accounts=False), ACCOUNT
    )


def test_every_type_of_the_app_is_covered_and_no_other(stacks: Sequence[StackTemplate]) -> None:
    required = {type_ for type_, row in execution_policies.load().items() if not row.optional}

    assert required == _used(stacks)


def test_what_is_optional_is_what_a_deployer_may_ask_for(
    stacks: Sequence[StackTemplate], customised: Path
) -> None:
    optional = {type_ for type_, row in execution_policies.load().items() if row.optional}

    assert optional == _used(assembly.read(customised).stacks) - _used(stacks)


def test_a_type_that_is_not_used_gives_no_right() -> None:
    rights = execution_policies.needed({"AWS::SQS::Queue"}, across_accounts=False)

    text = json.dumps(execution_policies.execution(rights, ACCOUNT))

    assert "sqs:CreateQueue" in text
    assert "codepipeline" not in text


def test_iam_takes_every_policy(
    execution: list[execution_policies.Document], stacks: Sequence[StackTemplate]
) -> None:
    assert len(execution) <= 9  # a role has ten
    assert all(execution_policies.size(each) <= 6144 for each in execution)
    assert execution_policies.size(boundary.document(stacks, ACCOUNT)) <= 6144


def test_no_two_statements_differ_in_their_actions_only(
    execution: list[execution_policies.Document],
) -> None:
    where = [(each["Resource"], each.get("Condition")) for each in _statements(execution)]

    assert not [one for n, one in enumerate(where) if one in where[:n]]


def test_a_role_is_only_made_or_given_rights_with_the_boundary(
    execution: list[execution_policies.Document],
) -> None:
    giving = ("iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary")
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/serverless-boundary-prod"
    found = [each for each in _statements(execution) if {*giving} & {*each["Action"]}]

    assert {action for each in found for action in each["Action"]} >= {*giving}
    for each in found:
        assert each["Condition"]["StringEquals"]["iam:PermissionsBoundary"] == boundary


def test_nothing_lifts_the_boundary_or_changes_a_policy_of_the_bootstrap(
    execution: list[execution_policies.Document],
) -> None:
    actions = {action for each in _statements(execution) for action in each["Action"]}
    versioned = [
        arn
        for each in _statements(execution)
        for arn in each["Resource"]
        if "iam:CreatePolicyVersion" in each["Action"]
    ]

    assert not actions & {
        "iam:DeleteRolePermissionsBoundary",
        "iam:AttachRolePolicy",
        "iam:SetDefaultPolicyVersion",
        "iam:CreateUser",
    }
    assert versioned == [f"arn:aws:iam::{ACCOUNT}:policy/serverless-producer-*"]
    assert not [action for action in actions if action.endswith(":*") or action == "*"]


def test_rights_are_limited_to_the_names_of_the_project_or_to_its_regions(
    execution: list[execution_policies.Document],
) -> None:
    everywhere = [each["Sid"] for each in _statements(execution) if each["Resource"] == ["*"]]
    others = [
        arn
        for each in _statements(execution)
        for arn in each["Resource"]
        if each["Resource"] != ["*"] and not re.search(r"serverless-|cdk-|/aws-service-role/", arn)
    ]

    assert everywhere == ["Anywhere", "TableKey"]
    assert set(others) == {
        f"arn:aws:codebuild:*:{ACCOUNT}:project/Pipeline*",
        f"arn:aws:codeconnections:*:{ACCOUNT}:connection/*",
        f"arn:aws:codestar-connections:*:{ACCOUNT}:connection/*",
        f"arn:aws:kms:*:{ACCOUNT}:key/*",
        f"arn:aws:lambda:*:{ACCOUNT}:event-source-mapping:*",
        f"arn:aws:s3::{ACCOUNT}:accesspoint/*",
        f"arn:aws:s3:us-west-2:{ACCOUNT}:async-request/mrap/*",
    }


def test_every_resource_that_has_a_name_is_within_the_rights_of_its_type(
    stacks: Sequence[StackTemplate],
) -> None:
    rights = execution_policies.load()
    named = [
        (each.type, NAMED[each.type][1].format(name=each.properties[NAMED[each.type][0]]))
        for one in stacks
        for each in one.resources()
        if each.type in NAMED and NAMED[each.type][0] in each.properties
    ]
    out_of_reach = [
        arn
        for type_, arn in named
        if not any(fnmatchcase(arn, _anywhere(one)) for one in rights[type_].resources)
    ]

    assert {type_ for type_, _ in named} == NAMED.keys()
    assert out_of_reach == []


def test_a_role_is_passed_to_the_services_that_use_it_only(
    execution: list[execution_policies.Document], stacks: Sequence[StackTemplate]
) -> None:
    [passed] = [each for each in _statements(execution) if "iam:PassRole" in each["Action"]]
    trusted = {
        statement["Principal"]["Service"]
        for each in stacks
        for role in each.resources(ROLE)
        for statement in role.properties["AssumeRolePolicyDocument"]["Statement"]
        if "Service" in statement["Principal"]
    }

    assert set(passed["Condition"]["StringEquals"]["iam:PassedToService"]) == trusted


def test_the_template_names_the_policies_that_the_bootstrap_is_given(
    green: Path, tmp_path: Path
) -> None:
    assert run("--assembly", str(green), "--out", str(tmp_path), command=main) == 0

    made = json.loads((tmp_path / "bootstrap.template.json").read_text())
    names = {each["Properties"]["ManagedPolicyName"] for each in made["Resources"].values()}
    reported = made["Outputs"]["ExecutionPolicies"]["Value"]["Fn::Sub"].split(",")
    assert names == {"serverless-boundary-prod", *(arn.rpartition("/")[2] for arn in reported)}


def _anywhere(arn: str) -> str:
    """The pattern of an ARN, of its part behind the account only."""
    return "*:" + arn.split(":", 5)[5]


def _used(stacks: Sequence[StackTemplate]) -> set[str]:
    return {each.type for one in stacks for each in one.resources()}


def _statements(made: Sequence[execution_policies.Document]) -> Iterator[Mapping[str, Any]]:
    for document in made:
        yield from document["Statement"]
