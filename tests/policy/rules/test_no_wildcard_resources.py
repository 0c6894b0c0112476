import pytest

from policies.rules.no_wildcard_resources import check
from tests.policy.templates import Body, allow, policy, resource, stack

ACTIONS = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]


def test_a_role_that_may_act_on_everything_is_found_by_its_exact_statement() -> None:
    findings = list(check([stack({"Policy": policy(allow(ACTIONS, "*"))})]))

    assert [found.rule for found in findings] == [
        "[xray:PutTelemetryRecords,xray:PutTraceSegments@*]"
    ]


def test_another_statement_on_the_same_role_is_another_finding() -> None:
    statements = (allow(ACTIONS, "*"), allow("s3:GetObject", ["arn:aws:s3:::b", "*"]))

    findings = list(check([stack({"Policy": policy(*statements)})]))

    assert len({found.rule for found in findings}) == 2


def test_a_waiver_that_relies_on_a_condition_or_on_a_denial_names_it() -> None:
    condition = {"Condition": {"StringEquals": {"aws:ResourceTag/our": ["b", "a"]}}}
    limited = {**allow("xray:PutTraceSegments", "*"), **condition}
    denied = {"Effect": "Deny", "Action": "xray:*", "NotResource": "arn:aws:xray:::a"}

    def rules(*statements: Body) -> list[str]:
        return [found.rule for found in check([stack({"Policy": policy(*statements)})])]

    assert rules(limited) == ["[xray:PutTraceSegments@* if StringEquals aws:ResourceTag/our=a,b]"]
    assert rules(allow("xray:PutTraceSegments", "*"), denied) == [
        "[xray:PutTraceSegments@* unless xray:*@NOT arn:aws:xray:::a]"
    ]


def test_all_but_some_resources_is_found() -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::b"}

    assert list(check([stack({"Policy": policy(statement)})]))


def test_a_named_resource_passes_and_so_does_a_key_whose_policy_means_itself() -> None:
    key = resource("AWS::KMS::Key", KeyPolicy={"Statement": [allow("kms:Decrypt", "*")]})
    named = policy(allow("s3:GetObject", {"Fn::GetAtt": ["Bucket", "Arn"]}))

    assert not list(check([stack({"Key": key, "Policy": named})]))


@pytest.mark.parametrize(
    "everything",
    [
        "**",
        "arn:*",
        "arn:aws:s3*",
        {"Fn::Sub": "*"},
        {"Fn::If": ["Condition", "*", "arn:aws:s3:::b"]},
        "arn:aws:s3:::*",
        "arn:aws:s3:::*/*",
        "arn:aws:s3:::?*",
        "arn:aws:dynamodb:us-east-1:111111111111:table/*",
        "arn:aws:dynamodb:us-east-1:111111111111:table/*/index/*",
        "arn:aws:dynamodb:*:111111111111:table/t",
        "arn:aws:dynamodb:us-east-1:*:table/t",
        "arn:aws:*:us-east-1:111111111111:t",
        "arn:aws:logs:us-east-1:111111111111:log-group:*",
        "arn:aws:logs:us-east-1:111111111111:log-group:/*",
        "arn:aws:sqs:us-east-1:111111111111:*",
        "arn:aws:iam::111111111111:role/*",
        {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::111111111111:role/*"]]},
        {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"},
    ],
)
def test_everything_in_the_disguise_of_an_arn_is_found(everything: object) -> None:
    assert len(list(check([stack({"Policy": policy(allow("s3:GetObject", everything))})]))) == 1


@pytest.mark.parametrize(
    "something",
    [
        "arn:aws:s3:::bucket/*",
        "arn:aws:s3:::bucket-*",
        "arn:aws:dynamodb:us-east-1:111111111111:table/t/stream/*",
        "arn:aws:logs:us-east-1:111111111111:log-group:/aws/codebuild/*",
        "arn:aws:logs:us-east-1:111111111111:log-group:one:*",
        "arn:aws:sqs:us-east-1:111111111111:queue",
        {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket", "Arn"]}, "/*"]]},
        {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::111111111111:role/one"]]},
        {"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:queue"},
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::bucket/*"},
        {"Ref": "Topic"},
    ],
)
def test_a_wildcard_within_what_is_named_passes(something: object) -> None:
    assert not list(check([stack({"Policy": policy(allow("s3:GetObject", something))})]))


@pytest.mark.parametrize("type_", ["RolePolicy", "UserPolicy", "GroupPolicy"])
def test_a_policy_of_any_identity_is_judged(type_: str) -> None:
    document = {"Statement": [allow("s3:GetObject", "*")]}

    assert list(check([stack({"P": resource(f"AWS::IAM::{type_}", PolicyDocument=document)})]))
