"""Why a question has no answer, in words; one answer for each kind of failure."""

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as ConnectionFailedError

from ops.errors import DENIED, AwsError, RefusedError, explain
from ops.status.asking import NoAnswerError
from ops.status.lines import Answer, unknown
from ops.status.outputs import MissingOutputError

# The region itself does not answer.
Unreachable = (ConnectionFailedError, HTTPClientError, NoAnswerError)
_ABSENT = ("NotFound", "NonExistentQueue", "NoSuch", "DoesNotExist")


def answer_to(error: Exception) -> Answer:
    """Return the answer that nothing is known because of ``error``.

    An error that is no failure of a call is a mistake of ours, and raised.
    """
    match error:
        case RefusedError():
            return unknown("not asked: the region is given as lost")
        case NoAnswerError():
            return unknown(str(error))
        case ConnectionFailedError() | HTTPClientError():
            return unknown(_kind(error))
        case MissingOutputError():
            return unknown(str(error), "deploy the current version, then look again")
        case ClientError():
            return _refusal(error)
        case _ if isinstance(error, AwsError):
            return unknown(explain(error))
    raise error


def is_absent(error: ClientError) -> bool:
    """Return whether a service said that what it was asked about is not there."""
    return any(part in error.response["Error"]["Code"] for part in _ABSENT)


def _refusal(error: ClientError) -> Answer:
    code = error.response["Error"]["Code"]
    if code in DENIED:
        return unknown(f"denied: this role may not call {error.operation_name}")
    if is_absent(error):
        return unknown(f"there is no such resource: {code}")
    return unknown(explain(error))


def _kind(error: Exception) -> str:
    """Return what failed, without the address, which says no more than the region."""
    words = {
        "ConnectTimeoutError": "connecting timed out",
        "ReadTimeoutError": "it accepts connections and does not answer",
        "EndpointConnectionError": "the connection is refused",
    }
    name = type(error).__name__
    return words.get(name, name)
