"""Running functions that send the rows of their files to the table.

How it works: a function sends a row when its limiter allows it, a connection is free and its core
has the time. Its answer arrives one round trip later. A refused row pauses for a random time, up to
5 ms that double to 100, and is sent again before any new one, as the processor does it
(``services/processor/runtime/storage/sending.py``); the limiter is the processor's own.
"""

import heapq
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from services.processor.runtime.storage.pace import Pace
from simulation.table import Table

FIRST_PAUSE_S, LONGEST_PAUSE_S, MOST_DOUBLINGS = 0.005, 0.1, 10


@dataclass(frozen=True, kw_only=True)
class Speed:
    """How fast a function is by itself.

    ``us_per_record`` is the time of its core; ``latency_s`` that of a write, of which as many are
    in the air as there are ``connections``.
    """

    us_per_record: float
    latency_s: float
    connections: int

    @property
    def records_per_s(self) -> float:
        """Return what the core and the connections allow."""
        return min(1e6 / self.us_per_record, self.connections / self.latency_s)


class Limiter(Protocol):
    """What the simulation asks of a limiter; the processor's has it."""

    def pause_s(self) -> float:
        """Return the seconds until another request may be sent, 0 for now."""

    def sent(self) -> None:
        """Count a request that is sent."""

    def answered(self, *, is_refused: bool) -> None:
        """Count an answer to a request."""


class Unlimited:
    """Sends whatever the table says."""

    def pause_s(self) -> float:
        return 0.0

    def sent(self) -> None:
        pass

    def answered(self, *, is_refused: bool) -> None:
        pass


class Writer:
    """One function with ``rows`` to store; ``stored`` is called with the number of each."""

    def __init__(
        self,
        table: Table,
        speed: Speed,
        rows: int,
        *,
        limiter: Limiter,
        seed: int,
        stored: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._table = table
        self._speed = speed
        self._rows = rows
        self._limiter = limiter
        self._random = random.Random(seed)  # noqa: S311  # chance that repeats
        self._stored = stored
        self._next_row = 0
        self._allowed = 0.0
        # When it is answered, the row, how often it was refused before, whether it is stored.
        self._in_flight: deque[tuple[float, int, int, bool]] = deque()
        self._pausing: list[tuple[float, int, int]] = []
        self.sent = self.written = 0

    @property
    def is_done(self) -> bool:
        """Return whether every row is stored and acknowledged."""
        return self.written == self._rows

    @property
    def unsent(self) -> int:
        """Return how many rows were never sent."""
        return self._rows - self._next_row

    @property
    def underway(self) -> int:
        """Return how many rows were begun and are not acknowledged."""
        return len(self._in_flight) + len(self._pausing)

    def step(self, now_s: float, step_s: float) -> None:
        """Take the answers that have arrived, and send what may be sent."""
        while self._in_flight and self._in_flight[0][0] <= now_s:
            self._take_answer(now_s)
        by_core = 1e6 / self._speed.us_per_record
        self._allowed = min(self._allowed + by_core * step_s, by_core * step_s + 1)
        while (
            self._allowed >= 1
            and len(self._in_flight) < self._speed.connections
            and self._has_row(now_s)
            and not self._limiter.pause_s()
        ):
            self._send(now_s)

    def _has_row(self, now_s: float) -> bool:
        is_due = bool(self._pausing) and self._pausing[0][0] <= now_s
        return is_due or self._next_row < self._rows

    def _send(self, now_s: float) -> None:
        if self._pausing and self._pausing[0][0] <= now_s:
            _, row, attempts = heapq.heappop(self._pausing)
        else:
            row, attempts = self._next_row, 0
            self._next_row += 1
        self._limiter.sent()
        self._allowed -= 1
        self.sent += 1
        is_stored = self._table.write(self._random.getrandbits(48), now_s)
        self._in_flight.append((now_s + self._speed.latency_s, row, attempts, is_stored))

    def _take_answer(self, now_s: float) -> None:
        _, row, attempts, is_stored = self._in_flight.popleft()
        self._limiter.answered(is_refused=not is_stored)
        if is_stored:
            self.written += 1
            self._stored(row)
            return
        longest = min(FIRST_PAUSE_S * 2 ** min(attempts, MOST_DOUBLINGS), LONGEST_PAUSE_S)
        due_s = now_s + self._random.uniform(0, longest)
        heapq.heappush(self._pausing, (due_s, row, attempts + 1))


def paced(clock_s: Callable[[], float]) -> Limiter:
    """Return the limiter of the processor, by the simulation's clock."""
    return Pace(clock_s)
