"""The publisher of events: a port, and its implementation with EventBridge.

One thread has several calls in the air, each with up to ten events. A call is started only where
its connection is free, so none waits unseen, and none starts after the deadline.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Protocol

from services.aws_client.errors import AwsClientError
from services.stream_consumer.runtime.errors import (
    BusUnavailableError,
    OutOfTimeError,
    PermanentError,
    TransientError,
)
from services.stream_consumer.runtime.event import Event
from services.stream_consumer.runtime.put_events import OPERATION, batches, failures, request

# A whole batch of the stream. With four, calls of 10 ms took 40 ms a batch instead of 17, against
# 3 ms of handshakes when a container starts.
CALLS_AT_ONCE = 10
CONNECT_TIMEOUT_S = 1.0
ANSWER_TIMEOUT_S = 3.0
# The longest that a call may take, plus a second to report.
RESERVE_MS = 5_000
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
_MAX_DOUBLINGS = 10
_POLL_S = 1.0

Failures = dict[int, PermanentError | TransientError]
Outcome = bytes | AwsClientError


@dataclass(frozen=True, slots=True)
class Deadline:
    """When to stop starting new calls: ``reserve_ms`` before the invocation is stopped."""

    remaining_ms: Callable[[], int]
    reserve_ms: int = RESERVE_MS

    def left_s(self) -> float:
        """Return the seconds until the deadline, negative when it has passed."""
        return (self.remaining_ms() - self.reserve_ms) / 1000


@dataclass(frozen=True, slots=True)
class Publication:
    """The outcome for a sequence of events: those that failed, by position, and the retries."""

    failures: Mapping[int, PermanentError | TransientError]
    retries: int


class Publisher(Protocol):
    """A publisher of events."""

    def publish(self, events: Sequence[Event], deadline: Deadline) -> Publication:
        """Publish every event that can be published before the deadline, each at least once."""


class Transport(Protocol):
    """What carries the calls."""

    def poll(self, timeout_s: float) -> None:
        """Make progress, after at most ``timeout_s``, and call ``done`` of what has ended."""


class EventBridge(Protocol):
    """What the publisher needs of its client."""

    @property
    def transport(self) -> Transport: ...

    def call(self, operation: str, body: bytes, done: Callable[[Outcome], object]) -> None:
        """Begin a call; its transport calls ``done`` once, with the answer's body or an error."""


class EventBridgePublisher:
    """Sends every event once, in order, then retries those that failed transiently.

    Exponential backoff with full jitter; no event waits for the pause of another. If EventBridge
    refuses a call as a whole, the others end and then its ``AwsClientError`` is raised. Needs
    PutEvents only.
    """

    def __init__(
        self,
        bus: EventBridge,
        event_bus_name: str,
        *,
        sleep: Callable[[float], object] = time.sleep,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._bus = bus
        self._event_bus_name = event_bus_name
        self._sleep = sleep
        self._draw = draw

    def publish(self, events: Sequence[Event], deadline: Deadline) -> Publication:
        waiting = dict(enumerate(events))
        refused: Failures = {}
        retries = 0
        for attempt in count():
            failed = self._send(waiting, deadline)
            refused |= {at: why for at, why in failed.items() if isinstance(why, PermanentError)}
            waiting = {at: events[at] for at in failed if at not in refused}
            pause_s = self._pause_s(attempt)
            if not waiting or deadline.left_s() < pause_s:
                break
            self._sleep(pause_s)
            retries += len(waiting)
        return Publication(failures=refused | failed, retries=retries)

    def _pause_s(self, attempt: int) -> float:
        limit_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(attempt, _MAX_DOUBLINGS))
        return self._draw(0, limit_s)

    def _send(self, events: Mapping[int, Event], deadline: Deadline) -> Failures:
        failed: Failures = {}
        calls: list[dict[int, Event]] = []
        outcomes: dict[int, Outcome] = {}
        for batch in batches(events):
            self._poll_until(lambda: len(calls) - len(outcomes) < CALLS_AT_ONCE)
            if deadline.left_s() < 0:
                problem = f"less than {deadline.reserve_ms / 1000:g} s left in this invocation"
                failed |= dict.fromkeys(batch, OutOfTimeError(f"{problem}; not sent"))
                continue
            body = request(batch.values(), self._event_bus_name)
            self._bus.call(OPERATION, body, partial(outcomes.__setitem__, len(calls)))
            calls.append(batch)
        self._poll_until(lambda: len(calls) == len(outcomes))
        for call, batch in enumerate(calls):
            failed |= _failed(batch, outcomes[call])
        return failed

    def _poll_until(self, is_reached: Callable[[], bool]) -> None:
        while not is_reached():
            self._bus.transport.poll(_POLL_S)


def _failed(batch: Mapping[int, Event], outcome: Outcome) -> Failures:
    if isinstance(outcome, bytes):
        return dict(failures(batch, outcome))
    if outcome.is_transient:
        return dict.fromkeys(batch, BusUnavailableError(str(outcome)))
    raise outcome
