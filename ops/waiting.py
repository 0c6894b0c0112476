"""How the project waits: until a condition holds, and never longer than a limit.

There are no fixed pauses anywhere else. A limit counts from the start or, for work of unknown
length, from the last time that something moved.
"""

import time
from collections.abc import Callable
from typing import TypeVar

POLL_S = 0.5
Found = TypeVar("Found")


class WaitError(Exception):
    """What was waited for did not come in time; the message says what, and how long it took."""


def wait_for(
    look: Callable[[], Found],
    missing: str | Callable[[], object],
    *,
    limit_s: float,
    poll_s: float = POLL_S,
    state: Callable[[], object] | None = None,
) -> Found:
    """Return the first true result of ``look``; raise ``WaitError`` naming what is ``missing``.

    With ``state``, the limit counts from the last change of what it returns. ``look`` is called at
    least once, and once more when the limit has passed.
    """
    moved_s, last = time.monotonic(), state() if state else None
    while not (found := look()):
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
    look: Callable[[], Found], *, limit_s: float, poll_s: float = POLL_S
) -> Found | None:
    """Return the first true result of ``look``, or ``None`` if there is none in time."""
    try:
        return wait_for(look, "", limit_s=limit_s, poll_s=poll_s)
    except WaitError:
        return None
