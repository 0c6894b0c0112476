import io
import json
import logging
from datetime import UTC, datetime
from itertools import count
from typing import Any

from aws_lambda_powertools import Logger, Metrics

from services.stream_consumer.runtime.errors import PermanentError, TransientError
from services.stream_consumer.runtime.event import Event
from services.stream_consumer.runtime.telemetry import PowertoolsTelemetry

_services = count()


class World:
    def __init__(self) -> None:
        self.out = io.StringIO()
        # Powertools keeps loggers and metrics by name, so each test has a name of its own.
        service = f"consumer-{next(_services)}"
        logger = Logger(service=service, logger_handler=logging.StreamHandler(self.out))
        self.metrics = Metrics(namespace="tests", service=service)
        self.metrics.clear_metrics()
        self.telemetry = PowertoolsTelemetry(logger, self.metrics)

    def line(self) -> dict[str, Any]:
        [line] = self.out.getvalue().splitlines()
        parsed: dict[str, Any] = json.loads(line)
        return parsed


def test_a_batch_has_one_line_and_a_metric_for_each_count() -> None:
    world = World()

    world.telemetry.ended(published=5, failed=2, unchanged=3, retries=1, by_reference=4)

    emf: dict[str, Any] = world.metrics.serialize_metric_set()  # type: ignore[assignment]
    world.metrics.clear_metrics()
    expected = {
        "EventsPublished": 5,
        "EventsFailed": 2,
        "ChangesUnchanged": 3,
        "PublishRetries": 1,
        "EventsByReference": 4,
    }
    line = world.line()
    assert line["message"] == "batch done"
    assert {name: line[name] for name in expected} == expected
    assert {name: emf[name] for name in expected} == {name: [n] for name, n in expected.items()}


def test_a_change_that_is_not_readable_is_named_by_its_place_in_the_stream() -> None:
    world = World()
    keys = {"recordId": {"S": "orders:1"}}

    world.telemetry.rejected(
        {"dynamodb": {"SequenceNumber": "17", "Keys": keys}}, PermanentError("no image")
    )

    line = world.line()
    assert (line["level"], line["sequenceNumber"], line["recordId"]) == ("ERROR", "17", "orders:")
    assert "no image" in line["problem"]


def test_an_event_that_was_not_published_is_named_with_the_reason() -> None:
    world = World()
    event = Event(
        event_id="e-1",
        record_id="orders:1",
        detail_type="any",
        detail="{}",
        time=datetime(2026, 1, 31, tzinfo=UTC),
        size_bytes=2,
        by_reference=False,
    )

    world.telemetry.failed("17", event, TransientError("throttled"))

    line = world.line()
    assert (line["sequenceNumber"], line["eventId"], line["recordId"]) == ("17", "e-1", "orders:")
    assert "throttled" in line["problem"]
