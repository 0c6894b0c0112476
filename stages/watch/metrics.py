"""The metrics of this product's resources, for alarms and dashboards."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

import naming

PERIOD = Duration.minutes(5)
# The operations that the processor's role allows; a test keeps the two equal.
OPERATIONS = ("PutItem", "UpdateItem", "GetItem")


def function(name: str, function_name: str, statistic: str = "Sum") -> cloudwatch.Metric:
    """Return a metric of AWS Lambda for one function."""
    return _metric("AWS/Lambda", name, {"FunctionName": function_name}, statistic)


def executions(name: str, state_machine_arn: str) -> cloudwatch.Metric:
    """Return a metric of Step Functions for the executions of one state machine."""
    return _metric("AWS/States", name, {"StateMachineArn": state_machine_arn}, "Sum")


def failed_starts() -> cloudwatch.Metric:
    """Count the events that failed for good to start the state machine of large files."""
    dimensions = {"EventBusName": naming.EVENT_BUS, "RuleName": naming.LARGE_FILES}
    return _metric("AWS/Events", "FailedInvocations", dimensions, "Sum")


def queue(name: str, queue_name: str) -> cloudwatch.Metric:
    """Return the highest value of an SQS metric of one queue."""
    return _metric("AWS/SQS", name, {"QueueName": queue_name}, "Maximum")


def table(name: str) -> cloudwatch.Metric:
    """Return a metric of DynamoDB for the table."""
    return _metric("AWS/DynamoDB", name, {"TableName": naming.TABLE}, "Sum")


def status_index(name: str) -> cloudwatch.Metric:
    """Return a metric of DynamoDB for the status index."""
    dimensions = {"TableName": naming.TABLE, "GlobalSecondaryIndexName": naming.STATUS_INDEX}
    return _metric("AWS/DynamoDB", name, dimensions, "Sum")


def table_system_errors() -> cloudwatch.MathExpression:
    """Sum the errors of the processor's operations; DynamoDB has no metric for the total."""
    operations = {
        f"errors_{operation.lower()}": _metric(
            "AWS/DynamoDB",
            "SystemErrors",
            {"TableName": naming.TABLE, "Operation": operation},
            "Sum",
        )
        for operation in OPERATIONS
    }
    return _expression(" + ".join(f"FILL({id_}, 0)" for id_ in operations), operations, "errors")


def replication_latency_ms(receiver: str) -> cloudwatch.Metric:
    """Return the delay until a write in the metric's own region reaches ``receiver``."""
    dimensions = {"TableName": naming.TABLE, "ReceivingRegion": receiver}
    return _metric("AWS/DynamoDB", "ReplicationLatency", dimensions, "Average")


def processed(name: str, dataset: str = "") -> cloudwatch.Metric:
    """Return a metric that the processor itself emits, of all datasets or of one."""
    of_one = {"dataset": dataset} if dataset else {}
    dimensions = {"service": naming.PROCESSOR, **of_one}
    return _metric(naming.METRICS_NAMESPACE, name, dimensions, "Sum")


def published(name: str) -> cloudwatch.Metric:
    """Return a metric that the stream consumer itself emits."""
    return _metric(naming.METRICS_NAMESPACE, name, {"service": naming.STREAM_CONSUMER}, "Sum")


def canary(name: str, statistic: str) -> cloudwatch.Metric:
    """Return a metric that the canary itself emits."""
    return _metric(naming.METRICS_NAMESPACE, name, {"service": naming.CANARY}, statistic)


def lost_changes(mapping_id: str) -> cloudwatch.MathExpression:
    """Sum the changes that an event source mapping dropped, or could not call its function with."""
    lost = {
        "dropped": _changes("DroppedEventCount", mapping_id),
        "refused": _changes("FailedInvokeEventCount", mapping_id),
    }
    return _expression("FILL(dropped, 0) + FILL(refused, 0)", lost, "lost changes")


def waiting_changes(mapping_id: str) -> cloudwatch.MathExpression:
    """Count the changes that a mapping reads for its function while it calls it with none."""
    names = {"polled": "Polled", "filtered": "FilteredOut", "invoked": "Invoked"}
    counts = {id_: _changes(f"{name}EventCount", mapping_id) for id_, name in names.items()}
    admitted = "FILL(polled, 0) - FILL(filtered, 0)"
    return _expression(f"IF(FILL(invoked, 0) > 0, 0, {admitted})", counts, "waiting changes")


def rejected_rows_percent(dataset: str = "") -> cloudwatch.MathExpression:
    """Return the share of rows that were rejected, of all datasets or of one; 0 without rows."""
    rows = {
        "accepted": processed("RowsAccepted", dataset),
        "rejected": processed("RowsRejected", dataset),
    }
    total = "(FILL(accepted, 0) + FILL(rejected, 0))"
    return _expression(
        f"IF({total} > 0, 100 * FILL(rejected, 0) / {total}, 0)", rows, "rejected rows, %"
    )


def _changes(name: str, mapping_id: str) -> cloudwatch.Metric:
    return _metric("AWS/Lambda", name, {"EventSourceMappingUUID": mapping_id}, "Sum")


def _metric(
    namespace: str, name: str, dimensions: Mapping[str, str], statistic: str
) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        dimensions_map=dimensions,
        statistic=statistic,
        period=PERIOD,
    )


def _expression(
    expression: str, using: Mapping[str, cloudwatch.Metric], label: str
) -> cloudwatch.MathExpression:
    return cloudwatch.MathExpression(
        expression=expression, using_metrics=using, label=label, period=PERIOD
    )
