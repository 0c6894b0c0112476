"""Waiting: until a condition holds, but never longer than a limit.

There are no fixed pauses anywhere else. A limit counts from the start or, for work of unknown
length, from the last progress.
"""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

POLL_S = 0.5
Found = TypeVar("Found")


class WaitError(Exception):
    """A condition did not hold in time; the message says which, and how long it was awaited."""


def wait_for(
    check: Callable[[], Found],
    missing: str | Callable[[], object],
    *,
    limit_s: float,
    poll_s: float = POLL_S,
    state: Callable[[], object] | None = None,
) -> Found:
    """Return the first true result of ``check``; raise ``WaitError`` naming what is ``missing``.

    With ``state``, the limit counts from the last change of what it returns. ``check`` is called at
    least once, and once more when the limit has passed.
    """
    moved_s, last = time.monotonic(), state() if state else None
    while not (found := check()):
        now_s, current = time.monotonic(), state() if state else None
        if current != last:
            moved_s, last = now_s, current
        left_s = moved_s + limit_s - now_s
        if left_s <= 0:
            what = missing if isinstance(missing, str) else missing()
            raise WaitError(f"waited {limit_s:.0f} s for {what}")
        time.sleep(min(poll_s, left_s))
    return found


def find_within(
    check: Callable[[], Found], *, limit_s: float, poll_s: float = POLL_S
) -> Found | None:
    """Return the first true result of ``check``, or ``None`` if there is none in time."""
    try:
        return wait_for(check, "", limit_s=limit_s, poll_s=poll_s)
    except WaitError:
        return None


class Pace:
    """Lets calls begin at equal intervals, so many a second at most; threads share it."""

    def __init__(self, per_second: float) -> None:
        self._interval_s = 1 / per_second
        self._lock = threading.Lock()
        self._next_s = 0.0

    def wait(self) -> None:
        """Return when the next call may begin."""
        with self._lock:
            now_s = time.monotonic()
            begins_s = max(now_s, self._next_s)
            self._next_s = begins_s + self._interval_s
        time.sleep(begins_s - now_s)
