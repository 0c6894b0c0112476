"""Waiting with a progress display."""

import sys
from collections.abc import Callable

from ops.progress import pulse
from ops.waiting import WaitError, wait_for

POLL_S = 0.1
STALLED_AFTER_S = 120.0
INDENT = " " * 10


def wait_while_moving(
    is_done: Callable[[], bool],
    state: Callable[[], str],
    *,
    limit_s: float = STALLED_AFTER_S,
    pace: Callable[[float], str] = lambda _: "",
) -> bool:
    """Wait until ``is_done`` as long as ``state`` changes within ``limit_s``; return whether it is.

    The state is shown as ``ops.progress`` shows everything; what ``pace`` makes of the seconds so
    far, which change anyhow, is shown beside it. When progress stops, the last state is kept.
    """
    try:
        with pulse(lambda elapsed_s: ", ".join(filter(None, (INDENT + state(), pace(elapsed_s))))):
            return wait_for(is_done, "", limit_s=limit_s, poll_s=POLL_S, state=state)
    except WaitError:
        print(f"{INDENT}no progress for {limit_s:.0f} s: {state()}", file=sys.stderr, flush=True)
        return False
