"""Retries of DynamoDB requests: exponential backoff within the deadline."""

import random
import time
from collections.abc import Callable
from itertools import count
from typing import TypeVar

from botocore.exceptions import (
    ClientError,
    ConnectionError,  # noqa: A004  # botocore's own, not an OSError
    HTTPClientError,
)

from services.processor.runtime.errors import OutOfTimeError
from services.processor.runtime.storage.deadline import Deadline

FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 5.0
_MAX_DOUBLINGS = 10
_SERVER_ERROR = 500
_TRANSIENT_CODES = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "Throttling",
        "ThrottlingException",
    }
)

Response = TypeVar("Response")


class Retry:
    """Repeats a request that failed transiently, for as long as there is time.

    Exponential backoff with full jitter, so that writers throttled together do not return together.
    """

    def __init__(
        self,
        sleep: Callable[[float], object] = time.sleep,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._sleep = sleep
        self._draw = draw

    def __call__(self, request: Callable[[], Response], deadline: Deadline) -> tuple[Response, int]:
        """Return the response and the number of retries it took.

        Raises:
            OutOfTimeError: before ``request`` succeeded; names the last failure, if there was one.
            Exception: any other error of ``request``, at once.

        """
        for attempt in count():
            deadline.check()
            try:
                return request(), attempt
            except (ClientError, ConnectionError, HTTPClientError) as error:
                if not is_transient(error):
                    raise
                pause_s = self._pause_s(attempt)
                if deadline.left_s() <= pause_s:
                    problem = f"gave up after {attempt + 1} attempts: {error}"
                    raise OutOfTimeError(problem) from error
            self._sleep(pause_s)
        raise AssertionError("unreachable")

    def _pause_s(self, attempt: int) -> float:
        limit_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(attempt, _MAX_DOUBLINGS))
        return self._draw(0, limit_s)


def is_transient(error: Exception) -> bool:
    """Return whether an error is throttling, a server error or a broken connection."""
    if not isinstance(error, ClientError):
        return True
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return error.response["Error"]["Code"] in _TRANSIENT_CODES or status >= _SERVER_ERROR
