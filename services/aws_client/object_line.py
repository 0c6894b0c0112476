"""A connection on which one object at a time is read, no faster than it is wanted.

It is waited for, unlike the lines of a transport. What has arrived and is not wanted yet stays
with the system, which makes the server wait; at most a chunk and what one ``recv`` gives is held.
"""

import select
import ssl
import time
from collections.abc import Callable, Iterable
from typing import cast

from services.aws_client.answer import Answer
from services.aws_client.channel import Address
from services.aws_client.connection import Connection
from services.aws_client.errors import BrokenConnectionError, TimedOutError, TransportError


class ObjectLine(Connection):
    """A connection that is waited for."""

    __slots__ = ("_failure", "_head", "_is_answered")

    def __init__(self, host: str, address: Address, context: ssl.SSLContext | None) -> None:
        super().__init__(host, address, context)
        self._head: Answer | None = None
        self._failure: TransportError | None = None
        self._is_answered = False

    @classmethod
    def opened(
        cls,
        host: str,
        addresses: Iterable[Address],
        context: ssl.SSLContext | None,
        timeout_s: float,
    ) -> "ObjectLine":
        """Return a connection to the first of the addresses that can be connected to.

        Raises ``TransportError`` if none can, or one does not say so in time.
        """
        problem: Exception | None = None
        for address in addresses:
            try:
                line = cls(host, address, context)
            except OSError as error:
                problem = error
                continue
            try:
                line._wait(lambda line=line: line.is_open, timeout_s)  # type: ignore[misc]
            except TransportError as error:
                line.close()
                if not isinstance(error, BrokenConnectionError):
                    raise
                problem = error
            else:
                return line
        raise BrokenConnectionError(f"cannot connect to {host}: {problem}")

    def ask(self, request: bytes, silence_s: float) -> Answer:
        """Send a request and return the head of its answer.

        Raises ``TransportError`` if the connection ends, or is silent for too long.
        """
        self._head = self._failure = None
        self._is_answered = False
        self.send(request)
        self._wait(lambda: self._head is not None, silence_s)
        return cast("Answer", self._head)

    def read(self, size_bytes: int, silence_s: float) -> bytes:
        """Return at least so many bytes of the body, or its rest; empty at its end.

        Raises ``TransportError`` if the connection ends before the body, or is silent for too long;
        what came before that is returned first.
        """
        if self._failure is not None:
            raise self._failure
        try:
            self._wait(lambda: sum(map(len, self.parts)) >= size_bytes, silence_s)
        except TransportError as error:
            if not self.parts:
                raise
            self._failure = error
        data = b"".join(self.parts)
        self.parts.clear()
        self._received_bytes = 0
        return data

    @property
    def is_free(self) -> bool:
        """Whether the body was read to its end, and another may be asked for."""
        return self._is_answered and self.is_reusable and not self.parts

    def on_headers_complete(self) -> None:
        if self._parser.get_status_code() >= 200:  # noqa: PLR2004  # 1xx are followed by another
            self._head = Answer(self._parser.get_status_code(), self._headers.copy(), b"")

    def _wait(self, is_reached: Callable[[], bool], silence_s: float) -> None:
        """Make progress until something is reached or the answer has ended."""
        silent_since_s = time.monotonic()
        while not (is_reached() or self._is_answered):
            self.is_starved = False
            answer = self.progress()
            if answer is not None:
                self._is_answered = True
                self.parts.append(answer.body)
            elif not self.is_starved:
                silent_since_s = time.monotonic()
            else:
                left_s = silent_since_s + silence_s - time.monotonic()
                if left_s <= 0:
                    raise TimedOutError(f"{self.host} was silent for {silence_s:g} s")
                poll = select.poll()
                poll.register(self.fd, self.interest)
                poll.poll(left_s * 1000)
