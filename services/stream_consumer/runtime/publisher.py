"""The publisher of events: a port, and its implementation with EventBridge."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Protocol

from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionError,  # noqa: A004  # botocore's own, not an OSError
    HTTPClientError,
)

from services.stream_consumer.runtime.errors import (
    BusUnavailableError,
    OutOfTimeError,
    PermanentError,
    RefusedEventError,
    TransientError,
)
from services.stream_consumer.runtime.event import MAX_BYTES, SOURCE, Event

# One attempt a call, because this module knows better than the SDK which entries to send again.
CLIENT_CONFIG = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 1})
# The longest that a call may take, plus a second to report.
RESERVE_MS = 5_000
MAX_ENTRIES = 10
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
_MAX_DOUBLINGS = 10
_SERVER_ERROR = 500
_TRANSIENT_CODES = frozenset(
    {
        "InternalException",
        "InternalFailure",
        "RequestTimeout",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)

Failures = dict[int, PermanentError | TransientError]


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


class EventBridgePublisher:
    """Sends every event once, in order, then retries those that failed transiently.

    Exponential backoff with full jitter; no event waits for the pause of another. A call that
    EventBridge refuses as a whole raises ``ClientError``. Needs PutEvents only.
    """

    def __init__(
        self,
        client: BaseClient,
        event_bus_name: str,
        *,
        sleep: Callable[[float], object] = time.sleep,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._client = client
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
        for batch in batches(events):
            if deadline.left_s() < 0:
                problem = f"less than {deadline.reserve_ms / 1000:g} s left in this invocation"
                failed |= dict.fromkeys(batch, OutOfTimeError(f"{problem}; not sent"))
            else:
                failed |= self._put(batch)
        return failed

    def _put(self, batch: Mapping[int, Event]) -> Failures:
        try:
            response = self._client.put_events(Entries=[self._entry(e) for e in batch.values()])
        except (ClientError, ConnectionError, HTTPClientError) as error:
            if not is_transient(error):
                raise
            return dict.fromkeys(batch, BusUnavailableError(str(error)))
        results = zip(batch, response["Entries"], strict=True)
        return {at: _failure(result) for at, result in results if "ErrorCode" in result}

    def _entry(self, event: Event) -> dict[str, object]:
        return {
            "EventBusName": self._event_bus_name,
            "Source": SOURCE,
            "DetailType": event.detail_type,
            "Detail": event.detail,
            "Time": event.time,
        }


def batches(events: Mapping[int, Event]) -> Iterator[dict[int, Event]]:
    """Yield ``events`` in order, in batches that one PutEvents accepts: ten, below 256 KiB."""
    batch: dict[int, Event] = {}
    size_bytes = 0
    for position, event in events.items():
        if len(batch) == MAX_ENTRIES or size_bytes + event.size_bytes > MAX_BYTES:
            yield batch
            batch, size_bytes = {}, 0
        batch[position] = event
        size_bytes += event.size_bytes
    if batch:
        yield batch


def is_transient(error: Exception) -> bool:
    """Return whether an error is throttling, a server error or a broken connection."""
    if not isinstance(error, ClientError):
        return True
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return error.response["Error"]["Code"] in _TRANSIENT_CODES or status >= _SERVER_ERROR


def _failure(result: Mapping[str, str]) -> PermanentError | TransientError:
    problem = f"{result['ErrorCode']}: {result.get('ErrorMessage', '')}"
    if result["ErrorCode"] in _TRANSIENT_CODES:
        return BusUnavailableError(problem)
    return RefusedEventError(problem)
