import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.typing import LambdaContext

from services.stream_consumer.runtime.errors import BusUnavailableError
from services.stream_consumer.runtime.event import Event
from services.stream_consumer.runtime.handler import Handler, make_handler
from services.stream_consumer.runtime.publisher import Deadline, Publication
from services.stream_consumer.runtime.telemetry import PowertoolsTelemetry, Telemetry
from tests.unit.stream_consumer.streams import ACCEPTED, insert, item, stream_record

NOTHING_FAILED: dict[str, list[dict[str, str]]] = {"batchItemFailures": []}


@dataclass
class FakePublisher:
    refuses: frozenset[str] = frozenset()
    refuses_types: frozenset[str] = frozenset()
    published: list[Event] = field(default_factory=list)
    remaining_ms: int | None = None

    def publish(self, events: Sequence[Event], deadline: Deadline) -> Publication:
        self.remaining_ms = deadline.remaining_ms()
        refused = [at for at, event in enumerate(events) if self._refuses(event)]
        self.published += [event for at, event in enumerate(events) if at not in refused]
        return Publication(
            failures={at: BusUnavailableError("busy") for at in refused}, retries=2 * len(refused)
        )

    def _refuses(self, event: Event) -> bool:
        return event.record_id in self.refuses or event.detail_type in self.refuses_types

    def record_ids(self) -> list[str]:
        return [event.record_id for event in self.published]


class Context(LambdaContext):
    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 42_500


@pytest.fixture
def metrics() -> Iterator[Metrics]:
    metrics = Metrics(namespace="Test", service="test")
    yield metrics
    metrics.clear_metrics()


@pytest.fixture
def log() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def telemetry(metrics: Metrics, log: io.StringIO, request: pytest.FixtureRequest) -> Telemetry:
    return PowertoolsTelemetry(Logger(service=request.node.name, stream=log), metrics)


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


@pytest.fixture
def handler(publisher: FakePublisher, telemetry: Telemetry) -> Handler:
    return make_handler(
        publisher=publisher, telemetry=telemetry, rejected_share_announced=Decimal("0.05")
    )


def named(name: str, sequence_number: str) -> dict[str, Any]:
    return insert(sequence_number, recordId={"S": name})


def poison(sequence_number: str) -> dict[str, Any]:
    return stream_record(new={"recordId": {"S": "p"}}, sequence_number=sequence_number)


def batch(*records: Mapping[str, Any]) -> dict[str, Any]:
    return {"Records": list(records)}


def test_every_change_is_published_in_the_order_of_the_stream(
    handler: Handler, publisher: FakePublisher
) -> None:
    response = handler(batch(named("b", "1"), named("a", "2"), named("b", "3")), Context())

    assert response == NOTHING_FAILED
    assert publisher.record_ids() == ["b", "a", "b"]


def test_only_the_first_failure_is_reported_and_the_rest_is_published(
    handler: Handler, publisher: FakePublisher
) -> None:
    publisher.refuses = frozenset("bd")

    response = handler(
        batch(named("a", "1"), named("b", "2"), named("c", "3"), named("d", "4")), Context()
    )

    assert response == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert publisher.record_ids() == ["a", "c"]


def test_a_poison_record_is_reported_and_holds_up_no_other(
    handler: Handler, publisher: FakePublisher
) -> None:
    response = handler(batch(named("a", "1"), poison("2"), named("c", "3")), Context())

    assert response == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert publisher.record_ids() == ["a", "c"]


@pytest.mark.parametrize(("refused", "first"), [("a", "1"), ("c", "2")])
def test_the_first_failure_is_the_first_of_the_stream_whatever_its_kind(
    handler: Handler, publisher: FakePublisher, refused: str, first: str
) -> None:
    publisher.refuses = frozenset(refused)

    response = handler(batch(named("a", "1"), poison("2"), named("c", "3")), Context())

    assert response == {"batchItemFailures": [{"itemIdentifier": first}]}


def test_a_batch_of_poison_reports_its_start(handler: Handler) -> None:
    response = handler(batch(poison("7"), poison("8")), Context())

    assert response == {"batchItemFailures": [{"itemIdentifier": "7"}]}


def test_replaying_a_batch_publishes_identical_events(
    handler: Handler, publisher: FakePublisher
) -> None:
    records = batch(named("a", "1"), named("b", "2"))

    handler(records, Context())
    handler(json.loads(json.dumps(records)), Context())

    assert publisher.published[:2] == publisher.published[2:]


def test_changes_of_another_region_that_the_filter_admits_are_published(
    handler: Handler, publisher: FakePublisher
) -> None:
    taken_over = insert("1", originRegion={"S": "us-west-2"})

    assert handler(batch(taken_over), Context()) == NOTHING_FAILED
    assert len(publisher.published) == 1


def test_a_record_stored_again_with_the_same_contents_is_done_without_an_event(
    handler: Handler, publisher: FakePublisher
) -> None:
    again = item(digest={"S": "d1"}, precedence={"S": "2"}, source={"M": {"row": {"N": "7"}}})

    response = handler(
        batch(
            stream_record("MODIFY", new=again, old=ACCEPTED, sequence_number="1"), named("b", "2")
        ),
        Context(),
    )

    assert response == NOTHING_FAILED
    assert publisher.record_ids() == ["b"]


def test_a_change_with_two_events_is_reported_if_one_of_them_is_not_published(
    handler: Handler, publisher: FakePublisher, metrics: Metrics
) -> None:
    publisher.refuses_types = frozenset({"FileNeedsAttention"})
    failed = insert("1", itemType={"S": "FILE"}, status={"S": "FAILED"})

    response = handler(batch(failed, named("b", "2")), Context())

    assert response == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert [event.detail_type for event in publisher.published] == ["FileChanged", "RecordChanged"]
    assert metrics.metric_set["EventsPublished"]["Value"] == [2.0]
    assert metrics.metric_set["EventsFailed"]["Value"] == [1.0]


def test_the_publisher_knows_how_long_the_invocation_lasts(
    handler: Handler, publisher: FakePublisher
) -> None:
    handler(batch(named("a", "1")), Context())

    assert publisher.remaining_ms == 42_500


def test_the_outcome_of_a_batch_is_counted(
    handler: Handler, publisher: FakePublisher, metrics: Metrics
) -> None:
    publisher.refuses = frozenset("b")
    large = {"data": {"S": "x" * 300_000}}
    refused, published = insert("2", recordId={"S": "b"}, **large), insert("3", **large)

    unchanged = stream_record("MODIFY", new=ACCEPTED, old=ACCEPTED, sequence_number="5")

    handler(batch(named("a", "1"), refused, published, poison("4"), unchanged), Context())

    assert {name: metric["Value"] for name, metric in metrics.metric_set.items()} == {
        "EventsPublished": [2.0],
        "EventsFailed": [2.0],
        "ChangesUnchanged": [1.0],
        "PublishRetries": [2.0],
        "EventsByReference": [1.0],
    }


def test_each_failure_is_logged_with_the_ids_to_find_it(
    handler: Handler, publisher: FakePublisher, log: io.StringIO
) -> None:
    publisher.refuses = frozenset("b")

    handler(batch(named("b", "1"), poison("2")), Context())

    unreadable, unpublished, _ = map(json.loads, log.getvalue().splitlines())
    assert unreadable["recordId"] == "f0123.000000001"
    assert unreadable["sequenceNumber"] == "2"
    assert "missing required field `itemType`" in unreadable["problem"]
    assert unpublished["recordId"] == "b"
    assert unpublished["sequenceNumber"] == "1"
    assert len(unpublished["eventId"]) == 32
    assert "busy" in unpublished["problem"]


def test_the_log_has_one_line_of_counts_per_batch(handler: Handler, log: io.StringIO) -> None:
    handler(batch(named("a", "1"), named("b", "2")), Context())

    [line] = map(json.loads, log.getvalue().splitlines())
    assert (line["EventsPublished"], line["EventsFailed"]) == (2, 0)


@pytest.mark.parametrize("item_type", ["RECORD", "FILE"])
def test_what_expires_is_announced_like_what_is_deleted_by_hand(
    handler: Handler, publisher: FakePublisher, item_type: str
) -> None:
    by_hand = stream_record("REMOVE", old=item(itemType={"S": item_type}))
    by_ttl = by_hand | {
        "userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    }

    assert handler(batch(by_hand), Context()) == NOTHING_FAILED
    assert handler(batch(by_ttl), Context()) == NOTHING_FAILED

    deleted, expired = publisher.published
    assert expired == deleted
    assert json.loads(expired.detail)["change"] == "DELETED"
