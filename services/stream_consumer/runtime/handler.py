"""The Lambda handler: publishes every change in a batch of the stream, reports the first failure.

Which region's changes are announced here is decided by the event source mapping's filter alone: on
failover the standby takes over the lost region's changes with another filter and the same code.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from services.aws_client.errors import AwsClientError
from services.aws_client.leaving import without_contents
from services.stream_consumer.runtime.change import parse_change
from services.stream_consumer.runtime.errors import PermanentError
from services.stream_consumer.runtime.event import Event, announcements
from services.stream_consumer.runtime.publisher import Deadline, Publisher
from services.stream_consumer.runtime.telemetry import Telemetry


class Context(Protocol):
    """What the handler needs of Lambda's context object."""

    def get_remaining_time_in_millis(self) -> int: ...


Batch = Mapping[str, Any]
Response = dict[str, list[dict[str, str]]]
Handler = Callable[[Batch, Context], Response]


def make_handler(
    *, publisher: Publisher, telemetry: Telemetry, rejected_share_announced: Decimal
) -> Handler:
    """Return the function that Lambda calls with a batch of stream records.

    It publishes every change that can be published and reports the first one that was not. Lambda
    resumes from there, so the changes after it are published again, with the same event ids.
    """

    def handle(batch: Batch, context: Context) -> Response:
        announced = _read(batch, telemetry, rejected_share_announced)
        events = [(at, event) for at, events in announced.items() for event in events]
        deadline = Deadline(context.get_remaining_time_in_millis)
        publication = publisher.publish([event for _, event in events], deadline)
        for position, error in publication.failures.items():
            at, event = events[position]
            telemetry.failed(at, event, error)
            announced.pop(at, None)
        published = [e for at, (_, e) in enumerate(events) if at not in publication.failures]
        failed = [at for at in map(_sequence_number, batch["Records"]) if at not in announced]
        telemetry.ended(
            published=len(published),
            failed=len(failed),
            unchanged=sum(not events for events in announced.values()),
            retries=publication.retries,
            by_reference=sum(event.by_reference for event in published),
        )
        return {"batchItemFailures": [{"itemIdentifier": at} for at in failed[:1]]}

    return without_contents(handle, (AwsClientError,))


def _read(batch: Batch, telemetry: Telemetry, share_announced: Decimal) -> dict[str, list[Event]]:
    """Return the events of each change that can be read, by its sequence number in the stream."""
    announced = {}
    for record in batch["Records"]:
        try:
            announced[_sequence_number(record)] = announcements(
                parse_change(record), share_announced
            )
        except PermanentError as error:
            telemetry.rejected(record, error)
    return announced


def _sequence_number(record: Mapping[str, Any]) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
