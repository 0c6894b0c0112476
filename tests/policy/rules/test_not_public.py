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


def told(body: Body) -> list[str]:
    return [each.message for each in not_public.check([stack({"It": body})])]


def test_a_bucket_that_blocks_all_public_access_is_fine() -> None:
    assert told(resource("AWS::S3::Bucket", PublicAccessBlockConfiguration=BLOCKED)) == []


@pytest.mark.parametrize("name", BLOCKED)
def test_a_bucket_that_leaves_one_way_open_is_named_with_it(name: str) -> None:
    open_ = {**BLOCKED, name: False}

    messages = told(resource("AWS::S3::Bucket", PublicAccessBlockConfiguration=open_))

    assert messages == [f"the bucket can be made public: not {name}"]


def test_a_bucket_that_says_nothing_is_public() -> None:
    assert len(told(resource("AWS::S3::Bucket"))) == 1


def test_a_function_that_anybody_may_invoke_is_found() -> None:
    assert told(resource("AWS::Lambda::Permission", Principal="*")) == [
        "anybody may invoke the function"
    ]
    assert told(resource("AWS::Lambda::Permission", Principal="s3.amazonaws.com")) == []


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}])
def test_a_policy_that_allows_everybody_is_found(principal: object) -> None:
    document = {"Statement": [{**ALLOW, "Principal": principal}]}

    assert told(resource("AWS::SQS::QueuePolicy", PolicyDocument=document)) == [
        "allows everybody: sqs:SendMessage@*"
    ]


def test_a_policy_that_denies_everybody_or_is_limited_by_a_condition_is_fine() -> None:
    limited = {**ALLOW, "Principal": "*", "Condition": {"ArnEquals": {"aws:SourceArn": "arn"}}}
    denied = {**ALLOW, "Effect": "Deny", "Principal": "*"}

    assert told(resource("AWS::SQS::QueuePolicy", PolicyDocument={"Statement": [limited]})) == []
    assert told(resource("AWS::SQS::QueuePolicy", PolicyDocument={"Statement": [denied]})) == []
