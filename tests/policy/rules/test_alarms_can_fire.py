from typing import Any

import pytest

from policies.rules.alarms_can_fire import check
from policies.templates.template import StackTemplate
from tests.policy.templates import Body, resource, stack

TABLE = resource(
    "AWS::DynamoDB::GlobalTable",
    TableName="records",
    GlobalSecondaryIndexes=[{"IndexName": "status-index"}],
    Replicas=[{"Region": "us-east-1"}, {"Region": "us-west-2"}],
)
WATCHED: dict[str, Body] = {
    "Topic": resource("AWS::SNS::Topic"),
    "OtherTopic": resource("AWS::SNS::Topic"),
    "Queue": resource("AWS::SQS::Queue", QueueName="dlq"),
    "Function": resource("AWS::Lambda::Function", FunctionName="processor"),
}


def dimensions(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]


def alarm(metric: str, by: dict[str, str], **changes: object) -> Body:
    namespace, name = metric.rsplit("/", 1)
    properties: dict[str, Any] = {
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": dimensions(by),
        "AlarmActions": [{"Ref": "Topic"}],
    }
    return resource("AWS::CloudWatch::Alarm", **{**properties, **changes})


def messages(given: Body, *others: StackTemplate, region: str = "us-east-1") -> list[str]:
    stacks = [stack({**WATCHED, "Alarm": given}, region=region), *others]
    return [finding.message for finding in check(stacks)]


def test_an_alarm_on_a_metric_of_a_queue_of_the_template_passes() -> None:
    assert messages(alarm("AWS/SQS/ApproximateNumberOfMessagesVisible", {"QueueName": "dlq"})) == []


def test_an_alarm_on_a_state_machine_of_the_template_passes_and_on_another_is_found() -> None:
    arn: Any = {"Fn::GetAtt": ["Machine", "Arn"]}
    given = alarm("AWS/States/ExecutionsFailed", {"StateMachineArn": arn})
    machine = resource("AWS::StepFunctions::StateMachine")
    template = stack({**WATCHED, "Alarm": given, "Machine": machine}, region="us-east-1")

    assert [finding.message for finding in check([template])] == []
    [message] = messages(given)
    assert message.endswith("names no resource of the template")


def test_a_metric_that_does_not_exist_is_found() -> None:
    given = alarm("AWS/SQS/ApproximateNumberOfVisibleMessages", {"QueueName": "dlq"})

    assert messages(given) == ["AWS/SQS publishes no metric ApproximateNumberOfVisibleMessages"]


def test_a_metric_by_other_dimensions_than_it_is_published_by_is_found() -> None:
    primary = stack({"Table": TABLE})

    [message] = messages(alarm("AWS/DynamoDB/SystemErrors", {"TableName": "records"}), primary)

    assert "not by ['TableName']" in message


def test_a_dimension_that_names_nothing_of_the_template_is_found() -> None:
    given = alarm("AWS/Lambda/Errors", {"FunctionName": "procesor"})

    assert messages(given) == ["FunctionName procesor names no resource of the template"]


def test_the_standby_may_watch_the_table_that_the_primary_has_made() -> None:
    given = alarm(
        "AWS/DynamoDB/ReplicationLatency", {"TableName": "records", "ReceivingRegion": "us-east-1"}
    )

    assert messages(given, stack({"Table": TABLE}), region="us-west-2") == []


def test_replication_into_the_own_region_never_happens() -> None:
    given = alarm(
        "AWS/DynamoDB/ReplicationLatency", {"TableName": "records", "ReceivingRegion": "us-east-1"}
    )

    assert messages(given, stack({"Table": TABLE})) == [
        "ReceivingRegion us-east-1 names no resource of the template"
    ]


def test_every_metric_of_an_expression_is_judged() -> None:
    metric = {
        "Namespace": "AWS/Lambda",
        "MetricName": "Error",
        "Dimensions": dimensions({"FunctionName": "processor"}),
    }
    given = resource(
        "AWS::CloudWatch::Alarm",
        AlarmActions=[{"Ref": "Topic"}],
        Metrics=[{"Expression": "FILL(m, 0)"}, {"Id": "m", "MetricStat": {"Metric": metric}}],
    )

    assert messages(given) == ["AWS/Lambda publishes no metric Error"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"AlarmActions": []}, "it notifies no topic of its stack"),
        ({"ActionsEnabled": False}, "its actions are switched off"),
    ],
)
def test_an_alarm_that_tells_nobody_is_found(change: dict[str, object], said: str) -> None:
    given = alarm("AWS/Lambda/Errors", {"FunctionName": "processor"}, **change)

    assert messages(given) == [said]


def test_an_alarm_without_a_metric_is_found() -> None:
    given = resource("AWS::CloudWatch::Alarm", AlarmActions=[{"Ref": "Topic"}])

    assert messages(given) == ["it watches no metric"]
