"""The open connections to one endpoint: which are idle, which are watched for what, until when."""

import math
import ssl
from collections.abc import Callable

from services.aws_client.answer import Answer
from services.aws_client.channel import Address
from services.aws_client.connection import Connection
from services.aws_client.errors import AwsClientError, BrokenConnectionError
from services.aws_client.poller import best_poller

Done = Callable[[Answer | AwsClientError], object]

# A server may have closed a connection that was silent for longer; looking costs a system call.
_TRUSTED_SILENCE_S = 1.0
_MAX_OPENING = 8


class Line(Connection):
    """A connection, whom its answer is for, and until when what it waits for must have come.

    An idle line has no deadline. ``untried`` are the endpoint's other addresses.
    """

    __slots__ = ("deadline_s", "done", "idle_since_s", "untried", "watched")

    deadline_s: float
    done: Done | None
    idle_since_s: float
    untried: list[Address]
    watched: int


class Lines:
    """At most ``limit`` lines. Each is watched from its opening to its closing."""

    def __init__(self, host: str, context: ssl.SSLContext | None, limit: int) -> None:
        self._host = host
        self._context = context
        self._limit = limit
        self._poller = best_poller()
        self._by_fd: dict[int, Line] = {}
        self._idle: list[Line] = []
        self._opening: set[int] = set()
        self.get = self._by_fd.get
        self.wait = self._poller.poll

    @property
    def has_idle(self) -> bool:
        """Whether a line is idle."""
        return bool(self._idle)

    @property
    def has_room(self) -> bool:
        """Whether a line is idle, or another can be opened: not many at once, as that is dear."""
        if self._idle:
            return True
        return len(self._by_fd) < self._limit and len(self._opening) < _MAX_OPENING

    def open(self, request: bytes, done: Done, addresses: list[Address], deadline_s: float) -> None:
        """Open a line at the first address that can be tried, and give it the request.

        Raises ``BrokenConnectionError`` when none can.
        """
        problem: OSError | None = None
        for tried, address in enumerate(addresses, start=1):
            try:
                line = Line(self._host, address, self._context)
            except OSError as error:
                problem = error
                continue
            line.done, line.deadline_s, line.untried = done, deadline_s, addresses[tried:]
            line.send(request)
            line.watched = line.interest
            self._by_fd[line.fd] = line
            self._opening.add(line.fd)
            self._poller.register(line.fd, line.interest)
            return
        raise BrokenConnectionError(f"cannot connect to {self._host}: {problem}")

    def opened(self, line: Line) -> None:
        """Note that a line is open."""
        self._opening.discard(line.fd)

    def rest(self, line: Line, now_s: float) -> None:
        """Keep a line whose request was answered for the next one."""
        line.deadline_s = math.inf
        line.idle_since_s = now_s
        self._idle.append(line)
        if line.interest != line.watched:
            self.watch(line)

    def idle(self, now_s: float) -> Line | None:
        """Return the idle line that was used last; those that turn out to be closed are dropped."""
        while self._idle:
            line = self._idle.pop()
            if now_s - line.idle_since_s < _TRUSTED_SILENCE_S or line.is_silent():
                return line
            self.close(line)
        return None

    def watch(self, line: Line) -> None:
        """Watch a line for what it waits for now."""
        if line.interest != line.watched:
            line.watched = line.interest
            self._poller.modify(line.fd, line.interest)

    def close(self, line: Line) -> None:
        """Close a line and forget it."""
        self._poller.unregister(line.fd)
        del self._by_fd[line.fd]
        self._opening.discard(line.fd)
        line.close()
        if line in self._idle:
            self._idle.remove(line)

    def close_all(self) -> None:
        """Close every line and stop watching."""
        for line in self.all():
            self.close(line)
        self._poller.close()

    def all(self) -> list[Line]:
        """Return every open line."""
        return list(self._by_fd.values())

    def is_overdue(self, line: Line, now_s: float) -> bool:
        """Return whether an open line has waited for too long."""
        return line.deadline_s <= now_s and self._by_fd.get(line.fd) is line
