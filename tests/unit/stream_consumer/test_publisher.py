import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from services.aws_client.answer import Answer
from services.aws_client.errors import AwsClientError, BrokenConnectionError, TimedOutError
from services.aws_client.service_error import ServiceError
from services.stream_consumer.runtime.errors import (
    BusUnavailableError,
    OutOfTimeError,
    RefusedEventError,
)
from services.stream_consumer.runtime.event import Event
from services.stream_consumer.runtime.publisher import Deadline, EventBridgePublisher, Outcome

AT_ONCE = 10


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


@dataclass
class FakeEventBridge:
    """Gives the outcomes in the order of the calls, each only when it is polled; then accepts."""

    outcomes: list[Outcome | dict[str, str]] = field(default_factory=list)
    is_busy: bool = False
    called: list[str] = field(default_factory=list)
    most_at_once: int = 0
    in_the_air: deque[Callable[[], object]] = field(default_factory=deque)

    @property
    def transport(self) -> "FakeEventBridge":
        return self

    def call(self, operation: str, body: bytes, done: Callable[[Outcome], object]) -> None:
        assert operation == "PutEvents"
        names = "".join(json.loads(e["Detail"])["recordId"] for e in json.loads(body)["Entries"])
        outcome = self.outcomes.pop(0) if self.outcomes else {}
        if isinstance(outcome, dict):
            outcome = self._answer(names, outcome)
        self.called.append(names)
        self.in_the_air.append(lambda: done(outcome))
        self.most_at_once = max(self.most_at_once, len(self.in_the_air))

    def poll(self, timeout_s: float) -> None:
        assert timeout_s > 0
        self.in_the_air.popleft()()

    def _answer(self, names: str, errors: dict[str, str]) -> bytes:
        if self.is_busy:
            errors = dict.fromkeys(names, "ThrottlingException")
        results = [
            {"ErrorCode": errors[n]} if n in errors else {"EventId": f"bus-{n}"} for n in names
        ]
        return json.dumps({"FailedEntryCount": len(errors), "Entries": results}).encode()


def longest(_: float, upper: float) -> float:
    return upper


@pytest.fixture
def bus() -> FakeEventBridge:
    return FakeEventBridge()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def publisher(bus: FakeEventBridge, clock: Clock) -> EventBridgePublisher:
    return EventBridgePublisher(bus, "bus", sleep=clock.sleep, draw=longest)


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


def refusal(code: str, status: int = 400) -> ServiceError:
    return ServiceError(code, "because", Answer(status, {}, b""))


def test_events_are_sent_in_order_at_most_ten_per_call(
    bus: FakeEventBridge, publisher: EventBridgePublisher, clock: Clock
) -> None:
    publication = publisher.publish(events("abcdefghijkl"), clock.deadline())

    assert bus.called == ["abcdefghij", "kl"]
    assert (dict(publication.failures), publication.retries) == ({}, 0)
    assert clock.slept_s == []


def test_ten_calls_are_in_the_air_at_once(
    bus: FakeEventBridge, publisher: EventBridgePublisher, clock: Clock
) -> None:
    publisher.publish(events("abcdefghij" * 12), clock.deadline())

    assert bus.called == ["abcdefghij"] * 12
    assert bus.most_at_once == AT_ONCE
    assert not bus.in_the_air


def test_nothing_to_publish_makes_no_call(
    bus: FakeEventBridge, publisher: EventBridgePublisher, clock: Clock
) -> None:
    publication = publisher.publish([], clock.deadline())

    assert dict(publication.failures) == {}
    assert bus.called == []


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalFailure", "InternalException"])
def test_only_events_that_failed_transiently_are_sent_again(
    bus: FakeEventBridge, publisher: EventBridgePublisher, clock: Clock, code: str
) -> None:
    bus.outcomes = [{"b": code, "d": code}, {"d": code}]

    publication = publisher.publish(events("abcd"), clock.deadline())

    assert bus.called == ["abcd", "bd", "d"]
    assert (dict(publication.failures), publication.retries) == ({}, 3)


def test_an_event_that_fails_transiently_does_not_hold_up_the_others(
    bus: FakeEventBridge, publisher: EventBridgePublisher, clock: Clock
) -> None:
    bus.outcomes = [{"a": "InternalFailure"}, {"l": "InternalFailure"}]

    publication = publisher.publish(events("abcdefghijkl"), clock.deadline())

    assert dict(publication.failures) == {}
    assert bus.called == ["abcdefghij", "kl", "al"]
    assert clock.slept_s == [0.1]


def test_an_event_the_bus_will_never_accept_is_reported_and_not_sent_again(
    bus: FakeEventBridge, publisher: EventBridgePublisher, clock: Clock
) -> None:
    bus.outcomes = [{"b": "MalformedDetail", "c": "InternalFailure"}]

    publication = publisher.publish(events("abc"), clock.deadline())

    assert bus.called == ["abc", "c"]
    [(position, problem)] = publication.failures.items()
    assert position == 1
    assert isinstance(problem, RefusedEventError)
    assert "MalformedDetail" in str(problem)


@pytest.mark.parametrize(
    "trouble",
    [
        refusal("ThrottlingException"),
        refusal("InternalException", 500),
        refusal("Odd", 503),
        BrokenConnectionError("reset"),
        TimedOutError("no answer"),
    ],
    ids=str,
)
def test_a_call_that_fails_transiently_is_retried(
    bus: FakeEventBridge, publisher: EventBridgePublisher, clock: Clock, trouble: AwsClientError
) -> None:
    bus.outcomes = [{}, trouble]

    publication = publisher.publish(events("abcdefghijkl"), clock.deadline())

    assert bus.called == ["abcdefghij", "kl", "kl"]
    assert (dict(publication.failures), publication.retries) == ({}, 2)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException"])
def test_a_call_that_is_refused_for_good_raises_once_no_other_is_in_the_air(
    bus: FakeEventBridge, publisher: EventBridgePublisher, clock: Clock, code: str
) -> None:
    bus.outcomes = [refusal(code), {}]

    with pytest.raises(ServiceError, match=code):
        publisher.publish(events("abcdefghijkl"), clock.deadline())
    assert not bus.in_the_air


@pytest.mark.parametrize("answer", [b"", b"<html>", b"{}", b'{"Entries":[{"EventId":"1"}]}'])
def test_an_answer_that_does_not_name_each_event_raises(
    bus: FakeEventBridge, publisher: EventBridgePublisher, clock: Clock, answer: bytes
) -> None:
    bus.outcomes = [answer]

    with pytest.raises(ValueError, match=r"."):
        publisher.publish(events("ab"), clock.deadline())


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
    bus: FakeEventBridge, publisher: EventBridgePublisher
) -> None:
    left_ms = iter([5000, 4900, 4900])

    publication = publisher.publish(events("abcdefghijkl"), Deadline(lambda: next(left_ms)))

    assert bus.called == ["abcdefghij"]
    assert {at: type(why) for at, why in publication.failures.items()} == {
        10: OutOfTimeError,
        11: OutOfTimeError,
    }


def test_a_call_that_had_to_wait_for_another_is_not_started_too_late(
    bus: FakeEventBridge, publisher: EventBridgePublisher
) -> None:
    late = Deadline(lambda: 5000 if len(bus.in_the_air) == len(bus.called) else 4900)

    publication = publisher.publish(events("a" * 10 * (AT_ONCE + 1)), late)

    assert len(bus.called) == AT_ONCE
    assert sorted(publication.failures) == list(range(10 * AT_ONCE, 10 * (AT_ONCE + 1)))


def always_busy(
    clock: Clock, draw: Callable[[float, float], float] = longest
) -> EventBridgePublisher:
    return EventBridgePublisher(FakeEventBridge(is_busy=True), "bus", sleep=clock.sleep, draw=draw)
