"""Every watched metric exists: AWS or our own code publishes it under that name."""

import ast
import tomllib
from pathlib import Path

import pytest

from tests.infra.stack import Stack
from tests.infra.watched import (
    DATASETS,
    Watched,
    dashboard_expressions,
    dashboard_metrics,
    metrics_of,
    widgets,
)

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ROOT / "services"
DECLARED = ROOT / "policies" / "declared" / "role_actions.toml"
PUBLISHED = ROOT / "policies" / "declared" / "metrics.toml"
OUR_METRICS = {
    "serverless-canary-prod": {
        "CanaryAgeSeconds",
        "CanaryAnnouncedAfterMs",
        "CanarySucceeded",
        "PeerAlive",
        "PeerCanaryAgeSeconds",
        "PeerReachable",
        "ReplicationBehindSeconds",
    },
    "serverless-data-processor-prod": {
        "FilesCompleted",
        "FilesFailed",
        "FilesHandedOver",
        "FilesIgnored",
        "FilesSuspended",
        "FilesUnchanged",
        "RowsAccepted",
        "RowsRejected",
        "BytesRead",
        "FileDurationMs",
        "WriteRetries",
    },
    "serverless-stream-consumer-prod": {
        "EventsPublished",
        "EventsFailed",
        "ChangesUnchanged",
        "PublishRetries",
        "EventsByReference",
    },
}


def literals_of_modules_that_emit(runtime: Path) -> set[str]:
    sources = [path.read_text() for path in runtime.rglob("*.py")]
    return {
        node.value
        for source in sources
        if "add_metric(" in source
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def alarmed(stack: Stack) -> list[Watched]:
    return [metric for alarm in stack.all("AWS::CloudWatch::Alarm") for metric in metrics_of(alarm)]


@pytest.fixture
def watched(stack: Stack) -> list[Watched]:
    return alarmed(stack) + dashboard_metrics(stack)


def test_only_metrics_that_exist_are_watched(watched: list[Watched]) -> None:
    ours = {
        ("ServerlessDataIngestion", name, "service")
        for names in OUR_METRICS.values()
        for name in names
    }
    by_dataset = {
        ("ServerlessDataIngestion", name, "dataset", "service")
        for name in ("RowsAccepted", "RowsRejected")
    }

    of_aws = {
        (namespace, name, *dimensions)
        for namespace, metrics in tomllib.loads(PUBLISHED.read_text()).items()
        for name, ways in metrics.items()
        for dimensions in ways
    }
    unknown = {metric.kind for metric in watched} - of_aws - ours - by_dataset
    assert unknown == set(), f"nobody publishes these: see what does in {PUBLISHED}"


def test_our_own_metric_is_watched_under_the_service_that_emits_it(
    watched: list[Watched],
) -> None:
    for metric in watched:
        if metric.namespace == "ServerlessDataIngestion":
            assert metric.name in OUR_METRICS[dict(metric.dimensions)["service"]]


@pytest.mark.parametrize(
    ("function_name", "service"),
    [
        ("serverless-canary-prod", "canary"),
        ("serverless-data-processor-prod", "processor"),
        ("serverless-stream-consumer-prod", "stream_consumer"),
    ],
)
def test_a_service_emits_the_metrics_listed_as_its_own(function_name: str, service: str) -> None:
    emitted = literals_of_modules_that_emit(SERVICES / service / "runtime")

    assert OUR_METRICS[function_name] - emitted == set()


def test_a_watched_resource_is_in_the_same_stack(stack: Stack, watched: list[Watched]) -> None:
    functions = {function.name for function in stack.all("AWS::Lambda::Function")}
    known = {
        "FunctionName": functions,
        "service": functions,
        "dataset": set(DATASETS),
        "EventSourceMappingUUID": {"EventSourceMapping(Function(serverless-stream-consumer-prod))"},
        "QueueName": {queue.name for queue in stack.all("AWS::SQS::Queue")},
        "EventBusName": {"serverless-data-events-prod"},
        "RuleName": {"serverless-large-files-prod"},
        "StateMachineArn": {"StateMachine(serverless-large-files-prod).Arn"},
        "TableName": {"serverless-processed-data-prod"},
        "GlobalSecondaryIndexName": {"status-index"},
        "Operation": {"PutItem", "UpdateItem", "GetItem"},
    }

    unknown = {
        (name, value)
        for metric in watched
        for name, value in metric.dimensions
        if name != "ReceivingRegion" and value not in known[name]
    }

    assert unknown == set()


def test_replication_is_measured_towards_the_peer_region(stack: Stack) -> None:
    receivers = {
        value
        for metric in alarmed(stack)
        for name, value in metric.dimensions
        if name == "ReceivingRegion"
    }

    assert receivers == {stack.peer_region}


def test_every_operation_that_the_processor_may_call_is_watched_for_errors(stack: Stack) -> None:
    watched_operations = {
        value
        for metric in alarmed(stack)
        for name, value in metric.dimensions
        if name == "Operation"
    }

    declared = tomllib.loads(DECLARED.read_text())["tap/Processor/Service/Role"]["actions"]
    allowed = {each.removeprefix("dynamodb:") for each in declared if each.startswith("dynamodb:")}
    assert watched_operations == allowed


def test_the_dashboard_shows_the_same_of_both_regions(stack: Stack) -> None:
    def shown(region: str) -> set[Watched]:
        metrics = dashboard_metrics(stack, region)
        return {metric for metric in metrics if metric.name != "ReplicationLatency"}

    assert shown(stack.region)
    assert shown(stack.region) == shown(stack.peer_region)


def test_each_graph_of_the_dashboard_shows_what_its_title_says(stack: Stack) -> None:
    shown = {
        widget["title"].removesuffix(f", {stack.region}"): {
            Watched.on_dashboard(row).name for row in widget["metrics"] if isinstance(row[0], str)
        }
        for widget in widgets(stack)
        if widget["title"].endswith(f", {stack.region}")
    }

    assert shown == {
        "Files": {"FilesCompleted", "FilesFailed"},
        "Rows": {"RowsAccepted", "RowsRejected"},
        "Rejected rows": {"RowsAccepted", "RowsRejected"},
        "Processor invocations": {"Invocations", "Errors", "Throttles"},
        "Processor duration": {"Duration"},
        "Published events": {"EventsPublished", "EventsFailed"},
        "Age of the oldest unpublished change": {"IteratorAge"},
        "Seconds since the last signs of life": {
            "CanaryAgeSeconds",
            "PeerCanaryAgeSeconds",
            "ReplicationBehindSeconds",
        },
        "Failed events waiting": {"ApproximateNumberOfMessagesVisible"},
        "Table throttling and errors": {"WriteThrottleEvents", "WriteRetries", "SystemErrors"},
        f"Replication to {stack.peer_region}": {"ReplicationLatency"},
    }


def test_the_dashboard_shows_replication_in_both_directions(stack: Stack) -> None:
    directions = {
        (widget["region"], dict(Watched.on_dashboard(row).dimensions)["ReceivingRegion"])
        for widget in widgets(stack)
        for row in widget["metrics"]
        if row[1:2] == ["ReplicationLatency"]
    }

    assert directions == {("us-east-1", "us-west-2"), ("us-west-2", "us-east-1")}


def test_the_dashboards_expressions_use_the_metrics_they_define_and_no_others(stack: Stack) -> None:
    for expression in dashboard_expressions(stack):
        assert expression.used == expression.defined
