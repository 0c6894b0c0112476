import pytest

from tests.infra.stack import Resource, Stack, statements

FAILURE_QUEUES = [
    "serverless-data-processor-dlq-prod",
    "serverless-data-processor-quarantine-prod",
    "serverless-stream-consumer-failures-prod",
]
CANARY_EVENTS = "serverless-canary-events-prod"


@pytest.fixture
def queues(stack: Stack) -> list[Resource]:
    return stack.all("AWS::SQS::Queue")


@pytest.fixture(params=FAILURE_QUEUES)
def failure_queue(request: pytest.FixtureRequest, stack: Stack) -> Resource:
    return stack.one("AWS::SQS::Queue", request.param)


def test_messages_are_encrypted_by_sqs(queues: list[Resource]) -> None:
    for queue in queues:
        assert queue.properties["SqsManagedSseEnabled"] is True, queue


def test_a_request_without_tls_is_denied(stack: Stack, queues: list[Resource]) -> None:
    for queue in queues:
        policy = stack.one("AWS::SQS::QueuePolicy", str(queue))

        denials = [each for each in statements(policy.properties) if each["Effect"] == "Deny"]

        assert denials == [
            {
                "Action": ["sqs:*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Resource": [f"{queue}.Arn"],
            }
        ]


def test_a_failure_queues_policy_admits_a_rule_of_this_stack_at_most(
    stack: Stack, failure_queue: Resource
) -> None:
    policy = stack.one("AWS::SQS::QueuePolicy", str(failure_queue))

    admitted = [each for each in statements(policy.properties) if each["Effect"] != "Deny"]

    rule = {"ArnEquals": {"aws:SourceArn": "Rule(Object Created).Arn"}}
    assert all(each["Condition"] == rule for each in admitted)


def test_a_failure_is_kept_for_fourteen_days(failure_queue: Resource) -> None:
    assert failure_queue.properties["MessageRetentionPeriod"] == 14 * 24 * 60 * 60


def test_failures_outlive_the_stack(failure_queue: Resource) -> None:
    assert failure_queue.retained


def test_events_of_canary_records_are_kept_for_an_hour(stack: Stack) -> None:
    queue = stack.one("AWS::SQS::Queue", CANARY_EVENTS)

    assert queue.properties["MessageRetentionPeriod"] == 60 * 60


def test_only_events_of_canary_records_reach_the_canary_queue(stack: Stack) -> None:
    rule = stack.one("AWS::Events::Rule", "CanaryChanged")
    policy = stack.one("AWS::SQS::QueuePolicy", f"Queue({CANARY_EVENTS})")

    senders = [each for each in statements(policy.properties) if each["Effect"] == "Allow"]

    assert rule.properties["State"] == "ENABLED"
    assert rule.properties["EventBusName"] == "EventBus(serverless-data-events-prod)"
    assert rule.properties["EventPattern"] == {
        "detail-type": ["CanaryChanged"],
        "detail": {
            "item": {"itemType": ["RECORD"]},
            "recordId": [{"anything-but": ["canary:us-east-1", "canary:us-west-2"]}],
        },
    }
    assert [each["Arn"] for each in rule.properties["Targets"]] == [f"Queue({CANARY_EVENTS}).Arn"]
    assert [(each["Principal"], each["Condition"], each["Resource"]) for each in senders] == [
        (
            {"Service": "events.amazonaws.com"},
            {"ArnEquals": {"aws:SourceArn": f"{rule}.Arn"}},
            [f"Queue({CANARY_EVENTS}).Arn"],
        )
    ]
