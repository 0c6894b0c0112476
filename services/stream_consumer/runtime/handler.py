"""A batch of the table's stream in, its first failure out.

Which region's changes are announced here is decided by the event source mapping's filter alone: on
failover the standby takes over the lost region's changes with another filter and the same code.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from aws_lambda_powertools.utilities.typing import LambdaContext

from services.stream_consumer.runtime.change import parse_change
from services.stream_consumer.runtime.errors import PermanentError
from services.stream_consumer.runtime.event import Event, to_event
from services.stream_consumer.runtime.publisher import Publication, Publisher
from services.stream_consumer.runtime.telemetry import Telemetry

Batch: TypeAlias = Mapping[str, Any]
Response: TypeAlias = dict[str, list[dict[str, str]]]
Handler: TypeAlias = Callable[[Batch, LambdaContext], Response]


def make_handler(*, publisher: Publisher, telemetry: Telemetry) -> Handler:
    def handle(batch: Batch, context: LambdaContext) -> Response:
        """Publish all that can be published; report the first change that was not.

        Lambda goes on from there, so what follows it is published again, under the same ids.
        """
        events = _read(batch, telemetry)
        publication = publisher.publish(
            list(events.values()), lambda: context.get_remaining_time_in_millis() / 1000
        )
        published = _published(events, publication, telemetry)
        failed = [at for at in map(_sequence_number, batch["Records"]) if at not in published]
        telemetry.batch(
            published=len(published),
            failed=len(failed),
            resent=publication.resent,
            by_reference=sum(event.by_reference for event in published.values()),
        )
        return {"batchItemFailures": [{"itemIdentifier": at} for at in failed[:1]]}

    return handle


def _read(batch: Batch, telemetry: Telemetry) -> dict[str, Event]:
    events = {}
    for record in batch["Records"]:
        try:
            events[_sequence_number(record)] = to_event(parse_change(record))
        except PermanentError as problem:
            telemetry.unreadable(record, problem)
    return events


def _published(
    events: Mapping[str, Event], publication: Publication, telemetry: Telemetry
) -> dict[str, Event]:
    published = dict(events)
    for position, problem in publication.failures.items():
        at = list(events)[position]
        telemetry.unpublished(at, published.pop(at), problem)
    return published


def _sequence_number(record: Mapping[str, Any]) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
