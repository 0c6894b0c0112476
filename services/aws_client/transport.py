"""Requests to one endpoint over many connections, in one thread."""

import math
import ssl
import time
from collections import deque
from collections.abc import Callable
from typing import cast

from services.aws_client.channel import Address
from services.aws_client.endpoint import Addresses, Endpoint
from services.aws_client.errors import (
    AwsClientError,
    BrokenConnectionError,
    TimedOutError,
    TransportError,
)
from services.aws_client.lines import Done, Line, Lines


class Transport:
    """Sends requests over at most ``connections`` keep-alive connections.

    One is opened when a request would have to wait otherwise, and must be open after
    ``connect_timeout_s``. A request must be answered to the last byte ``request_timeout_s`` after
    an open connection got it. ``in_flight`` requests have not been answered yet.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        context: ssl.SSLContext,
        *,
        connections: int = 48,
        connect_timeout_s: float = 3.0,
        request_timeout_s: float = 5.0,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.endpoint = endpoint
        self.in_flight = 0
        self._connect_timeout_s = connect_timeout_s
        self._request_timeout_s = request_timeout_s
        self._clock_s = clock_s
        self._addresses = Addresses(endpoint, clock_s)
        self._lines = Lines(endpoint.host, context if endpoint.is_encrypted else None, connections)
        self._queue: deque[tuple[bytes, Done]] = deque()
        self._failed: deque[tuple[Callable[[AwsClientError], object], AwsClientError]] = deque()
        self._soonest_s = math.inf  # no deadline is earlier than this
        self._is_polling = False

    @property
    def has_idle(self) -> bool:
        """Whether an open connection waits for a request."""
        return not self._queue and self._lines.has_idle

    @property
    def has_room(self) -> bool:
        """Whether a request would be sent at once."""
        return not self._queue and self._lines.has_room

    def send(self, request: bytes, done: Done) -> None:
        """Begin a request; ``poll`` calls ``done`` once, with the answer or the error."""
        self.in_flight += 1
        if self._queue or not self._give(request, done):
            self._queue.append((request, done))

    def fail(self, error: AwsClientError, done: Callable[[AwsClientError], object]) -> None:
        """Let the next ``poll`` call ``done`` with an error, as for a request that was sent."""
        self.in_flight += 1
        self._failed.append((done, error))

    def poll(self, timeout_s: float) -> None:
        """Wait until there is something to do, at most ``timeout_s``, and do it.

        Calls ``done`` of whatever ended. An error that ``done`` raises leaves through here, and the
        next call goes on where this one stopped. ``done`` may send, but not call this.
        """
        if self._is_polling:
            raise RuntimeError("poll was called from done")
        self._is_polling = True
        try:
            for fd, _ in self._lines.wait(self._wait_s(timeout_s)):
                line = self._lines.get(fd)
                if line is not None:
                    self._progress(line)
            now_s = self._clock_s()
            if now_s >= self._soonest_s:
                self._expire(now_s)
            while self._queue and self._give(*self._queue[0]):
                self._queue.popleft()
            while self._failed:
                done, error = self._failed.popleft()
                self.in_flight -= 1
                done(error)
        finally:
            self._is_polling = False

    def close(self) -> None:
        """Close every connection; ``done`` of whatever is in flight gets an error."""
        error = BrokenConnectionError("the transport was closed")
        waiting: list[Callable[[AwsClientError], object]] = []
        waiting += [line.done for line in self._lines.all() if line.done is not None]
        waiting += [done for _, done in self._queue]
        self._queue.clear()
        self._lines.close_all()
        waiting += [done for done, _ in self._failed]
        self._failed.clear()
        self.in_flight = 0
        for done in waiting:
            done(error)

    def _wait_s(self, timeout_s: float) -> float:
        if self._failed or (self._queue and self._lines.has_room):
            return 0.0
        return max(0.0, min(timeout_s, self._soonest_s - self._clock_s()))

    def _give(self, request: bytes, done: Done) -> bool:
        """Give a request to a line, if one is idle or can be opened; return whether that is so."""
        now_s = self._clock_s()
        line = self._lines.idle(now_s)
        if line is not None:
            line.done = done
            self._set_deadline(line, now_s)
            line.send(request)
            if line.interest != line.watched:
                self._lines.watch(line)
            return True
        if self._lines.has_room:
            self._open(request, done, None, now_s + self._connect_timeout_s)
            return True
        return False

    def _open(
        self, request: bytes, done: Done, addresses: list[Address] | None, deadline_s: float
    ) -> None:
        """Open a line for a request; if that fails at once, the next poll says so."""
        try:
            self._lines.open(request, done, addresses or self._addresses(), deadline_s)
            self._soonest_s = min(self._soonest_s, deadline_s)
        except OSError as error:
            problem = f"cannot resolve {self.endpoint.host}: {error}"
            self._failed.append((done, BrokenConnectionError(problem)))
        except BrokenConnectionError as error:
            self._failed.append((done, error))

    def _set_deadline(self, line: Line, now_s: float) -> None:
        line.deadline_s = now_s + self._request_timeout_s
        self._soonest_s = min(self._soonest_s, line.deadline_s)

    def _progress(self, line: Line) -> None:
        was_open = line.is_open
        try:
            answer = line.progress()
        except TransportError as error:
            self._fail(line, error)
            return
        if answer is None:
            if line.is_open and not was_open:
                self._lines.opened(line)
                self._set_deadline(line, self._clock_s())
            self._lines.watch(line)
            return
        if not was_open:
            self._lines.opened(line)
        done = cast("Done", line.done)
        line.done = None
        # Everything is settled before ``done`` is called, because it may send, or raise.
        self.in_flight -= 1
        if line.is_reusable:
            self._lines.rest(line, self._clock_s())
        else:
            self._lines.close(line)
        done(answer)

    def _fail(self, line: Line, error: TransportError) -> None:
        done, line.done = line.done, None
        self._lines.close(line)
        if done is None:
            return
        if line.untried and not line.is_open and isinstance(error, BrokenConnectionError):
            self._open(line.request, done, line.untried, line.deadline_s)
            return
        self.in_flight -= 1
        done(error)

    def _expire(self, now_s: float) -> None:
        """Fail what is overdue, unless its answer is there and has only not been read yet."""
        for line in self._lines.all():
            line.is_starved = False
            while self._lines.is_overdue(line, now_s) and not line.is_starved:
                self._progress(line)
            if self._lines.is_overdue(line, now_s):
                what = "answer" if line.is_open else "connection"
                self._fail(line, TimedOutError(f"no {what} of {line.host} in time"))
        self._soonest_s = min((line.deadline_s for line in self._lines.all()), default=math.inf)
