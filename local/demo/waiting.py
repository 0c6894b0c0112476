"""Waiting with a progress display."""

import time
from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from ops.waiting import WaitError, wait_for

POLL_S = 0.1
STALLED_AFTER_S = 120.0
# A terminal shows one line that changes; a log gets a new line this often.
LOG_EVERY_S = 10.0
INDENT = " " * 10


def wait_while_moving(
    is_done: Callable[[], bool],
    state: Callable[[], str],
    *,
    limit_s: float = STALLED_AFTER_S,
    console: Console | None = None,
) -> bool:
    """Wait until ``is_done`` as long as ``state`` changes within ``limit_s``; return whether it is.

    The state is shown on standard error; when progress stops, the last state is kept.
    """
    console = console or Console(stderr=True)
    logged_s = time.monotonic()

    def show() -> str:
        nonlocal logged_s
        current, now_s = state(), time.monotonic()
        status.update(Text(current))
        if not console.is_terminal and now_s - logged_s > LOG_EVERY_S:
            logged_s = now_s
            _log(console, current)
        return current

    with console.status("") as status:
        try:
            return wait_for(is_done, "", limit_s=limit_s, poll_s=POLL_S, state=show)
        except WaitError:
            _log(console, f"no progress for {limit_s:.0f} s: {state()}")
            return False


def _log(console: Console, line: str) -> None:
    console.print(INDENT + line, soft_wrap=True, markup=False, highlight=False)
