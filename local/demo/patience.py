import sys
import time
from collections.abc import Callable
from typing import TextIO

POLL_S = 0.1
# A terminal shows one line that changes; a log gets a new one now and then.
NEW_LINE_EVERY_S = 10.0
LINE = "\r          {:<89}"


class Patience:
    """Waits for a condition as long as something moves, and shows what: no fixed sleep, no hang."""

    def __init__(self, quiet_limit_s: float = 120.0, stream: TextIO | None = None) -> None:
        self._quiet_limit_s = quiet_limit_s
        self._stream = stream or sys.stderr

    def wait(self, is_done: Callable[[], bool], state: Callable[[], str]) -> bool:
        """Tell whether it is done; it is not, when ``state`` has been the same for too long."""
        moved_s = shown_s = time.monotonic()
        last = ""
        while not is_done():
            now_s, current = time.monotonic(), state()
            if current != last:
                moved_s, last = now_s, current
            if now_s - moved_s > self._quiet_limit_s:
                self._note(f"nothing has moved for {self._quiet_limit_s:.0f} s: {current}")
                return False
            shown_s = self._show(current, shown_s, now_s)
            time.sleep(POLL_S)
        self._clear()
        return True

    def _show(self, line: str, shown_s: float, now_s: float) -> float:
        """Give the time at which something was shown last."""
        if self._stream.isatty():
            print(LINE.format(line), end="", file=self._stream, flush=True)
        elif now_s - shown_s > NEW_LINE_EVERY_S:
            self._note(line)
            return now_s
        return shown_s

    def _clear(self) -> None:
        if self._stream.isatty():
            print(LINE.format(""), end="\r", file=self._stream, flush=True)

    def _note(self, line: str) -> None:
        print(f"          {line}", file=self._stream, flush=True)
