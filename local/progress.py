"""Progress of the local cloud's commands, on standard error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from ops.progress import duration, pulse


class Progress:
    """One line per finished step on standard error; standard output is for results."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Write ``what`` with its seconds when the block ends, and nothing when it fails.

        While it lasts, ``ops.progress`` shows for how long already.
        """
        started = time.monotonic()
        with pulse(lambda s: f"          not yet after {duration(s)}: {what}", stream=self._stream):
            yield
        self.note(f"{time.monotonic() - started:6.1f} s  {what}")

    def note(self, line: str) -> None:
        print(line, file=self._stream, flush=True)
