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


def computed(expression: str, *metrics: Body) -> list[Body]:
    watched = {"Id": "watched", "Expression": expression}
    return [watched, *({**each, "ReturnData": False} for each in metrics)]


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

    assert messages(given) == [
        "policies/declared/metrics.toml has no ApproximateNumberOfVisibleMessages of AWS/SQS"
    ]


def test_a_metric_by_other_dimensions_than_it_is_published_by_is_found() -> None:
    primary = stack({"Table": TABLE})

    [message] = messages(alarm("AWS/DynamoDB/SystemErrors", {"TableName": "records"}), primary)

    assert "is published by Operation, TableName, not by TableName" in message


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
        Metrics=computed("FILL(m, 0)", {"Id": "m", "MetricStat": {"Metric": metric}}),
    )

    assert messages(given) == ["policies/declared/metrics.toml has no Error of AWS/Lambda"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"AlarmActions": []}, "it notifies no topic of its stack"),
        ({"ActionsEnabled": False}, "its actions are switched off"),
        ({"Unit": "Bytes"}, "nothing is published in Bytes alone: leave the unit out"),
        (
            {"Period": 300, "EvaluationPeriods": 289},
            "it looks back 1.00347 days, and CloudWatch takes 1 for such periods",
        ),
        (
            {"Period": 3600, "EvaluationPeriods": 169},
            "it looks back 7.04167 days, and CloudWatch takes 7 for such periods",
        ),
        ({"Period": 10}, "metrics are published by the minute, not every 10 s"),
        (
            {"ComparisonOperator": "LessThanThreshold", "TreatMissingData": "notBreaching"},
            "it does not fire when what it watches falls silent",
        ),
    ],
)
def test_an_alarm_that_sees_nothing_or_tells_nobody_is_found(
    change: dict[str, object], said: str
) -> None:
    given = alarm("AWS/Lambda/Errors", {"FunctionName": "processor"}, **change)

    assert messages(given) == [said]


@pytest.mark.parametrize(
    ("expression", "change", "said"),
    [
        ("FILL(n, 0)", {}, "these don't match: m, n"),
        ("1", {}, "these don't match: m"),
        ("FILL(m, 0)", {"ReturnData": True}, "2 of its metrics are watched, not one"),
        ("FILL(m, 0)", {"AccountId": "111111111111"}, "it watches another account"),
        ("FILL(m, 0)", {"MetricStat": {"Unit": "Bytes"}}, "leave the unit out"),
    ],
)
def test_what_is_computed_of_nothing_or_of_something_else_is_found(
    expression: str, change: Body, said: str
) -> None:
    dimension = dimensions({"FunctionName": "processor"})
    errors = {"Namespace": "AWS/Lambda", "MetricName": "Errors", "Dimensions": dimension}
    stat = {"Metric": errors, "Period": 60, **change.get("MetricStat", {})}
    given = resource("AWS::CloudWatch::Alarm", AlarmActions=[{"Ref": "Topic"}])
    [watched, metric] = computed(expression, {"Id": "m"})
    given["Properties"]["Metrics"] = [watched, {**metric, **change, "MetricStat": stat}]

    assert any(said in message for message in messages(given))


def test_an_alarm_on_what_nobody_publishes_is_found() -> None:
    mapping = resource("AWS::Lambda::EventSourceMapping")
    own: Any = {"Ref": "Mapping"}
    silent = alarm("AWS/Lambda/PolledEventCount", {"EventSourceMappingUUID": own})
    other = alarm("ServerlessDataIngestion/EventsFailed", {"service": "processor"})
    template = stack({**WATCHED, "Mapping": mapping, "Silent": silent, "Other": other})

    assert [found.message for found in check([template])] == [
        "EventSourceMappingUUID <Mapping> names no resource of the template",
        "service processor names no resource of the template",
    ]


def test_an_alarm_without_a_metric_is_found() -> None:
    given = resource("AWS::CloudWatch::Alarm", AlarmActions=[{"Ref": "Topic"}])

    assert messages(given) == ["it watches no metric"]
