"""The alarms, one row each and the same in both regions; every one needs action.

Each dataset with a contract has one of its own for rejected rows.
"""

import naming
from services.processor.construct import TIMEOUT as PROCESSOR_TIMEOUT
from services.processor.runtime.contracts import CONTRACTS
from services.stream_consumer.construct import TIMEOUT as CONSUMER_TIMEOUT
from stages.watch import flow_alarms, metrics
from stages.watch.alarm_row import MARKER, RECONCILE, REDRIVE, REJECTED, SUSPENDED, AlarmRow

# A run this close to its timeout may be killed before it has saved its checkpoint.
TIMEOUT_SHARE = 0.9
OLDEST_FAILURE_S = 3600
OLDEST_UNPUBLISHED_CHANGE_MS = 5 * 60 * 1000
SLOWEST_REPLICATION_MS = 60 * 1000
MOST_REJECTED_PERCENT = 10


def rows(*, peer_region: str, canary_every_minutes: int, large_files_arn: str) -> list[AlarmRow]:
    """Return the alarms of the region whose peer is ``peer_region``, but for those on its mapping.

    The ARN is that of the state machine.
    """
    return [
        *_processor(),
        *flow_alarms.large_files(large_files_arn),
        *_stream_consumer(),
        *_table(peer_region),
        *flow_alarms.canary(canary_every_minutes),
    ]


def _processor() -> list[AlarmRow]:
    return [
        AlarmRow(
            subject="processor-errors",
            metric=metrics.function("Errors", naming.PROCESSOR),
            meaning="A processor invocation failed; Lambda retries the file up to twice.",
        ),
        AlarmRow(
            subject="processor-throttles",
            metric=metrics.function("Throttles", naming.PROCESSOR),
            meaning="Files are waiting: the account's Lambda concurrency is used up.",
        ),
        _duration("processor", naming.PROCESSOR, PROCESSOR_TIMEOUT.to_milliseconds()),
        AlarmRow(
            subject="processor-dlq-send-failures",
            metric=metrics.function("DeadLetterErrors", naming.PROCESSOR),
            command=RECONCILE,
            meaning="A failed event could not be sent to the dead-letter queue and is lost.",
        ),
        *_failure_queue(
            "processor-dlq",
            naming.PROCESSOR_DLQ,
            depth="An event failed every retry and is waiting in the dead-letter queue.",
            age="A dead letter has been waiting for an hour; SQS deletes it after 14 days.",
        ),
        *map(_rejected_rows, sorted(CONTRACTS)),
    ]


def _stream_consumer() -> list[AlarmRow]:
    return [
        AlarmRow(
            subject="stream-consumer-errors",
            metric=metrics.function("Errors", naming.STREAM_CONSUMER),
            meaning="A batch of changes could not be published; Lambda bisects and retries it.",
        ),
        AlarmRow(
            subject="stream-consumer-failed-events",
            metric=metrics.published("EventsFailed"),
            meaning="Some changes in a batch could not be published; Lambda retries them.",
        ),
        AlarmRow(
            subject="stream-consumer-throttles",
            metric=metrics.function("Throttles", naming.STREAM_CONSUMER),
            meaning="Changes are waiting: the account's Lambda concurrency is used up.",
        ),
        _duration("stream-consumer", naming.STREAM_CONSUMER, CONSUMER_TIMEOUT.to_milliseconds()),
        AlarmRow(
            subject="stream-consumer-iterator-age",
            metric=metrics.function("IteratorAge", naming.STREAM_CONSUMER, "Maximum"),
            limit=OLDEST_UNPUBLISHED_CHANGE_MS,
            meaning="Changes are published late; after six hours they go to the failure queue.",
        ),
        AlarmRow(
            subject="stream-consumer-failure-send-failures",
            metric=metrics.function("DestinationDeliveryFailures", naming.STREAM_CONSUMER),
            meaning="Failed changes could not be recorded in the consumer's failure queue.",
        ),
        *_failure_queue(
            "stream-consumer-failures",
            naming.STREAM_CONSUMER_FAILURES,
            depth="A batch of changes failed every retry and is waiting in the failure queue.",
            age="Changes have been waiting an hour to be published; the stream keeps them a day.",
        ),
    ]


def _table(peer_region: str) -> list[AlarmRow]:
    return [
        AlarmRow(
            subject="table-write-throttles",
            metric=metrics.table("WriteThrottleEvents"),
            periods=2,
            meaning="Writes to the table are throttled and retried; files take longer.",
        ),
        AlarmRow(
            subject="table-read-throttles",
            metric=metrics.table("ReadThrottleEvents"),
            periods=2,
            meaning="Reads of ingestion ledger items are throttled.",
        ),
        AlarmRow(
            subject="status-index-write-throttles",
            metric=metrics.status_index("WriteThrottleEvents"),
            periods=2,
            meaning="A hot partition of the status index is throttling writes to the whole table.",
        ),
        AlarmRow(
            subject="table-system-errors",
            metric=metrics.table_system_errors(),
            command=SUSPENDED,
            meaning="DynamoDB requests are failing with server errors (5xx).",
        ),
        AlarmRow(
            subject="replication-latency",
            metric=metrics.replication_latency_ms(peer_region),
            limit=SLOWEST_REPLICATION_MS,
            command=MARKER,
            meaning="The other region's replica lags: a failover now would miss recent records.",
        ),
    ]


def _rejected_rows(dataset: str) -> AlarmRow:
    return AlarmRow(
        subject=f"rejected-rows-{dataset}",
        page="rejected-rows",
        command=REJECTED,
        metric=metrics.rejected_rows_percent(dataset),
        limit=MOST_REJECTED_PERCENT,
        meaning=(
            f"More than {MOST_REJECTED_PERCENT}% of the rows of {dataset} broke the contract:"
            " a producer has probably changed its files."
        ),
    )


def _duration(subject: str, function_name: str, timeout_ms: float) -> AlarmRow:
    return AlarmRow(
        subject=f"{subject}-duration",
        metric=metrics.function("Duration", function_name, "Maximum"),
        limit=timeout_ms * TIMEOUT_SHARE,
        meaning=f"An invocation used more than {TIMEOUT_SHARE:.0%} of the function's timeout.",
    )


def _failure_queue(subject: str, queue_name: str, *, depth: str, age: str) -> list[AlarmRow]:
    return [
        AlarmRow(
            subject=f"{subject}-depth",
            metric=metrics.queue("ApproximateNumberOfMessagesVisible", queue_name),
            command=REDRIVE,
            meaning=depth,
        ),
        AlarmRow(
            subject=f"{subject}-age",
            metric=metrics.queue("ApproximateAgeOfOldestMessage", queue_name),
            limit=OLDEST_FAILURE_S,
            command=REDRIVE,
            meaning=age,
        ),
    ]
