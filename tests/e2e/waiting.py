import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

POLL_S = 0.05
LIMIT_S = 120.0


def wait_for(
    look: Callable[[], Found], missing: Callable[[], object], limit_s: float = LIMIT_S
) -> Found:
    """Give what ``look`` gives as soon as it is true; fail with what is ``missing`` in the end."""
    deadline_s = time.monotonic() + limit_s
    while True:
        if found := look():
            return found
        if time.monotonic() > deadline_s:
            raise AssertionError(f"waited {limit_s:.0f} s for {missing()}")
        time.sleep(POLL_S)
