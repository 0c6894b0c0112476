"""Requests on their way to DynamoDB: many at once, and again until each has an answer that counts.

How it works: a request is sent as soon as the pace allows it and a connection is free. One that
fails transiently (throttled, a server error, a broken connection) waits in a heap for a short,
random pause and is sent again before any new one. Everything happens within calls of ``send``,
``wait`` and ``ask``, in one thread: answers are handled while these wait.

A request is either in the air or in the heap, and leaves with its first answer that is no transient
error, so none is lost and none is answered twice. There are as many in the air as the client has
connections; who sends limits how many there are in all. The worst case is a table that refuses
everything: each request is sent again until the deadline, at the pace's lowest rate.
"""

import heapq
import random
import time
from collections.abc import Callable
from functools import partial
from itertools import count

from services.aws_client.errors import AwsClientError
from services.aws_client.json_service import Outcome
from services.processor.runtime.errors import OutOfTimeError
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.dynamodb import DynamoDb
from services.processor.runtime.storage.pace import Pace
from services.processor.runtime.storage.request import Question, Request

CONDITION_FAILED = "ConditionalCheckFailedException"
# Short, because it is the pace that protects the table; with full jitter, so that requests refused
# together do not return together.
FIRST_PAUSE_S = 0.005
LONGEST_PAUSE_S = 0.1
_MAX_DOUBLINGS = 10
# The deadline is looked at as often, also while nothing arrives.
LONGEST_WAIT_S = 0.05


class Sending:
    """Sends requests at the pace of the table; ``retries`` are those that were sent again."""

    def __init__(
        self,
        dynamodb: DynamoDb,
        *,
        clock_s: Callable[[], float] = time.monotonic,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._dynamodb = dynamodb
        self._transport = dynamodb.transport
        self._pace = Pace(clock_s)
        self._clock_s = clock_s
        self._draw = draw
        self._in_flight = 0
        self._pausing: list[tuple[float, int, Request]] = []
        self._numbers = count()
        self._last_problem: AwsClientError | None = None
        self._checked_at_s = float("-inf")
        self.retries = 0

    @property
    def is_idle(self) -> bool:
        """Return whether no request is in the air or pausing."""
        return not (self._in_flight or self._pausing)

    def send(self, request: Request, deadline: Deadline) -> None:
        """Send a request once the pace allows it, after those that are due to be sent again.

        Raises:
            OutOfTimeError: it was not sent.

        """
        self._check(deadline)
        while self._pausing and self._send_due(deadline):
            pass
        self._begin(request, deadline)

    def send_soon(self, request: Request) -> None:
        """Send a request with the next call of :meth:`send` or :meth:`wait`."""
        self._pause(request, 0.0)

    def collect(self) -> None:
        """Take the answers that have arrived, which also frees their connections."""
        self._transport.poll(0)

    def wait(self, deadline: Deadline) -> None:
        """Wait until an answer arrives, or a request that pauses is sent again.

        Raises:
            OutOfTimeError: the requests that are not answered may have had their effect.

        """
        self._check(deadline)
        if not (self._pausing and self._send_due(deadline)):
            self._transport.poll(max(0.0, min(self._until_due_s(), LONGEST_WAIT_S)))

    def ask(self, operation: str, body: bytes, deadline: Deadline) -> bytes:
        """Send a request and return the body of its answer; others are handled meanwhile.

        Raises:
            AwsClientError: DynamoDB refuses it.
            OutOfTimeError: it may have had its effect.

        """
        question = Question(operation, body)
        self._checked_at_s = float("-inf")  # this deadline may be another one
        self.send(question, deadline)
        while question.outcome is None:
            self.wait(deadline)
        self._checked_at_s = float("-inf")
        if isinstance(question.outcome, AwsClientError):
            raise question.outcome
        return question.outcome

    def stop(self) -> None:
        """Send nothing again, and wait until what is in the air has been answered."""
        while self._in_flight:
            self._transport.poll(LONGEST_WAIT_S)
        self._pausing.clear()
        self._last_problem = None

    def _answered(self, request: Request, outcome: Outcome) -> None:
        self._in_flight -= 1
        if not isinstance(outcome, AwsClientError):
            self._pace.answered(is_refused=False)
            request.succeeded(outcome)
            return
        self._pace.answered(is_refused=outcome.is_throttling)
        if not outcome.is_transient:
            request.failed(outcome)
            return
        self._last_problem = outcome
        self.retries += 1
        doublings = min(request.attempts, _MAX_DOUBLINGS)
        request.attempts += 1
        self._pause(request, self._draw(0, min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**doublings)))

    def _pause(self, request: Request, pause_s: float) -> None:
        due_s = self._clock_s() + pause_s
        heapq.heappush(self._pausing, (due_s, next(self._numbers), request))

    def _until_due_s(self) -> float:
        return self._pausing[0][0] - self._clock_s() if self._pausing else LONGEST_WAIT_S

    def _send_due(self, deadline: Deadline) -> bool:
        """Send the request that has paused longest, if it is due; return whether one was."""
        if self._until_due_s() > 0:
            return False
        _, _, request = heapq.heappop(self._pausing)
        try:
            self._begin(request, deadline)
        except OutOfTimeError:
            self._pause(request, 0.0)
            raise
        return True

    def _begin(self, request: Request, deadline: Deadline) -> None:
        while (pause_s := self._pace.pause_s()) or not self._has_connection():
            self._transport.poll(min(pause_s or LONGEST_WAIT_S, LONGEST_WAIT_S))
            self._check(deadline)
        self._in_flight += 1
        self._pace.sent()
        self._dynamodb.call(request.operation, request.body, partial(self._answered, request))

    def _has_connection(self) -> bool:
        """Return whether a connection is free, perhaps by an answer that has arrived already.

        Another one is opened only when this thread would have to wait otherwise, so there are as
        many as the time that answers take needs.
        """
        if self._transport.has_idle:
            return True
        self._transport.poll(0)
        return self._transport.has_room

    def _check(self, deadline: Deadline) -> None:
        now_s = self._clock_s()
        if now_s - self._checked_at_s < LONGEST_WAIT_S:
            return
        try:
            deadline.check()
        except OutOfTimeError as error:
            problem = f"{error}; the last problem: {self._last_problem}"
            raise OutOfTimeError(problem if self._last_problem else str(error)) from error
        self._checked_at_s = now_s
