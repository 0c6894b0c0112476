import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from botocore.stub import Stubber

from services.stream_consumer.runtime.errors import (
    BusUnavailableError,
    OutOfTimeError,
    RefusedEventError,
)
from services.stream_consumer.runtime.event import Event
from services.stream_consumer.runtime.publisher import CLIENT_CONFIG, Deadline, EventBridgePublisher


@dataclass
class Clock:
    """Time passes only by sleeping."""

    left_s: float = 60.0
    slept_s: list[float] = field(default_factory=list)

    def sleep(self, pause_s: float) -> None:
        self.slept_s.append(pause_s)
        self.left_s -= pause_s

    def deadline(self) -> Deadline:
        return Deadline(lambda: int(1000 * self.left_s))


def longest(_: float, upper: float) -> float:
    return upper


@pytest.fixture(scope="module")
def client() -> Any:  # noqa: ANN401
    return boto3.client(
        "events",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=CLIENT_CONFIG,
    )


@pytest.fixture
def bus(client: Any) -> Iterator[Stubber]:  # noqa: ANN401
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def publisher(client: Any, clock: Clock) -> EventBridgePublisher:  # noqa: ANN401
    return EventBridgePublisher(client, "bus", sleep=clock.sleep, draw=longest)


def event(name: str) -> Event:
    return Event(
        event_id=f"id-{name}",
        record_id=name,
        detail_type="RecordChanged",
        detail=json.dumps({"recordId": name}),
        time=datetime(2026, 11, 22, tzinfo=UTC),
        size_bytes=300,
        by_reference=False,
    )


def events(names: str) -> list[Event]:
    return [event(name) for name in names]


def expect(bus: Stubber, names: str, **errors: str) -> None:
    """Expect one call with the events ``names``; ``errors`` are the codes of those that fail."""
    entries = [
        {
            "EventBusName": "bus",
            "Source": "serverless.data-ingestion",
            "DetailType": "RecordChanged",
            "Detail": json.dumps({"recordId": name}),
            "Time": datetime(2026, 11, 22, tzinfo=UTC),
        }
        for name in names
    ]
    results = [{"ErrorCode": errors[n]} if n in errors else {"EventId": f"bus-{n}"} for n in names]
    bus.add_response(
        "put_events", {"FailedEntryCount": len(errors), "Entries": results}, {"Entries": entries}
    )


def test_events_are_sent_in_order_at_most_ten_per_call(
    bus: Stubber, publisher: EventBridgePublisher, clock: Clock
) -> None:
    expect(bus, "abcdefghij")
    expect(bus, "kl")

    publication = publisher.publish(events("abcdefghijkl"), clock.deadline())

    assert (dict(publication.failures), publication.retries) == ({}, 0)
    assert clock.slept_s == []


def test_nothing_to_publish_makes_no_call(
    bus: Stubber, publisher: EventBridgePublisher, clock: Clock
) -> None:
    publication = publisher.publish([], clock.deadline())

    assert dict(publication.failures) == {}
    bus.assert_no_pending_responses()


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalFailure", "InternalException"])
def test_only_events_that_failed_transiently_are_sent_again(
    bus: Stubber, publisher: EventBridgePublisher, clock: Clock, code: str
) -> None:
    expect(bus, "abcd", b=code, d=code)
    expect(bus, "bd", d=code)
    expect(bus, "d")

    publication = publisher.publish(events("abcd"), clock.deadline())

    assert (dict(publication.failures), publication.retries) == ({}, 3)


def test_an_event_that_fails_transiently_does_not_hold_up_the_others(
    bus: Stubber, publisher: EventBridgePublisher, clock: Clock
) -> None:
    expect(bus, "abcdefghij", a="InternalFailure")
    expect(bus, "kl", l="InternalFailure")
    expect(bus, "al")

    publication = publisher.publish(events("abcdefghijkl"), clock.deadline())

    assert dict(publication.failures) == {}
    assert clock.slept_s == [0.1]


def test_an_event_the_bus_will_never_accept_is_reported_and_not_sent_again(
    bus: Stubber, publisher: EventBridgePublisher, clock: Clock
) -> None:
    expect(bus, "abc", b="MalformedDetail", c="InternalFailure")
    expect(bus, "c")

    publication = publisher.publish(events("abc"), clock.deadline())

    [(position, problem)] = publication.failures.items()
    assert position == 1
    assert isinstance(problem, RefusedEventError)
    assert "MalformedDetail" in str(problem)


@pytest.mark.parametrize(
    ("code", "status"), [("ThrottlingException", 400), ("InternalException", 500), ("Odd", 503)]
)
def test_a_call_that_fails_transiently_is_retried(
    bus: Stubber, publisher: EventBridgePublisher, clock: Clock, code: str, status: int
) -> None:
    bus.add_client_error("put_events", code, http_status_code=status)
    expect(bus, "ab")

    publication = publisher.publish(events("ab"), clock.deadline())

    assert (dict(publication.failures), publication.retries) == ({}, 2)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException"])
def test_a_call_that_is_refused_for_good_raises(
    bus: Stubber, publisher: EventBridgePublisher, clock: Clock, code: str
) -> None:
    bus.add_client_error("put_events", code, http_status_code=400)

    with pytest.raises(ClientError, match=code):
        publisher.publish(events("ab"), clock.deadline())


@pytest.mark.parametrize(
    "trouble",
    [
        EndpointConnectionError(endpoint_url="https://bus"),
        ReadTimeoutError(endpoint_url="https://bus"),
    ],
)
def test_a_lost_connection_is_retried(clock: Clock, trouble: Exception) -> None:
    client = FlakyClient(trouble)
    publisher = EventBridgePublisher(client, "bus", sleep=clock.sleep)

    publication = publisher.publish(events("ab"), clock.deadline())

    assert dict(publication.failures) == {}
    assert client.calls == 2


def test_pauses_double_up_to_five_seconds(clock: Clock) -> None:
    publisher = always_busy(clock, draw=longest)

    publisher.publish(events("a"), clock.deadline())

    assert clock.slept_s[:8] == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_a_pause_is_drawn_between_zero_and_its_limit(clock: Clock) -> None:
    parts = iter([0.0, 0.5] + [1.0] * 100)
    publisher = always_busy(clock, draw=lambda low, high: low + next(parts) * (high - low))

    publisher.publish(events("a"), clock.deadline())

    assert clock.slept_s[:3] == [0.0, 0.1, 0.4]


def test_events_still_failing_when_time_runs_out_are_reported(clock: Clock) -> None:
    publication = always_busy(clock).publish(events("abc"), clock.deadline())

    assert sorted(publication.failures) == [0, 1, 2]
    assert all(isinstance(why, BusUnavailableError) for why in publication.failures.values())
    assert clock.left_s >= 5.0


def test_no_call_is_started_that_might_outlive_the_invocation(
    bus: Stubber, publisher: EventBridgePublisher
) -> None:
    expect(bus, "abcdefghij")
    left_ms = iter([5000, 4900, 4900])

    publication = publisher.publish(events("abcdefghijkl"), Deadline(lambda: next(left_ms)))

    assert {at: type(why) for at, why in publication.failures.items()} == {
        10: OutOfTimeError,
        11: OutOfTimeError,
    }


@dataclass
class FlakyClient:
    """Fails once, then accepts everything."""

    trouble: Exception
    calls: int = 0

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.calls += 1
        if self.calls == 1:
            raise self.trouble
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "x"} for _ in Entries]}


class BusyClient:
    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        results = [{"ErrorCode": "ThrottlingException"} for _ in Entries]
        return {"FailedEntryCount": len(Entries), "Entries": results}


def always_busy(
    clock: Clock, draw: Callable[[float, float], float] = longest
) -> EventBridgePublisher:
    return EventBridgePublisher(BusyClient(), "bus", sleep=clock.sleep, draw=draw)
