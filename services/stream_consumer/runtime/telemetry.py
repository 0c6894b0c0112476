from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from services.stream_consumer.runtime.errors import PermanentError, TransientError
from services.stream_consumer.runtime.event import Event


class Telemetry:
    """Says what became of a batch: a log line for it and for each failure, and four metrics."""

    def __init__(self, logger: Logger, metrics: Metrics) -> None:
        self._logger = logger
        self._metrics = metrics

    def unreadable(self, record: Mapping[str, Any], problem: PermanentError) -> None:
        """Name the record by its key and its place, the parts that DynamoDB itself wrote."""
        body = record["dynamodb"]
        self._logger.error(
            "change not readable",
            problem=repr(problem),
            sequenceNumber=body["SequenceNumber"],
            recordId=body.get("Keys", {}).get("recordId", {}).get("S"),
        )

    def unpublished(
        self, sequence_number: str, event: Event, problem: PermanentError | TransientError
    ) -> None:
        self._logger.error(
            "event not published",
            problem=repr(problem),
            sequenceNumber=sequence_number,
            eventId=event.event_id,
            recordId=event.record_id,
        )

    def batch(self, *, published: int, failed: int, resent: int, by_reference: int) -> None:
        counts = {
            "EventsPublished": published,
            "EventsFailed": failed,
            "PublishRetries": resent,
            "EventsByReference": by_reference,
        }
        self._logger.info("batch done", extra=counts)
        for name, value in counts.items():
            self._metrics.add_metric(name, unit=MetricUnit.Count, value=value)
