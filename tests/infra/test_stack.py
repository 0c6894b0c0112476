"""What a test that looks up a resource is told if there is not exactly one."""

from typing import Any

import pytest

from tests.infra.stack import Stack


def queue(name: str, path: str) -> dict[str, Any]:
    return {
        "Type": "AWS::SQS::Queue",
        "Properties": {"QueueName": name},
        "Metadata": {"aws:cdk:path": path},
    }


STACK = Stack.read(
    {
        "Resources": {
            "A1": queue("dead", "App/Processor/Dlq/Resource"),
            "A2": queue("dead", "App/Consumer/Dlq/Resource"),
            "B": queue("failures", "App/Consumer/Failures/Resource"),
            "C": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "alerts"}},
        }
    },
    region="us-east-1",
    peer="us-west-2",
    account="000000000000",
)


def test_one_resource_is_found_by_its_name_or_as_the_only_one_of_its_type() -> None:
    assert STACK.one("AWS::SQS::Queue", "failures").name == "failures"
    assert STACK.one("AWS::SNS::Topic").name == "alerts"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            ("AWS::SQS::Queue", "dead"),
            """expected one AWS::SQS::Queue named 'dead' in us-east-1, found 2
  'dead' at App/Processor/Dlq/Resource
  'dead' at App/Consumer/Dlq/Resource""",
        ),
        (
            ("AWS::SNS::Topic", "mails"),
            """expected one AWS::SNS::Topic named 'mails' in us-east-1, found none, only
  'alerts' at C""",
        ),
        (("AWS::S3::Bucket",), "expected one AWS::S3::Bucket in us-east-1, found none"),
    ],
)
def test_otherwise_it_says_what_was_asked_for_and_what_there_is(
    asked: tuple[str, ...], told: str
) -> None:
    with pytest.raises(LookupError) as raised:
        STACK.one(*asked)

    assert str(raised.value) == told
