"""One rule per resource type: its use in a month, in units that have a price."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from policies.templates.template import Resource, StackTemplate, as_list
from review.cost.load import BYTES_PER_GB, Table
from review.cost.per_million import ALL, per_million

MB_PER_GB = 1024
MS_PER_S = 1000
MILLION = 1e6
# These are free, negligible, or their cost is counted with the resource that they belong to.
FREE = (
    *("AWS::CDK::Metadata", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::Role"),
    *("AWS::KMS::Alias", "AWS::Lambda::EventInvokeConfig", "AWS::Lambda::EventSourceMapping"),
    *("AWS::Lambda::Alias", "AWS::Lambda::Permission", "AWS::SNS::Subscription"),
    *("AWS::S3::BucketPolicy", "AWS::S3::MultiRegionAccessPointPolicy"),
    "AWS::StepFunctions::StateMachine",  # a cent for a file of 5 GB; the load has none so large
    *("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy"),
    *(
        *("AWS::Events::Rule", "AWS::Scheduler::Schedule"),
        "AWS::CodePipeline::Pipeline",
        "Custom::AWS",
        "Custom::TableStreamArn",
        "AWS::DynamoDB::Table",
    ),
)


class Use(NamedTuple):
    """A quantity of what ``price`` names, in ``region`` if that is not the resource's own."""

    item: str
    quantity: float
    unit: str
    price: str
    region: str = ""


Rule: TypeAlias = Callable[[Resource, Table], Iterator[Use]]


def estimate(stacks: Sequence[StackTemplate], table: Table | None = None) -> Mapping[str, Any]:
    """Return the lines of a month and their sum; ``unpriced`` lists types without a rule."""
    prices = table or Table.read()
    resources = [resource for stack in stacks for resource in stack.resources()]
    lines = _together([line for each in resources for line in _lines(each, prices)])
    types = {resource.type for resource in resources}
    return {
        "load": dict(prices.load),
        "status_index": next(filter(None, map(status_index, stacks)), ALL),
        "per_million": per_million(prices),
        "prices_of": prices.as_of,
        "currency": prices.currency,
        "lines": lines,
        "monthly_usd": round(sum(line["monthly_usd"] for line in lines), 2),
        "unpriced": sorted(types - {*RULES} - {*FREE}),
    }


def _lines(resource: Resource, table: Table) -> Iterator[dict[str, Any]]:
    rule = RULES.get(resource.type)
    for use in rule(resource, table) if rule else ():
        price = table.price[use.price]
        yield {
            "region": use.region or resource.stack.region,
            "service": resource.type.split("::")[1],
            "item": use.item,
            "quantity": use.quantity,
            "unit": use.unit,
            "price_usd": price,
            "monthly_usd": use.quantity * price,
        }


def _together(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Merge the same use of several resources into one line."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for line in lines:
        key = line["region"], line["service"], line["item"]
        known = found.setdefault(key, {**line, "quantity": 0.0, "monthly_usd": 0.0})
        known["quantity"] += line["quantity"]
        known["monthly_usd"] += line["monthly_usd"]
    for line in found.values():
        line["quantity"] = round(line["quantity"], 3)
        line["monthly_usd"] = round(line["monthly_usd"], 2)
    return [found[key] for key in sorted(found)]


def _function(resource: Resource, table: Table) -> Iterator[Use]:
    """Count by trigger: files for the function invoked by S3, changes for the one on the stream."""
    if resource.stack.region != table.load["region"] or not resource.stack.stage_path:
        return
    streams = resource.stack.resources("AWS::Lambda::EventSourceMapping")
    mapping = next((each for each in streams if _is_for(each, resource)), None)
    if mapping:
        changes = table.records + table.files
        calls = changes / mapping.properties.get("BatchSize", 100)
        ms = changes * table.load["consumer_ms_per_change"]
    else:
        calls, ms = table.files, table.records * table.load["processor_ms_per_record"]
    gb = resource.properties.get("MemorySize", 128) / MB_PER_GB
    gb_seconds = gb * ms / MS_PER_S
    logs_gb = calls * table.load["log_bytes_per_file"] / BYTES_PER_GB
    yield Use("compute", gb_seconds, "GB-s", "lambda_arm_gb_second")
    yield Use("requests", calls / MILLION, "million", "lambda_million_requests")
    yield Use("logs", logs_gb, "GB", "cloudwatch_logs_gb")


def _is_for(mapping: Resource, function: Resource) -> bool:
    return bool(mapping.properties.get("FunctionName") == {"Ref": function.logical_id})


def _global_table(resource: Resource, table: Table) -> Iterator[Use]:
    indexes = len(as_list(resource.properties.get("GlobalSecondaryIndexes")))
    accepted = status_index(resource.stack) in (ALL, "")  # older stacks have no choice
    index_millions = indexes * table.in_index(accepted=accepted) / MILLION
    millions = table.write_units / MILLION
    storage_gb = table.items_gb + indexes * table.index_gb(accepted=accepted)
    for replica in as_list(resource.properties.get("Replicas")):
        region = replica["Region"]
        yield Use("writes", millions, "million", "dynamodb_million_replicated_writes", region)
        yield Use(
            "index writes", index_millions, "million", "dynamodb_million_index_writes", region
        )
        yield Use("storage", storage_gb, "GB-month", "dynamodb_gb_month", region)
        if replica.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled"):
            recovery_gb = table.items_gb
            yield Use("recovery", recovery_gb, "GB-month", "dynamodb_recovery_gb_month", region)
        if region != table.load["region"]:
            moved_gb = table.records * table.item_bytes / BYTES_PER_GB
            yield Use("replication", moved_gb, "GB", "transfer_between_regions_gb")


def status_index(stack: StackTemplate) -> str:
    """Return the setting ``statusIndex`` of a region's stack; empty if the stack has none."""
    return str(stack.outputs().get("StatusIndex", {}).get("Value", ""))


def _bucket(resource: Resource, table: Table) -> Iterator[Use]:
    """Count files for the bucket that notifies a function of them."""
    takes_files = "NotificationConfiguration" in resource.properties
    if takes_files and resource.stack.region == table.load["region"]:
        yield Use("puts", table.files / 1000, "thousand", "s3_thousand_puts")
        yield Use("gets", table.files / 1000, "thousand", "s3_thousand_gets")
        yield Use("storage", table.files_gb, "GB-month", "s3_gb_month")


def _access_point(_: Resource, table: Table) -> Iterator[Use]:
    """Count every file: producers are asked to put them through the access point."""
    routed_gb = table.records * table.load["bytes_per_record"] / BYTES_PER_GB
    yield Use("routing", routed_gb, "GB", "s3_access_point_gb", table.load["region"])


def _bus(resource: Resource, table: Table) -> Iterator[Use]:
    if resource.stack.region == table.load["region"]:
        events = (table.records + table.files) / MILLION
        yield Use("events", events, "million", "eventbridge_million_events")


def _alarm(resource: Resource, _: Table) -> Iterator[Use]:
    metrics = [each for each in as_list(resource.properties.get("Metrics")) if "MetricStat" in each]
    yield Use("alarms", len(metrics) or 1, "metric", "cloudwatch_alarm_metric")


def _one(item: str, unit: str, price: str) -> Rule:
    def rule(_: Resource, __: Table) -> Iterator[Use]:
        yield Use(item, 1, unit, price)

    return rule


def _builds(resource: Resource, table: Table) -> Iterator[Use]:
    """Share the minutes of a deployment among its builds; the pipeline's actions cost extra."""
    projects = sum(1 for _ in resource.stack.resources("AWS::CodeBuild::Project"))
    per_deployment = table.load["build_minutes_per_deployment"] / projects
    minutes = table.load["deployments_per_month"] * per_deployment
    yield Use("builds", minutes, "minute", "codebuild_medium_minute")
    yield Use("actions", minutes, "minute", "codepipeline_action_minute")


def _nothing(_: Resource, __: Table) -> Iterator[Use]:
    """Count no messages: these queues hold failures only."""
    yield Use("messages", 0, "million", "sqs_million_requests")


RULES: Mapping[str, Rule] = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::Dashboard": _one("dashboards", "dashboard", "cloudwatch_dashboard"),
    "AWS::CodeBuild::Project": _builds,
    "AWS::DynamoDB::GlobalTable": _global_table,
    "AWS::Events::EventBus": _bus,
    "AWS::KMS::Key": _one("keys", "key", "kms_key"),
    "AWS::Lambda::Function": _function,
    "AWS::Logs::LogGroup": lambda *_: iter(()),
    "AWS::S3::Bucket": _bucket,
    "AWS::S3::MultiRegionAccessPoint": _access_point,
    "AWS::SQS::Queue": _nothing,
}
