"""What of each resource type bills, and how much of it in a month.

A use is counted in requests, bytes, or MB times milliseconds; the price says for how many it is.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

import naming
from policies.templates.template import Resource, StackTemplate, as_list
from review.cost.load import Table
from review.cost.month import CUSTOM_METRICS, Month
from review.cost.per_million import ALL


class Use(NamedTuple):
    """A quantity of what ``price`` names, in ``region`` if that is not the resource's own."""

    item: str
    price: str
    quantity: float
    region: str = ""


Quantity: TypeAlias = Callable[[Resource, Month], float]
Rule: TypeAlias = Callable[[Resource, Month], Iterator[Use]]


def _only(item: str, price: str, quantity: Quantity) -> Rule:
    """Return the rule of a type that bills for one thing."""

    def rule(resource: Resource, month: Month) -> Iterator[Use]:
        yield Use(item, price, quantity(resource, month))

    return rule


def status_index(stack: StackTemplate) -> str:
    """Return the setting ``statusIndex`` of a region's stack; empty if the stack has none."""
    return str(stack.outputs().get("StatusIndex", {}).get("Value", ""))


def _function(resource: Resource, month: Month) -> Iterator[Use]:
    """Yield calls, time, and the metrics that it writes; its log is the log group's."""
    name = str(resource.properties.get("FunctionName", ""))
    calls, memory_mb = month.calls(name), resource.properties.get("MemorySize", 128)
    yield Use("compute", "lambda_arm_compute", memory_mb * month.busy_ms(name))
    yield Use("requests", "lambda_requests", calls)
    yield Use("custom metrics", "cloudwatch_custom_metrics", month.metrics(name) if calls else 0.0)


def _mapping_metrics(resource: Resource, _: Month) -> float:
    """Count the metrics of a mapping that counts its events; Lambda reads streams for nothing."""
    counts = resource.properties.get("MetricsConfig", {}).get("Metrics") == ["EventCount"]
    return len(CUSTOM_METRICS["mapping"]["always"]) if counts else 0


def _alarm_metrics(resource: Resource, _: Month) -> float:
    """Count the metrics that an alarm looks at, which includes asking for them."""
    metrics = as_list(resource.properties.get("Metrics"))
    return sum("MetricStat" in each for each in metrics) or 1


def _transitions(_: Resource, month: Month) -> float:
    """Count the steps of files that are too large for one run, with their ranges."""
    ranges, load = month.table.ranges_per_file, month.table.load
    steps = load["transitions_per_large_file"] + ranges * load["transitions_per_range"]
    return month.files * steps if ranges else 0.0


def _of_deployments(each: str, property_: str = "", name: str = "") -> Quantity:
    """Return what a deployment takes of the resource of that name, or of every one."""
    return lambda resource, month: (
        month.deployments
        * float(month.table.load[f"{each}_per_deployment"])
        * (resource.properties.get(property_, "") == name)
    )


def _project(resource: Resource, month: Month) -> Iterator[Use]:
    """Yield its share of a deployment's minutes, as many as any other project's."""
    projects = sum(1 for _ in resource.stack.resources("AWS::CodeBuild::Project"))
    minutes = month.deployments * month.table.load["build_minutes_per_deployment"] / projects
    yield Use("builds", resource.properties["Environment"]["ComputeType"], minutes)


def _table(resource: Resource, month: Month) -> Iterator[Use]:
    """Yield the writes of both regions, as each replica takes them all."""
    table, load = month.table, month.table.load
    indexes = len(as_list(resource.properties.get("GlobalSecondaryIndexes")))
    accepted = status_index(resource.stack) in (ALL, "")  # older stacks have no choice
    indexed = table.records if accepted else table.records * float(load["rejected_share"])
    canaries = len(naming.REGIONS) * month.canaries
    entries = table.files * table.writes_per_file
    writes = table.records * table.units_per_write + entries + canaries * load["writes_per_canary"]
    of_index = indexes * (indexed + entries + canaries * load["index_writes_per_canary"])
    items = table.records * table.item_bytes * load["months_kept"]
    stored = items + indexes * indexed * load["index_item_bytes"] * load["months_kept"]
    for replica in as_list(resource.properties.get("Replicas")):
        here = replica["Region"]
        yield Use("writes", "dynamodb_writes", writes, here)
        yield Use("index writes", "dynamodb_index_writes", of_index, here)
        if canaries:
            yield Use("reads", "dynamodb_reads", canaries * load["reads_per_canary"], here)
        yield Use("storage", "dynamodb_storage", stored, here)
        if replica.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled"):
            yield Use("recovery", "dynamodb_recovery", items, here)
        if here != load["region"]:
            moved = table.records * table.item_bytes
            yield Use("replication", "transfer_between_regions", moved)
        if resource.properties.get("SSESpecification", {}).get("SSEType") == "KMS":
            asked = table.hours * load["key_requests_per_table_hour"]
            yield Use("key requests", "kms_requests", asked, here)


def _bucket(resource: Resource, month: Month) -> Iterator[Use]:
    """Yield files of the bucket that notifies a function of them, or its log, in another."""
    load, kept = month.table.load, _kept_days(resource) / month.table.load["days_per_month"]
    if "NotificationConfiguration" in resource.properties:
        gets = month.files * max(1, month.table.ranges_per_file) + month.canaries
        # Deleted twice as late as hidden by a delete marker.
        months = min(load["months_kept"], 2 * kept or load["months_kept"])
        stored = month.files * month.table.file_bytes * months
        yield Use("puts", "s3_puts", month.files + month.canaries)
        yield Use("gets", "s3_gets", gets)
        yield Use("storage, all versions", "s3_storage", stored)
    elif resource.stack.stage_path:
        logged = 2 * (month.files + month.canaries) * load["access_log_bytes_per_request"]
        yield Use("access logs", "s3_storage", logged * kept)
    elif "LoggingConfiguration" in resource.properties:  # the pipeline's; its log has a bucket, too
        made = month.deployments * load["artifact_bytes_per_deployment"]
        yield Use("artifacts", "s3_storage", made * min(kept, 12))


def _kept_days(resource: Resource) -> float:
    """Return after how many days the bucket's rule for all objects hides them; 0 for never."""
    rules = as_list(resource.properties.get("LifecycleConfiguration", {}).get("Rules"))
    days = [each.get("ExpirationInDays", 0) for each in rules if "Prefix" not in each]
    return float(max(days, default=0))


def _routed(table: Table) -> Use:
    routed_bytes = table.files * table.file_bytes
    return Use("routing", "s3_access_point", routed_bytes, table.load["region"])


def _log_group(resource: Resource, month: Month) -> Iterator[Use]:
    """Yield the lines of the function, or of the builds, that the group is named after."""
    load, path = month.table.load, str(resource.properties.get("LogGroupName"))
    service, _, name = path.removeprefix("/aws/").partition("/")
    written = month.deployments * load["log_bytes_per_deployment"]
    if service == "lambda":
        written = month.calls(name) * load["log_bytes_per_call"]
    months = (
        resource.properties.get("RetentionInDays", load["forever_days"]) / load["days_per_month"]
    )
    yield Use("logs", "cloudwatch_logs", written)
    yield Use("kept logs", "cloudwatch_kept_logs", written * load["log_compression"] * months)


def _key(resource: Resource, month: Month) -> Iterator[Use]:
    yield Use("keys", "kms_keys", 1)
    if resource.properties.get("EnableKeyRotation"):
        billed = month.table.load["rotations_billed"]
        yield Use("rotated keys, from the third year", "kms_rotated_keys", billed)


# Producers are asked to put every file through the access point. It is free to wait for an approval
# and to pass an event to a rule's targets in the account; alarms' mails are rare.
RULES: Mapping[str, Rule] = {
    "AWS::CloudWatch::Alarm": _only("alarms", "cloudwatch_alarm_metrics", _alarm_metrics),
    "AWS::CloudWatch::Dashboard": _only("dashboards", "cloudwatch_dashboards", lambda *_: 1),
    "AWS::CodeBuild::Project": _project,
    "AWS::CodePipeline::Pipeline": _only(
        "actions", "codepipeline_actions", _of_deployments("action_minutes")
    ),
    "AWS::DynamoDB::GlobalTable": _table,
    "AWS::Events::EventBus": _only("events", "eventbridge_events", lambda _, month: month.changes),
    "AWS::KMS::Key": _key,
    "AWS::Lambda::EventSourceMapping": _only(
        "mapping metrics", "cloudwatch_custom_metrics", _mapping_metrics
    ),
    "AWS::Lambda::Function": _function,
    "AWS::Logs::LogGroup": _log_group,
    "AWS::S3::Bucket": _bucket,
    "AWS::S3::MultiRegionAccessPoint": lambda _, month: iter([_routed(month.table)]),
    "AWS::SNS::Topic": _only(
        "e-mails", "sns_emails", _of_deployments("emails", "TopicName", naming.APPROVALS_TOPIC)
    ),
    "AWS::SQS::Queue": _only(
        "requests",
        "sqs_requests",
        _of_deployments("queue_requests", "QueueName", naming.CANARY_EVENTS),
    ),
    "AWS::Scheduler::Schedule": _only("calls", "scheduler_calls", lambda _, month: month.canaries),
    "AWS::StepFunctions::StateMachine": _only("transitions", "states_transitions", _transitions),
}
