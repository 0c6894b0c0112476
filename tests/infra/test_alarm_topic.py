"""The alerts topic: only alarms and one rule publish, and nothing is sent in clear text."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from aws_cdk.cx_api import CloudAssembly

from policies.templates import assembly as assemblies
from tests import deployer
from tests.infra.stack import Resource, Stack, statements

TOPIC = "Topic(serverless-alerts-prod)"
CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}
EVENTBRIDGE = {"Service": "events.amazonaws.com"}
NOTICES = "FileNeedsAttention, CanaryNeedsAttention"


@pytest.fixture
def topic(stack: Stack) -> Resource:
    return stack.one("AWS::SNS::Topic", "serverless-alerts-prod")


def test_alerts_are_encrypted_with_a_key_that_rotates(stack: Stack, topic: Resource) -> None:
    key = stack.one("AWS::KMS::Key")

    assert topic.properties["KmsMasterKeyId"] == f"{key}.Arn"
    assert key.properties["EnableKeyRotation"] is True
    assert key.retained


def test_the_key_has_a_name_that_people_recognise(stack: Stack) -> None:
    alias = stack.one("AWS::KMS::Alias")

    assert alias.name == "alias/serverless-alerts-prod"
    assert alias.properties["TargetKeyId"] == "Key().Arn"


def test_those_who_publish_may_use_the_key(stack: Stack) -> None:
    key = stack.one("AWS::KMS::Key")

    users = {
        each["Principal"]["Service"]: (each["Action"], each.get("Condition"))
        for each in statements(key.properties)
        if "Service" in each["Principal"]
    }

    use = ["kms:Decrypt", "kms:GenerateDataKey*"]
    own_account = {"StringEquals": {"aws:SourceAccount": stack.account}}
    # KMS gets no source from EventBridge, so with a condition no message would ever be encrypted.
    assert users == {
        CLOUDWATCH["Service"]: (use, own_account),
        EVENTBRIDGE["Service"]: (use, None),
    }


def test_alarms_of_this_account_and_one_rule_may_publish_and_nobody_else(stack: Stack) -> None:
    policy = stack.one("AWS::SNS::TopicPolicy", TOPIC)

    publishers = [each for each in statements(policy.properties) if each["Effect"] == "Allow"]

    assert [
        (each["Principal"], each["Action"], each["Condition"], each["Resource"])
        for each in publishers
    ] == [
        (
            CLOUDWATCH,
            ["sns:Publish"],
            {"StringEquals": {"aws:SourceAccount": stack.account}},
            [TOPIC],
        ),
        (
            EVENTBRIDGE,
            ["sns:Publish"],
            {"ArnEquals": {"aws:SourceArn": f"Rule({NOTICES}).Arn"}},
            [TOPIC],
        ),
    ]


def test_people_get_the_text_of_a_notice_and_nothing_around_it(stack: Stack) -> None:
    rule = stack.one("AWS::Events::Rule", NOTICES)

    [target] = rule.properties["Targets"]

    assert rule.properties["EventBusName"] == "EventBus(serverless-data-events-prod)"
    types = ["FileNeedsAttention", "CanaryNeedsAttention"]
    assert rule.properties["EventPattern"] == {"detail-type": types}
    assert (target["Arn"], target["InputPath"]) == (TOPIC, "$.detail.message")


def test_publishing_without_tls_is_denied(stack: Stack) -> None:
    policy = stack.one("AWS::SNS::TopicPolicy", TOPIC)

    [denial] = [each for each in statements(policy.properties) if each["Effect"] == "Deny"]

    assert denial["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (denial["Principal"], denial["Action"]) == ("*", ["sns:Publish"])
    assert denial["Resource"] == [TOPIC]


def subscriptions(assembly: CloudAssembly) -> list[tuple[str, str, Mapping[str, str]]]:
    """Topic, region and all else of every subscription, by topic and region."""
    found = []
    for stack in assemblies.read(Path(assembly.directory)).stacks:
        for each in stack.resources("AWS::SNS::Subscription"):
            topic = stack.by_id()[each.properties["TopicArn"]["Ref"]].properties["TopicName"]
            others = {k: v for k, v in each.properties.items() if k != "TopicArn"}
            found.append((topic, stack.region, others))
    return sorted(found, key=lambda each: each[:2])


def test_no_mail_is_sent_unless_a_deployer_sets_an_address(assembly: CloudAssembly) -> None:
    assert subscriptions(assembly) == []


# What else a deployer may set is set in one of them at most, so mail cannot depend on it.
@pytest.mark.parametrize("settings", ["own_assembly", "mailing_assembly"])
def test_an_address_alone_gets_all_mail(settings: str, request: pytest.FixtureRequest) -> None:
    by_mail = {"Protocol": "email", "Endpoint": deployer.OWN["alertEmail"]}

    assert subscriptions(request.getfixturevalue(settings)) == [
        ("serverless-alerts-prod", "us-east-1", by_mail),
        ("serverless-alerts-prod", "us-west-2", by_mail),
        ("serverless-approvals-prod", "us-east-1", by_mail),
    ]
