"""Invocations that Lambda does not take: for the moment, or ever."""

from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import ClientError, ReadTimeoutError

from ops.waiting import find_within

_NEVER_TAKEN = frozenset(
    {"InvalidRequestContentException", "RequestTooLargeException", "SerializationException"}
)
_BUSY = frozenset({"TooManyRequestsException", "ThrottlingException", "ServiceException"})
_BUSY_S, _BUSY_POLL_S = 30.0, 2.0
Answer = TypeVar("Answer")


class NeverTakenError(Exception):
    """Lambda refuses this event, and always will; the message is Lambda's."""


class NotNowError(Exception):
    """Lambda has no room for the function, or its answer did not come; the message says which."""


def invoked(call: Callable[[], Answer]) -> Answer:
    """Return what ``call`` does, which invokes a function; while Lambda is busy, call it again.

    Raises:
        NeverTakenError: Lambda will never take this event.
        NotNowError: it stayed busy for half a minute, or did not answer.

    """
    busy: list[str] = []

    def answer() -> list[Answer]:
        try:
            return [call()]
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _NEVER_TAKEN:
                raise NeverTakenError(str(error)) from error
            if code not in _BUSY:
                raise
            busy.append(str(error))
            return []
        except ReadTimeoutError as error:
            raise NotNowError(str(error)) from error

    if found := find_within(answer, limit_s=_BUSY_S, poll_s=_BUSY_POLL_S):
        return found[0]
    raise NotNowError(busy[-1])
