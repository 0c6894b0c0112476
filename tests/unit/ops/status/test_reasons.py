import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from ops.errors import RefusedError
from ops.status.asking import NoAnswerError
from ops.status.lines import State
from ops.status.outputs import MissingOutputError
from ops.status.reasons import answer_to

URL = {"endpoint_url": "https://sqs.us-east-1.amazonaws.com"}


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "m"}}, "GetQueueAttributes")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (refused("AccessDenied"), "denied: this role may not call GetQueueAttributes"),
        (refused("AWS.SimpleQueueService.NonExistentQueue"), "there is no such resource"),
        (refused("ResourceNotFoundException"), "there is no such resource"),
        (refused("ExpiredToken"), "log in"),
        (refused("ThrottlingException"), "ThrottlingException"),
        (EndpointConnectionError(**URL), "the connection is refused"),
        (ConnectTimeoutError(**URL), "connecting timed out"),
        (ReadTimeoutError(**URL), "it accepts connections and does not answer"),
        (NoAnswerError("no answer within 5 s"), "no answer within 5 s"),
        (NoCredentialsError(), "log in"),
        (MissingOutputError("the stack s has no output X"), "the stack s has no output X"),
        (RefusedError("x"), "not asked: the region is given as lost"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_cannot_be_asked_is_unknown_with_the_reason_in_words(
    error: Exception, says: str
) -> None:
    answer = answer_to(error)

    assert answer.state is State.UNKNOWN
    assert says in answer.says


def test_a_mistake_of_ours_is_not_taken_for_a_missing_answer() -> None:
    with pytest.raises(ZeroDivisionError):
        answer_to(ZeroDivisionError())
