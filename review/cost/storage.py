"""What stored data costs: the table, the buckets, the access point, the logs and the keys."""

from collections.abc import Iterator

import naming
from policies.templates.template import Resource, StackTemplate, as_list
from review.cost.load import BYTES_PER_GB
from review.cost.per_million import ALL
from review.cost.traffic import WRITES_PER_CANARY
from review.cost.use import MILLION, Month, Use

# The canary's file enters the index when its entry is opened, its record stored, and its entry
# closed, which leaves one status and enters another.
INDEX_WRITES_PER_CANARY = 4
# The canary reads its own record here and at the peer, and the peer's record.
READS_PER_CANARY = 3
THOUSAND = 1000
ROTATIONS_BILLED = 2
# What never expires is counted after ten years.
FOREVER_DAYS = 3650


def status_index(stack: StackTemplate) -> str:
    """Return the setting ``statusIndex`` of a region's stack; empty if the stack has none."""
    return str(stack.outputs().get("StatusIndex", {}).get("Value", ""))


def global_table(resource: Resource, month: Month) -> Iterator[Use]:
    """Count the writes of both regions, as each replica takes them all."""
    table = month.table
    indexes = len(as_list(resource.properties.get("GlobalSecondaryIndexes")))
    accepted = status_index(resource.stack) in (ALL, "")  # older stacks have no choice
    canaries = len(naming.REGIONS) * month.traffic.canaries
    entries = table.files * table.writes_per_file
    writes = table.records * table.units_per_write + entries + canaries * WRITES_PER_CANARY
    of_index = table.in_index(accepted=accepted) + entries + canaries * INDEX_WRITES_PER_CANARY
    storage_gb = table.items_gb + indexes * table.index_gb(accepted=accepted)
    reads = canaries * READS_PER_CANARY / MILLION
    for replica in as_list(resource.properties.get("Replicas")):
        here = replica["Region"]
        writes_price = "dynamodb_million_replicated_writes"
        yield Use("writes", writes / MILLION, "million", writes_price, here)
        of_all = indexes * of_index / MILLION
        yield Use("index writes", of_all, "million", "dynamodb_million_index_writes", here)
        if reads:
            yield Use("reads", reads, "million", "dynamodb_million_reads", here)
        yield Use("storage", storage_gb, "GB-month", "dynamodb_gb_month", here)
        if replica.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled"):
            price = "dynamodb_recovery_gb_month"
            yield Use("recovery", table.items_gb, "GB-month", price, here)
        if here != table.load["region"]:
            moved_gb = table.records * table.item_bytes / BYTES_PER_GB
            yield Use("replication", moved_gb, "GB", "transfer_between_regions_gb")
        if resource.properties.get("SSESpecification", {}).get("SSEType") == "KMS":
            asked = table.hours * table.load["key_requests_per_table_hour"] / 10_000
            yield Use("key requests", asked, "10,000", "kms_ten_thousand_requests", here)


def bucket(resource: Resource, month: Month) -> Iterator[Use]:
    """Count files in the bucket that notifies a function of them, and its log in another."""
    if "NotificationConfiguration" in resource.properties:
        yield from _files(resource, month)
    elif resource.stack.stage_path:
        yield from _access_logs(resource, month)
    elif "LoggingConfiguration" in resource.properties:  # the pipeline's; its log has a bucket, too
        months = min(_kept_days(resource) / month.table.load["days_per_month"], 12)
        kept_gb = month.deployments * month.table.load["artifact_gb_per_deployment"] * months
        yield Use("artifacts", kept_gb, "GB-month", "s3_gb_month")


def _files(resource: Resource, month: Month) -> Iterator[Use]:
    table, traffic = month.table, month.traffic
    runs = max(1, table.ranges_per_file)
    gets = traffic.files * runs + traffic.canaries
    months = table.load["months_kept"]
    if days := _kept_days(resource):  # a delete marker after so many, deleted after as many again
        months = min(months, 2 * days / table.load["days_per_month"])
    stored_gb = table.files_gb * months if traffic.files else 0.0
    puts = (traffic.files + traffic.canaries) / THOUSAND
    yield Use("puts", puts, "thousand", "s3_thousand_puts")
    yield Use("gets", gets / THOUSAND, "thousand", "s3_thousand_gets")
    yield Use("storage, all versions", stored_gb, "GB-month", "s3_gb_month")


def _access_logs(resource: Resource, month: Month) -> Iterator[Use]:
    traffic, load = month.traffic, month.table.load
    requests = 2 * (traffic.files + traffic.canaries)
    months = _kept_days(resource) / load["days_per_month"]
    kept_gb = requests * load["access_log_bytes_per_request"] * months / BYTES_PER_GB
    yield Use("access logs", kept_gb, "GB-month", "s3_gb_month")


def _kept_days(resource: Resource) -> float:
    """Return after how many days the bucket's rule for all objects hides them; 0 for never."""
    rules = as_list(resource.properties.get("LifecycleConfiguration", {}).get("Rules"))
    days = [each.get("ExpirationInDays", 0) for each in rules if "Prefix" not in each]
    return float(max(days, default=0))


def access_point(_: Resource, month: Month) -> Iterator[Use]:
    """Count every file: producers are asked to put them through the access point."""
    region = month.table.load["region"]
    yield Use("routing", month.table.files_gb, "GB", "s3_access_point_gb", region)


def log_group(resource: Resource, month: Month) -> Iterator[Use]:
    """Count the lines of the function, or of the builds, that the group is named after."""
    load = month.table.load
    service, _, name = (
        str(resource.properties.get("LogGroupName")).removeprefix("/aws/").partition("/")
    )
    if service == "lambda":
        written = month.traffic.calls(name) * load["log_bytes_per_call"]
    else:
        written = month.deployments * load["log_bytes_per_deployment"]
    gb = written / BYTES_PER_GB
    months = resource.properties.get("RetentionInDays", FOREVER_DAYS) / load["days_per_month"]
    yield Use("logs", gb, "GB", "cloudwatch_logs_gb")
    stored_gb = gb * load["log_compression"] * months
    yield Use("kept logs", stored_gb, "GB-month", "cloudwatch_logs_gb_month")


def key(resource: Resource, _: Month) -> Iterator[Use]:
    """Count the key, and the versions that its first two yearly rotations add for good."""
    yield Use("keys", 1, "key", "kms_key")
    if resource.properties.get("EnableKeyRotation"):
        price = "kms_rotated_key_version"
        yield Use("rotated keys, from the third year", ROTATIONS_BILLED, "version", price)
