"""What of each resource type bills, and how much of it in a month.

A use is counted in requests, bytes, or MB times milliseconds; the price says for how many it is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import naming
from policies.templates.global_table import replicas
from policies.templates.template import Resource, StackTemplate, as_list
from review.cost.month import CUSTOM_METRICS, SETTINGS, Month


class Use(NamedTuple):
    """A quantity of what ``price`` names, in ``region`` if that is not the resource's own."""

    item: str
    price: str
    quantity: float
    region: str = ""


def status_index(stack: StackTemplate) -> str:
    """Return the setting ``statusIndex`` of a region's stack; empty if the stack has none."""
    return str(stack.outputs().get("StatusIndex", {}).get("Value", ""))


def _function(resource: Resource, month: Month) -> Iterator[Use]:
    """Yield calls, time, and the metrics that it writes; its log is the log group's."""
    name = str(resource.properties.get("FunctionName", ""))
    calls, busy_ms = month.use(name)
    memory_mb = resource.properties.get("MemorySize", 128)
    yield Use("compute", "lambda_arm_compute", memory_mb * busy_ms)
    yield Use("requests", "lambda_requests", calls)
    yield Use("custom metrics", "cloudwatch_custom_metrics", month.metrics(name) if calls else 0.0)


def _mapping(resource: Resource, _: Month) -> Iterator[Use]:
    """Yield the metrics of a mapping that counts its events; Lambda reads streams for nothing."""
    counts = resource.properties.get("MetricsConfig", {}).get("Metrics") == ["EventCount"]
    metrics = len(CUSTOM_METRICS["mapping"]["always"]) if counts else 0
    yield Use("mapping metrics", "cloudwatch_custom_metrics", metrics)


def _alarm(resource: Resource, _: Month) -> Iterator[Use]:
    """Yield the metrics that an alarm looks at, which includes asking for them."""
    asked = sum("MetricStat" in each for each in as_list(resource.properties.get("Metrics"))) or 1
    yield Use("alarms", "cloudwatch_alarm_metrics", asked)


def _state_machine(_: Resource, month: Month) -> Iterator[Use]:
    """Yield the steps of files that are too large for one run, with their ranges."""
    load = month.load
    steps = load["transitions_per_large_file"] + month.ranges * load["transitions_per_range"]
    yield Use("transitions", "states_transitions", month.files * steps if month.ranges else 0.0)


def _project(resource: Resource, month: Month) -> Iterator[Use]:
    """Yield its share of a deployment's minutes, as many as any other project's."""
    projects = sum(1 for _ in resource.stack.resources("AWS::CodeBuild::Project"))
    minutes = month.of_deployments("build_minutes") / projects
    yield Use("builds", resource.properties["Environment"]["ComputeType"], minutes)


def _table(resource: Resource, month: Month) -> Iterator[Use]:
    """Yield the writes of both regions, as each replica takes them all."""
    load, item_bytes = month.load, month.table.item_bytes
    indexes = len(as_list(resource.properties.get("GlobalSecondaryIndexes")))
    accepted = status_index(resource.stack) in (SETTINGS[0], "")  # older stacks have no choice
    indexed = month.all_records * (1.0 if accepted else load["rejected_share"])
    canaries = len(naming.REGIONS) * month.canaries
    entries = month.all_files * month.writes_per_file
    records = month.all_records * month.table.units_per_write
    writes = records + entries + canaries * load["writes_per_canary"]
    of_index = indexes * (indexed + entries + canaries * load["index_writes_per_canary"])
    items = month.all_records * item_bytes * load["months_kept"]
    stored = items + indexes * indexed * load["index_item_bytes"] * load["months_kept"]
    for replica in replicas(resource):
        here = replica["Region"]
        yield Use("writes", "dynamodb_writes", writes, here)
        yield Use("index writes", "dynamodb_index_writes", of_index, here)
        if canaries:
            yield Use("reads", "dynamodb_reads", canaries * load["reads_per_canary"], here)
        yield Use("storage", "dynamodb_storage", stored, here)
        if replica.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled"):
            yield Use("recovery", "dynamodb_recovery", items, here)
        if here != load["region"]:
            yield Use("replication", "transfer_between_regions", month.all_records * item_bytes)
        if resource.properties.get("SSESpecification", {}).get("SSEType") == "KMS":
            asked = month.hours * load["key_requests_per_table_hour"]
            yield Use("key requests", "kms_requests", asked, here)


def _bucket(resource: Resource, month: Month) -> Iterator[Use]:
    """Yield files of the bucket that notifies a function of them, or its log, in another."""
    load = month.load
    rules = as_list(resource.properties.get("LifecycleConfiguration", {}).get("Rules"))
    # The rule for all objects hides them after these; 0 for never.
    days = (each.get("ExpirationInDays", 0) for each in rules if "Prefix" not in each)
    kept = max(days, default=0) / load["days_per_month"]
    if "NotificationConfiguration" in resource.properties:
        # Deleted twice as late as hidden by a delete marker.
        months = min(load["months_kept"], 2 * kept or load["months_kept"])
        yield Use("puts", "s3_puts", month.files + month.canaries)
        yield Use("gets", "s3_gets", month.files * max(1, month.ranges) + month.canaries)
        yield Use("storage, all versions", "s3_storage", month.files * month.file_bytes * months)
    elif resource.stack.stage_path:
        logged = 2 * (month.files + month.canaries) * load["access_log_bytes_per_request"]
        yield Use("access logs", "s3_storage", logged * kept)
    elif "LoggingConfiguration" in resource.properties:  # the pipeline's; its log has a bucket, too
        yield Use("artifacts", "s3_storage", month.of_deployments("artifact_bytes") * min(kept, 12))


def _log_group(resource: Resource, month: Month) -> Iterator[Use]:
    """Yield the lines of the function, or of the builds, that the group is named after."""
    load, path = month.load, str(resource.properties.get("LogGroupName"))
    service, _, name = path.removeprefix("/aws/").partition("/")
    written = month.of_deployments("log_bytes")
    if service == "lambda":
        written = month.use(name)[0] * load["log_bytes_per_call"]
    days = resource.properties.get("RetentionInDays", load["forever_days"])
    kept = written * load["log_compression"] * days / load["days_per_month"]
    yield Use("logs", "cloudwatch_logs", written)
    yield Use("kept logs", "cloudwatch_kept_logs", kept)


def _key(resource: Resource, month: Month) -> Iterator[Use]:
    yield Use("keys", "kms_keys", 1)
    if resource.properties.get("EnableKeyRotation"):
        billed = month.load["rotations_billed"]
        yield Use("rotated keys, from the third year", "kms_rotated_keys", billed)


def _queue(resource: Resource, month: Month) -> Iterator[Use]:
    """Yield the requests of the queue that the canary's events go to, which a deployment reads."""
    is_read = resource.properties.get("QueueName") == naming.CANARY_EVENTS
    yield Use("requests", "sqs_requests", month.of_deployments("queue_requests") * is_read)


def _topic(resource: Resource, month: Month) -> Iterator[Use]:
    """Yield the mails that ask for an approval; those of alarms are rare."""
    asks = resource.properties.get("TopicName") == naming.APPROVALS_TOPIC
    yield Use("e-mails", "sns_emails", month.of_deployments("emails") * asks)


# It is free to wait for an approval and to pass an event to a rule's targets in the account.
RULES: Mapping[str, Callable[[Resource, Month], Iterable[Use]]] = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::Dashboard": lambda *_: [Use("dashboards", "cloudwatch_dashboards", 1)],
    "AWS::CodeBuild::Project": _project,
    "AWS::CodePipeline::Pipeline": lambda _, month: [
        Use("actions", "codepipeline_actions", month.of_deployments("action_minutes"))
    ],
    "AWS::DynamoDB::GlobalTable": _table,
    "AWS::Events::EventBus": lambda _, month: [Use("events", "eventbridge_events", month.changes)],
    "AWS::KMS::Key": _key,
    "AWS::Lambda::EventSourceMapping": _mapping,
    "AWS::Lambda::Function": _function,
    "AWS::Logs::LogGroup": _log_group,
    "AWS::S3::Bucket": _bucket,
    # Of all files: producers are asked to put every one through it.
    "AWS::S3::MultiRegionAccessPoint": lambda _, month: [
        Use("routing", "s3_access_point", month.all_files * month.file_bytes, month.load["region"])
    ],
    "AWS::SNS::Topic": _topic,
    "AWS::SQS::Queue": _queue,
    "AWS::Scheduler::Schedule": lambda _, month: [Use("calls", "scheduler_calls", month.canaries)],
    "AWS::StepFunctions::StateMachine": _state_machine,
}
