"""What running costs: functions and what calls them, the watch over them, and deliveries."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import naming
from policies.templates.template import Resource, as_list
from review.cost.use import MILLION, Month, Rule, Use

MB_PER_GB = 1024
MS_PER_S = 1000
THOUSAND = 1000
LISTED = Path(__file__).parent / "custom_metrics.toml"
CUSTOM_METRICS: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(LISTED.read_text())
BUILD_PRICES = {
    "BUILD_GENERAL1_SMALL": "codebuild_small_minute",
    "BUILD_GENERAL1_MEDIUM": "codebuild_medium_minute",
}


def function(resource: Resource, month: Month) -> Iterator[Use]:
    """Count its calls, its time, and the metrics that it writes; its log is the log group's."""
    name = str(resource.properties.get("FunctionName", ""))
    batch = _batch_size(resource)
    gb = resource.properties.get("MemorySize", 128) / MB_PER_GB
    gb_seconds = gb * month.traffic.busy_ms(name, batch) / MS_PER_S
    calls = month.traffic.calls(name, batch)
    yield Use("compute", gb_seconds, "GB-s", "lambda_arm_gb_second")
    yield Use("requests", calls / MILLION, "million", "lambda_million_requests")
    metrics = _custom_metrics(name, month) if calls else 0.0
    yield Use("custom metrics", metrics, "metric", "cloudwatch_custom_metric")


def _batch_size(function: Resource) -> int:
    mappings = function.stack.resources("AWS::Lambda::EventSourceMapping")
    sizes = (
        each.properties.get("BatchSize", 100)
        for each in mappings
        if each.properties.get("FunctionName") == {"Ref": function.logical_id}
    )
    return int(next(sizes, 100))


def _custom_metrics(name: str, month: Month) -> float:
    """Count metrics for the share of the hours in which they get a value, each dataset's apart."""
    listed, traffic = CUSTOM_METRICS.get(name, {}), month.traffic
    datasets = (month.table.load["datasets"] if traffic.files else 0) + bool(traffic.canaries)
    each_dataset = len(listed.get("each_dataset", ())) * datasets
    sometimes = len(listed.get("sometimes", ())) if traffic.files else 0
    return float((len(listed.get("always", ())) + sometimes + each_dataset) * traffic.busy_share)


def mapping(resource: Resource, _: Month) -> Iterator[Use]:
    """Count the metrics of a mapping that counts its events; Lambda reads streams for nothing."""
    counts = resource.properties.get("MetricsConfig", {}).get("Metrics") == ["EventCount"]
    metrics = len(CUSTOM_METRICS["mapping"]["always"]) if counts else 0
    yield Use("mapping metrics", metrics, "metric", "cloudwatch_custom_metric")


def bus(_: Resource, month: Month) -> Iterator[Use]:
    """Count what is put on the bus; passing it to rules' targets in the account is free."""
    yield Use("events", month.traffic.changes / MILLION, "million", "eventbridge_million_events")


def schedule(_: Resource, month: Month) -> Iterator[Use]:
    """Count its calls."""
    calls = month.traffic.canaries / MILLION
    yield Use("calls", calls, "million", "scheduler_million_calls")


def state_machine(_: Resource, month: Month) -> Iterator[Use]:
    """Count the steps of files that are too large for one run, with their ranges."""
    table, load = month.table, month.table.load
    ranges = table.ranges_per_file
    steps = load["transitions_per_large_file"] + ranges * load["transitions_per_range"]
    transitions = month.traffic.files * (steps if ranges else 0) / THOUSAND
    yield Use("transitions", transitions, "thousand", "states_thousand_transitions")


def alarm(resource: Resource, _: Month) -> Iterator[Use]:
    """Count the metrics that it looks at, which includes asking for them."""
    metrics = [each for each in as_list(resource.properties.get("Metrics")) if "MetricStat" in each]
    yield Use("alarms", len(metrics) or 1, "metric", "cloudwatch_alarm_metric")


def dashboard(_: Resource, __: Month) -> Iterator[Use]:
    """Count the dashboard; looking at it is free."""
    yield Use("dashboards", 1, "dashboard", "cloudwatch_dashboard")


def topic(resource: Resource, month: Month) -> Iterator[Use]:
    """Count the e-mails that ask for approval; alarms and notices are rare."""
    asked = resource.properties.get("TopicName") == naming.APPROVALS_TOPIC
    emails = month.deployments / THOUSAND if asked else 0.0
    yield Use("e-mails", emails, "thousand", "sns_thousand_emails")


def queue(resource: Resource, month: Month) -> Iterator[Use]:
    """Count the requests of verifications; the other queues hold failures only."""
    asked = resource.properties.get("QueueName") == naming.CANARY_EVENTS
    requests = month.deployments * month.table.load["queue_requests_per_deployment"]
    yield Use("requests", requests / MILLION if asked else 0.0, "million", "sqs_million_requests")


def project(resource: Resource, month: Month) -> Iterator[Use]:
    """Count its share of a deployment's minutes, as many as any other project's."""
    projects = sum(1 for _ in resource.stack.resources("AWS::CodeBuild::Project"))
    minutes = month.deployments * month.table.load["build_minutes_per_deployment"] / projects
    size = resource.properties["Environment"]["ComputeType"]
    yield Use("builds", minutes, "minute", BUILD_PRICES[size])


def pipeline(_: Resource, month: Month) -> Iterator[Use]:
    """Count the minutes of its actions; waiting for an approval is free."""
    minutes = month.deployments * month.table.load["action_minutes_per_deployment"]
    yield Use("actions", minutes, "minute", "codepipeline_action_minute")


RULES: Mapping[str, Rule] = {
    "AWS::CloudWatch::Alarm": alarm,
    "AWS::CloudWatch::Dashboard": dashboard,
    "AWS::CodeBuild::Project": project,
    "AWS::CodePipeline::Pipeline": pipeline,
    "AWS::Events::EventBus": bus,
    "AWS::Lambda::EventSourceMapping": mapping,
    "AWS::Lambda::Function": function,
    "AWS::SNS::Topic": topic,
    "AWS::SQS::Queue": queue,
    "AWS::Scheduler::Schedule": schedule,
    "AWS::StepFunctions::StateMachine": state_machine,
}
