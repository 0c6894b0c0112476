"""The telemetry of a batch: a port, and its implementation with logs and EMF metrics."""

from collections.abc import Mapping
from typing import Any, Protocol

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from services.stream_consumer.runtime.change import without_key
from services.stream_consumer.runtime.errors import PermanentError, TransientError
from services.stream_consumer.runtime.event import Event


class Telemetry(Protocol):
    """Reports on changes while they are published."""

    def rejected(self, record: Mapping[str, Any], error: PermanentError) -> None:
        """Report a stream record that cannot be turned into an event."""

    def failed(
        self, sequence_number: str, event: Event, error: PermanentError | TransientError
    ) -> None:
        """Report an event that was not published."""

    def ended(
        self, *, published: int, failed: int, unchanged: int, retries: int, by_reference: int
    ) -> None:
        """Report the counts of a whole batch: of events, and of changes that need none."""


class PowertoolsTelemetry:
    """Logs every failure and one line for each batch; the counts are metrics in EMF.

    A line has nothing of what is in a record, not even its key.
    """

    def __init__(self, logger: Logger, metrics: Metrics) -> None:
        self._logger = logger
        self._metrics = metrics

    def rejected(self, record: Mapping[str, Any], error: PermanentError) -> None:
        # Key and sequence number come from DynamoDB itself, so they are always present.
        body = record["dynamodb"]
        place = {
            "sequenceNumber": body["SequenceNumber"],
            "recordId": without_key(body.get("Keys", {}).get("recordId", {}).get("S")),
        }
        self._logger.error("change not readable", extra={"problem": repr(error), **place})

    def failed(
        self, sequence_number: str, event: Event, error: PermanentError | TransientError
    ) -> None:
        place = {
            "sequenceNumber": sequence_number,
            "eventId": event.event_id,
            "recordId": without_key(event.record_id),
        }
        self._logger.error("event not published", extra={"problem": repr(error), **place})

    def ended(
        self, *, published: int, failed: int, unchanged: int, retries: int, by_reference: int
    ) -> None:
        counts = {
            "EventsPublished": published,
            "EventsFailed": failed,
            "ChangesUnchanged": unchanged,
            "PublishRetries": retries,
            "EventsByReference": by_reference,
        }
        self._logger.info("batch done", extra=counts)
        for name, value in counts.items():
            self._metrics.add_metric(name, MetricUnit.Count, value)
