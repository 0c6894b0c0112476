"""Where events go: the port, and EventBridge behind it."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol, TypeAlias

from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004

from services.stream_consumer.runtime.batching import batches
from services.stream_consumer.runtime.errors import (
    BusUnavailableError,
    OutOfTimeError,
    PermanentError,
    RefusedEventError,
    TransientError,
)
from services.stream_consumer.runtime.event import SOURCE, Event

Failures: TypeAlias = dict[int, PermanentError | TransientError]
TimeLeft: TypeAlias = Callable[[], float]

# One try a call, because this module knows better than the SDK which entries to send again.
CLIENT_CONFIG = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 1})
# What must be left of an invocation to start a call: its timeouts, and a second to report.
CALL_S = 5.0
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
SERVER_ERROR = 500
TRANSIENT_CODES = frozenset(
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


@dataclass(frozen=True, slots=True)
class Publication:
    """What became of some events: those that failed, by position, and how many were sent again."""

    failures: Mapping[int, PermanentError | TransientError]
    resent: int


class Publisher(Protocol):
    def publish(self, events: Sequence[Event], time_left_s: TimeLeft) -> Publication:
        """Publish every event that can be published before the time is up, each at least once."""


class EventBridgePublisher:
    """Sends everything once, in order, then what failed for now again, with growing pauses.

    No event waits for another one's pause. A call that is refused as a whole raises.
    """

    def __init__(
        self,
        client: Any,  # noqa: ANN401  # boto3's clients have no static type
        event_bus_name: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._client = client
        self._event_bus_name = event_bus_name
        self._sleep = sleep
        self._jitter = jitter

    def publish(self, events: Sequence[Event], time_left_s: TimeLeft) -> Publication:
        waiting = dict(enumerate(events))
        refused: Failures = {}
        resent = 0
        for attempt in count():
            failed = self._send(waiting, time_left_s)
            refused |= {at: why for at, why in failed.items() if isinstance(why, PermanentError)}
            waiting = {at: events[at] for at in failed if at not in refused}
            pause_s = self._jitter() * min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(attempt, 10))
            if not waiting or time_left_s() < pause_s + CALL_S:
                break
            self._sleep(pause_s)
            resent += len(waiting)
        return Publication(failures=refused | failed, resent=resent)

    def _send(self, events: Mapping[int, Event], time_left_s: TimeLeft) -> Failures:
        failed: Failures = {}
        for batch in batches(events):
            if time_left_s() < CALL_S:
                failed |= dict.fromkeys(batch, OutOfTimeError("no time left to send it"))
            else:
                failed |= self._put(batch)
        return failed

    def _put(self, batch: Mapping[int, Event]) -> Failures:
        try:
            response = self._client.put_events(Entries=[self._entry(e) for e in batch.values()])
        except ClientError as error:
            if not _is_transient(error):
                raise
            return dict.fromkeys(batch, BusUnavailableError(str(error)))
        except (HTTPClientError, ConnectionError) as error:
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


def _failure(result: Mapping[str, str]) -> PermanentError | TransientError:
    problem = f"{result['ErrorCode']}: {result.get('ErrorMessage', '')}"
    if result["ErrorCode"] in TRANSIENT_CODES:
        return BusUnavailableError(problem)
    return RefusedEventError(problem)


def _is_transient(error: ClientError) -> bool:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= SERVER_ERROR or error.response["Error"]["Code"] in TRANSIENT_CODES
