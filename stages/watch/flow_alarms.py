"""Alarms on what no longer happens: changes, signs of life, and large files left where they are."""

import math

import naming
from stages.watch import metrics
from stages.watch.alarm_row import RECONCILE, REDRIVE, AlarmRow

PERIOD_MINUTES = metrics.PERIOD.to_minutes()


def changes(mapping_id: str) -> list[AlarmRow]:
    """Return the alarms on the event source mapping that reads the stream for the consumer."""
    return [
        AlarmRow(
            subject="stream-consumer-lost-changes",
            metric=metrics.lost_changes(mapping_id),
            command=REDRIVE,
            meaning="Lambda gave up on changes, or could not invoke the stream consumer with them.",
        ),
        AlarmRow(
            subject="stream-consumer-stalled",
            metric=metrics.waiting_changes(mapping_id),
            periods=2,
            meaning="Lambda reads changes but does not invoke the stream consumer with them.",
        ),
    ]


def canary(every_minutes: int) -> list[AlarmRow]:
    """Return the alarms on signs of life, which fire when there are none."""
    # The period of the last run may have just begun, and one run may fail for no lasting reason.
    periods_between_runs = math.ceil(every_minutes / PERIOD_MINUTES)
    return [
        AlarmRow(
            subject="canary-failing",
            metric=metrics.canary("CanarySucceeded", "Sum"),
            limit=1,
            is_minimum=True,
            periods=2 * periods_between_runs + 1,
            meaning="This region no longer stores and announces its own test files.",
        ),
        AlarmRow(
            subject="peer-silent",
            metric=metrics.canary("PeerAlive", "Minimum"),
            limit=1,
            is_minimum=True,
            periods=periods_between_runs + 1,
            meaning=(
                "The other region does not answer, or its test files no longer arrive here:"
                " it may be lost."
            ),
        ),
    ]


def large_files(arn: str) -> list[AlarmRow]:
    """Return the alarms on the state machine that stores large files."""
    return [
        AlarmRow(
            subject="large-files-failed",
            metric=metrics.executions("ExecutionsFailed", arn),
            command=REDRIVE,
            meaning="A large file failed; its event is in the processor's dead-letter queue.",
        ),
        AlarmRow(
            subject="large-files-aborted",
            metric=metrics.executions("ExecutionsAborted", arn),
            command=RECONCILE,
            meaning="Somebody stopped the processing of a large file; it will not continue.",
        ),
        AlarmRow(
            subject="large-files-not-started",
            metric=metrics.failed_starts(),
            command=RECONCILE,
            meaning="EventBridge could not start the processing of a large file; nothing will.",
        ),
        AlarmRow(
            subject="large-files-throttles",
            metric=metrics.function("Throttles", naming.LARGE_FILE_WORKER),
            periods=2,
            meaning="Large files are waiting: the account's Lambda concurrency is used up.",
        ),
    ]
