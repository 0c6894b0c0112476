"""Waits for many sockets: Linux's epoll, which costs the same however many there are, or poll."""

import select
from typing import Protocol


class Poller(Protocol):
    """What the two have in common; ``poll`` takes seconds."""

    def register(self, fd: int, eventmask: int, /) -> object:
        """Report ``fd`` for as long as an event of the mask is there, or its end."""

    def modify(self, fd: int, eventmask: int, /) -> object:
        """Change what is reported of ``fd``."""

    def unregister(self, fd: int, /) -> object:
        """Report ``fd`` no more."""

    def poll(self, timeout_s: float, /) -> list[tuple[int, int]]:
        """Return the sockets with an event as soon as there is one, else none."""

    def close(self) -> object:
        """Release what it holds."""


class _Poll:
    """``select.poll``, which takes milliseconds."""

    def __init__(self) -> None:
        self._poll = select.poll()
        self.register = self._poll.register
        self.modify = self._poll.modify
        self.unregister = self._poll.unregister

    def poll(self, timeout_s: float) -> list[tuple[int, int]]:
        return self._poll.poll(timeout_s * 1000)

    def close(self) -> None:
        pass


def best_poller() -> Poller:
    """Return the best one of this machine."""
    return select.epoll() if hasattr(select, "epoll") else _Poll()
