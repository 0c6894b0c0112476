import random
import time
from collections.abc import Callable
from itertools import count
from typing import Final, TypeVar

from botocore.exceptions import (
    ClientError,
    ConnectionError,  # noqa: A004  # botocore's own, no OSError
    HTTPClientError,
)

from services.processor.runtime.deadline import Deadline, OutOfTimeError

FIRST_PAUSE_S: Final = 0.05
LONGEST_PAUSE_S: Final = 5.0
_DOUBLINGS: Final = 10
_SERVER_ERROR: Final = 500
_THROTTLED: Final = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "Throttling",
        "ThrottlingException",
    }
)

Response = TypeVar("Response")


class Retry:
    """Repeats what may work later, for as long as there is time.

    The pauses grow and are drawn at random (full jitter), so that many writers that were throttled
    together do not come back together.
    """

    def __init__(
        self,
        sleep: Callable[[float], object] = time.sleep,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._sleep = sleep
        self._draw = draw

    def __call__(self, request: Callable[[], Response], deadline: Deadline) -> tuple[Response, int]:
        """Give the response and the number of repetitions it took.

        Raises:
            OutOfTimeError: it says what was wrong the last time.

        """
        for attempt in count():
            deadline.check()
            try:
                return request(), attempt
            except (ClientError, ConnectionError, HTTPClientError) as error:
                if not may_work_later(error):
                    raise
                pause_s = self._pause_s(attempt)
                if deadline.left_s() <= pause_s:
                    raise OutOfTimeError(f"{attempt + 1} attempts, {error}") from error
            self._sleep(pause_s)
        raise AssertionError("unreachable")

    def _pause_s(self, attempt: int) -> float:
        return self._draw(0, min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(attempt, _DOUBLINGS)))


def may_work_later(error: Exception) -> bool:
    """Tell throttling, faults of the server and of the connection from refusals."""
    if not isinstance(error, ClientError):
        return True
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return error.response["Error"]["Code"] in _THROTTLED or status >= _SERVER_ERROR
