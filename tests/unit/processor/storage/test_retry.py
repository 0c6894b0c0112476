from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from services.processor.runtime.errors import OutOfTimeError
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.retry import Retry
from tests.unit.processor.fakes import PLENTY_OF_TIME


def refusal(code: str, status: int = 400) -> ClientError:
    response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "PutItem")


@dataclass
class Clock:
    """Time passes only by sleeping."""

    left_ms: float = 900_000
    pauses_s: list[float] = field(default_factory=list)

    def sleep(self, pause_s: float) -> None:
        self.pauses_s.append(pause_s)
        self.left_ms -= 1000 * pause_s

    def deadline(self) -> Deadline:
        return Deadline(lambda: int(self.left_ms), reserve_ms=0)


def failing(*failures: Exception) -> Callable[[], str]:
    left = list(failures)

    def request() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return request


def longest(_: float, upper: float) -> float:
    return upper


@pytest.mark.parametrize(
    "failure",
    [
        refusal("ProvisionedThroughputExceededException"),
        refusal("ThrottlingException"),
        refusal("RequestLimitExceeded"),
        refusal("InternalServerError", 500),
        refusal("ServiceUnavailable", 503),
        EndpointConnectionError(endpoint_url="https://dynamodb"),
        ReadTimeoutError(endpoint_url="https://dynamodb"),
    ],
)
def test_a_transient_failure_is_retried_and_counted(failure: Exception) -> None:
    retry = Retry(sleep=Clock().sleep)

    assert retry(failing(failure, failure), PLENTY_OF_TIME) == ("done", 2)


@pytest.mark.parametrize("code", ["ValidationException", "AccessDeniedException", "ExpiredToken"])
def test_a_permanent_failure_is_not_retried(code: str) -> None:
    with pytest.raises(ClientError, match=code):
        Retry(sleep=Clock().sleep)(failing(refusal(code)), PLENTY_OF_TIME)


def test_pauses_double_up_to_five_seconds() -> None:
    clock = Clock()
    failures = [refusal("ThrottlingException")] * 9

    Retry(clock.sleep, longest)(failing(*failures), clock.deadline())

    assert clock.pauses_s == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_pauses_are_drawn_from_zero_on() -> None:
    lowest: list[float] = []

    def draw(lower: float, upper: float) -> float:
        lowest.append(lower)
        return upper

    Retry(Clock().sleep, draw)(failing(refusal("ThrottlingException")), PLENTY_OF_TIME)

    assert lowest == [0]


def test_retries_end_when_the_pause_would_outlast_the_deadline() -> None:
    clock = Clock(left_ms=1000)
    throttled = refusal("ThrottlingException")

    with pytest.raises(
        OutOfTimeError, match=r"gave up after 5 attempts: .*ThrottlingException"
    ) as gave_up:
        Retry(clock.sleep, longest)(failing(*[throttled] * 99), clock.deadline())

    assert gave_up.value.__cause__ is throttled
    assert sum(clock.pauses_s) < 1


def test_nothing_is_started_after_the_deadline() -> None:
    sent: list[str] = []

    with pytest.raises(OutOfTimeError):
        Retry()(lambda: sent.append("request"), Deadline(lambda: 15_000))

    assert sent == []


def test_the_last_call_comes_after_the_deadline() -> None:
    passed = Deadline(lambda: 15_000)

    assert Retry()(lambda: "saved", passed.last_call()) == ("saved", 0)
