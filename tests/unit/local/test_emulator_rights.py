"""What CloudFormation is said to ask for in the local cloud: actions, resources and context."""

import pytest

from bootstrap import execution_policies
from local.emulator_rights.arns import ATTACHED, NAMED, Resource, given_name
from local.emulator_rights.requests import Request, requests

ACCOUNT, REGION = "111122223333", "us-west-2"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/one"


def asked(
    type_: str, operation: str = "create", *, bound: str = "", **properties: object
) -> list[Request]:
    made = Resource(type=type_, properties=properties, name="made", region=REGION, account=ACCOUNT)
    return requests(made, operation, lambda _: bound)


@pytest.mark.parametrize("type_", execution_policies.load())
def test_every_type_that_may_be_deployed_has_an_arn(type_: str) -> None:
    assert type_ in {"AWS::KMS::Alias", *NAMED, *ATTACHED}


def test_a_resource_is_asked_for_by_its_name_where_it_is_and_read_and_tagged() -> None:
    found = asked("AWS::CloudWatch::Dashboard", DashboardName="board")

    assert {request.action for request in found} == {
        *("cloudwatch:PutDashboard", "cloudwatch:GetDashboard", "cloudwatch:ListTagsForResource"),
        *("cloudwatch:TagResource", "cloudwatch:UntagResource"),
    }
    assert {(request.resource, request.region) for request in found} == {
        (f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/board", REGION)
    }


def test_what_the_template_does_not_name_goes_by_the_name_that_is_made_for_it() -> None:
    [deletion] = [one for one in asked("AWS::SQS::Queue", "delete") if "Delete" in one.action]

    assert deletion == Request("sqs:DeleteQueue", f"arn:aws:sqs:{REGION}:{ACCOUNT}:made", REGION)


def test_a_build_project_is_named_after_its_logical_id_alone() -> None:
    assert given_name("AWS::CodeBuild::Project", "stack-Build-1A2B", "stack") == "Build-1A2B"
    assert given_name("AWS::SQS::Queue", "stack-Queue-1A2B", "stack") == "stack-Queue-1A2B"


def test_a_role_is_passed_to_the_service_of_the_resource_that_has_it() -> None:
    [passed] = [
        request
        for request in asked("AWS::Lambda::Function", Role=ROLE, Code={"ZipFile": ""})
        if request.action == "iam:PassRole"
    ]

    assert passed.resource == ROLE
    assert passed.context == (("iam:PassedToService", "lambda.amazonaws.com"),)


def test_a_role_that_an_action_of_a_pipeline_assumes_is_not_passed() -> None:
    stages = [{"Actions": [{"RoleArn": f"{ROLE}-of-action"}]}]
    found = asked("AWS::CodePipeline::Pipeline", RoleArn=ROLE, Stages=stages)

    assert {one.resource for one in found if one.action == "iam:PassRole"} == {ROLE}


def test_code_is_read_from_where_it_is() -> None:
    code = {"S3Bucket": "assets", "S3Key": "code.zip"}
    found = asked("AWS::Lambda::Function", Role=ROLE, Code=code)

    assert {one.resource for one in found if one.action.startswith("s3:")} == {
        "arn:aws:s3:::assets/code.zip"
    }


@pytest.mark.parametrize("operation", ["create", "update"])
def test_iam_is_told_the_boundary_that_a_role_is_to_have(operation: str) -> None:
    found = asked("AWS::IAM::Role", operation, RoleName="one", PermissionsBoundary=BOUNDARY)
    told = {one.action for one in found if one.context}

    assert {one.context for one in found} == {(), (("iam:PermissionsBoundary", BOUNDARY),)}
    assert "iam:PutRolePolicy" in told
    assert not told & {"iam:GetRole", "iam:TagRole", "iam:UpdateAssumeRolePolicy"}


def test_iam_is_told_the_boundary_of_a_role_that_is_given_a_policy() -> None:
    for bound, context in (("", ()), (BOUNDARY, (("iam:PermissionsBoundary", BOUNDARY),))):
        [put] = [
            one
            for one in asked("AWS::IAM::Policy", bound=bound, Roles=["one"])
            if one.action == "iam:PutRolePolicy"
        ]
        assert (put.resource, put.context) == (ROLE, context)


def test_a_table_is_made_in_every_region_of_its_replicas_with_its_key_there() -> None:
    replicas = [{"Region": "us-east-1"}, {"Region": "us-west-2"}]
    found = asked("AWS::DynamoDB::GlobalTable", TableName="table", Replicas=replicas)
    via = {one.region: one.context for one in found if one.action == "kms:CreateGrant"}

    assert {one.region for one in found if one.action == "dynamodb:CreateTable"} == {*via}
    assert via == {
        region: (("kms:ViaService", f"dynamodb.{region}.amazonaws.com"),)
        for region in ("us-east-1", "us-west-2")
    }
    assert not [one for one in found if "ResourcePolicy" in one.action and "Put" in one.action]


def test_a_rule_is_known_by_its_bus() -> None:
    found = asked("AWS::Events::Rule", Name="rule", EventBusName="bus")

    assert {one.resource for one in found} == {f"arn:aws:events:{REGION}:{ACCOUNT}:rule/bus/rule"}
