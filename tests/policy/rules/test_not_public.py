import json

import pytest

from policies.rules import not_public
from tests.policy.templates import Body, resource, stack

BLOCKED = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}
ALLOW = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}


def reported(body: Body) -> list[str]:
    return [each.message for each in not_public.check([stack({"It": body})])]


def test_a_bucket_that_blocks_all_public_access_is_fine() -> None:
    assert reported(resource("AWS::S3::Bucket", PublicAccessBlockConfiguration=BLOCKED)) == []


@pytest.mark.parametrize("name", BLOCKED)
def test_a_bucket_that_leaves_one_way_open_is_named_with_it(name: str) -> None:
    open_ = {**BLOCKED, name: False}

    messages = reported(resource("AWS::S3::Bucket", PublicAccessBlockConfiguration=open_))

    assert messages == [f"the bucket can be made public: not {name}"]


def test_a_bucket_that_says_nothing_is_public() -> None:
    assert len(reported(resource("AWS::S3::Bucket"))) == 1


def test_a_function_that_anybody_may_invoke_is_found() -> None:
    assert reported(resource("AWS::Lambda::Permission", Principal="*")) == [
        "anyone may invoke the function"
    ]
    assert reported(resource("AWS::Lambda::Permission", Principal="s3.amazonaws.com")) == []


@pytest.mark.parametrize(
    ("type_", "may"),
    [
        ("AWS::Lambda::LayerVersionPermission", "use the layer"),
        ("AWS::Events::EventBusPolicy", "put events on the bus"),
    ],
)
def test_what_else_is_given_to_everybody_is_found(type_: str, may: str) -> None:
    assert reported(resource(type_, Principal="*")) == [f"anyone may {may}"]
    assert reported(resource(type_, Principal="111111111111")) == []


@pytest.mark.parametrize("url", [{"AuthType": "NONE"}, {}])
def test_a_function_url_that_asks_nobody_who_they_are_is_found(url: dict[str, str]) -> None:
    assert reported(resource("AWS::Lambda::Url", **url)) == [
        "anyone may call the function by its URL"
    ]


def test_a_function_url_that_asks_for_a_signature_is_fine() -> None:
    assert reported(resource("AWS::Lambda::Url", AuthType="AWS_IAM")) == []


@pytest.mark.parametrize(
    "whom",
    [
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"AWS": ["*"]}},
        {"Principal": {"AWS": ["arn:aws:iam::111111111111:root", "*"]}},
        {"Principal": {"AWS": {"Fn::Sub": "*"}}},
        {"Principal": {"Service": "*"}},
        {"NotPrincipal": {"AWS": "arn:aws:iam::111111111111:root"}},
    ],
)
def test_a_policy_that_allows_everybody_is_found(whom: Body) -> None:
    [message] = reported(queue({**ALLOW, **whom}))

    assert message.startswith("allows everyone: sqs:SendMessage@* by ")


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringEquals": {"aws:RequestedRegion": "us-east-1"}},
        {"StringLike": {"aws:PrincipalArn": "*"}},
        {"ArnLike": {"aws:SourceArn": ["arn:aws:s3:::bucket", "arn:aws:s3:::*"]}},
        {"StringEquals": {"aws:SourceAccount": []}},
        {"StringNotEquals": {"aws:PrincipalAccount": "111111111111"}},
        {"StringEqualsIfExists": {"aws:SourceAccount": "111111111111"}},
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-ours"}},
    ],
)
def test_a_condition_that_binds_nobody_does_not_close_a_policy(condition: Body) -> None:
    assert len(reported(queue({**ALLOW, "Principal": "*", "Condition": condition}))) == 1


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["Bucket", "Arn"]}}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/one"}},
        {"StringEquals": {"AWS:SourceAccount": ["111111111111", "222222222222"]}},
        {"StringEquals": {"kms:CallerAccount": "111111111111", "kms:ViaService": "*"}},
        {"Bool": {"aws:SecureTransport": "true"}, "StringLike": {"aws:PrincipalOrgID": "o-ours"}},
    ],
)
def test_a_condition_that_binds_to_one_source_does(condition: Body) -> None:
    assert reported(queue({**ALLOW, "Principal": "*", "Condition": condition})) == []


def test_a_policy_that_names_a_service_or_denies_everybody_is_fine() -> None:
    named = {**ALLOW, "Principal": {"Service": "events.amazonaws.com"}}
    denied = {**ALLOW, "Effect": "Deny", "Principal": "*"}

    assert reported(queue(named)) == []
    assert reported(queue(denied)) == []


def test_a_role_that_trusts_everybody_is_found() -> None:
    trusting = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ["*"]}}
    role = resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": [trusting]})

    assert reported(role) == ["allows everyone: sts:AssumeRole@ by *"]


def test_a_statement_is_found_wherever_a_resource_has_its_policy() -> None:
    open_ = {"PolicyDocument": {"Statement": [{**ALLOW, "Principal": "*"}]}}
    stream = {"Region": "us-east-1", "ReplicaStreamSpecification": {"ResourcePolicy": open_}}

    assert reported(resource("AWS::DynamoDB::Table", ResourcePolicy=open_))
    assert reported(resource("AWS::DynamoDB::GlobalTable", Replicas=[stream]))
    assert reported(resource("AWS::Logs::ResourcePolicy", PolicyDocument=json.dumps(open_)))
    assert reported(resource("AWS::Events::EventBusPolicy", Statement={**ALLOW, "Principal": "*"}))


def queue(statement: Body) -> Body:
    return resource("AWS::SQS::QueuePolicy", PolicyDocument={"Statement": [statement]})
