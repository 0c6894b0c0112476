"""Requests on their way to DynamoDB: each is answered once, whatever happens to its attempts."""

import random
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.aws_client.errors import AwsClientError, BrokenConnectionError, CertificateError
from services.processor.runtime.errors import OutOfTimeError
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.request import Request
from services.processor.runtime.storage.sending import Sending
from tests.unit.processor.storage.scripted_dynamodb import (
    Outcome,
    ScriptedDynamoDb,
    refusal,
)

THROTTLED = refusal("ThrottlingException")
TRANSIENT = [
    THROTTLED,
    refusal("ProvisionedThroughputExceededException"),
    refusal("RequestLimitExceeded"),
    refusal("InternalServerError", 500),
    refusal("ServiceUnavailable", 503),
    BrokenConnectionError("reset"),
]
PERMANENT = [
    refusal("AccessDeniedException"),
    refusal("ResourceNotFoundException"),
    refusal("ConditionalCheckFailedException"),
    CertificateError("it is somebody else's"),
]


class Noted(Request):
    """Remembers its answers."""

    operation = "PutItem"

    def __init__(self, number: int) -> None:
        super().__init__(b'{"number": %d}' % number)
        self.outcomes: list[Outcome] = []

    def succeeded(self, answer: bytes, /) -> None:
        self.outcomes.append(answer)

    def failed(self, error: AwsClientError) -> None:
        self.outcomes.append(error)


def sending_to(client: ScriptedDynamoDb) -> tuple[Sending, Deadline]:
    draw = random.Random(3).uniform
    return Sending(client, clock_s=client.clock_s, draw=draw), Deadline(client.remaining_ms)


@given(seed=st.integers(), share=st.sampled_from([0.0, 0.1, 0.5, 0.9]), requests=st.integers(0, 40))
def test_every_request_is_answered_once_however_often_its_attempts_fail(
    seed: int, share: float, requests: int
) -> None:
    rng = random.Random(seed)

    def answer(_: str, __: dict[str, Any]) -> Outcome:
        if rng.random() < share:
            return rng.choice(TRANSIENT)
        well: list[Outcome] = [b"{}", *PERMANENT]
        return rng.choice(well)

    client = ScriptedDynamoDb(answer, rng=rng)
    sending, deadline = sending_to(client)
    noted = [Noted(number) for number in range(requests)]

    for request in noted:
        sending.send(request, deadline)
    while not sending.is_idle:
        sending.wait(deadline)

    assert all(len(request.outcomes) == 1 for request in noted)
    assert sending.retries == len(client.calls) - requests
    assert client.most_in_the_air <= client.connections


@pytest.mark.parametrize("error", TRANSIENT, ids=lambda error: error.code)
def test_what_may_be_gone_the_next_time_is_sent_again(error: AwsClientError) -> None:
    turn = count()
    client = ScriptedDynamoDb(lambda *_: error if next(turn) < 3 else b"{}")
    sending, deadline = sending_to(client)

    assert sending.ask("GetItem", b"{}", deadline) == b"{}"
    assert (len(client.calls), sending.retries) == (4, 3)


@pytest.mark.parametrize("error", PERMANENT, ids=lambda error: error.code)
def test_what_would_be_refused_again_is_not_sent_again(error: AwsClientError) -> None:
    client = ScriptedDynamoDb(lambda *_: error)
    sending, deadline = sending_to(client)

    with pytest.raises(type(error)) as raised:
        sending.ask("GetItem", b"{}", deadline)

    assert raised.value is error
    assert len(client.calls) == 1


def test_a_table_that_never_answers_well_is_given_up_at_the_deadline_with_the_last_problem() -> (
    None
):
    client = ScriptedDynamoDb(lambda *_: THROTTLED)
    sending, deadline = sending_to(client)

    with pytest.raises(OutOfTimeError, match="ThrottlingException"):
        sending.ask("GetItem", b"{}", deadline)

    assert 45 <= client.now_s < 46


def test_without_time_nothing_is_sent() -> None:
    client = ScriptedDynamoDb(lambda *_: b"{}", now_s=46.0)
    sending, deadline = sending_to(client)

    with pytest.raises(OutOfTimeError):
        sending.send(Noted(1), deadline)

    assert client.calls == []


def test_a_later_deadline_allows_one_more_request_after_an_earlier_one_has_passed() -> None:
    client = ScriptedDynamoDb(lambda *_: b"{}", now_s=46.0)
    sending, deadline = sending_to(client)
    with pytest.raises(OutOfTimeError):
        sending.send(Noted(1), deadline)

    assert sending.ask("UpdateItem", b"{}", deadline.last_call()) == b"{}"


def test_requests_wait_for_a_free_connection_and_no_longer() -> None:
    client = ScriptedDynamoDb(lambda *_: b"{}", connections=3)
    sending, deadline = sending_to(client)

    for number in range(10):
        sending.send(Noted(number), deadline)

    assert len(client.calls) == 10
    assert client.most_in_the_air == 3


def test_a_stop_waits_for_what_is_in_the_air_and_sends_nothing_again() -> None:
    client = ScriptedDynamoDb(lambda *_: THROTTLED)
    sending, deadline = sending_to(client)
    noted = [Noted(number) for number in range(5)]
    for request in noted:
        sending.send(request, deadline)

    sending.stop()

    assert sending.is_idle
    assert (client.in_the_air, len(client.calls)) == ([], 5)


def test_pauses_are_random_short_at_first_and_bounded() -> None:
    longest: list[float] = []

    def draw(_: float, limit_s: float) -> float:
        longest.append(limit_s)
        return limit_s

    turn = count()
    client = ScriptedDynamoDb(lambda *_: BrokenConnectionError("x") if next(turn) < 9 else b"{}")
    sending = Sending(client, clock_s=client.clock_s, draw=draw)

    sending.ask("GetItem", b"{}", Deadline(client.remaining_ms))

    assert longest == [0.005, 0.01, 0.02, 0.04, 0.08, 0.1, 0.1, 0.1, 0.1]


def test_others_are_answered_while_one_answer_is_waited_for() -> None:
    client = ScriptedDynamoDb(lambda *_: b"{}")
    sending, deadline = sending_to(client)
    noted = [Noted(number) for number in range(5)]
    for request in noted:
        sending.send(request, deadline)

    sending.ask("UpdateItem", b"{}", deadline)
    while not sending.is_idle:
        sending.wait(deadline)

    assert [request.outcomes for request in noted] == [[b"{}"]] * 5
