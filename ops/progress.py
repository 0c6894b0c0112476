"""Progress on standard error, shown one way everywhere: per cent, rate and time left.

A terminal sees one line that changes, and is gone in the end. Anything else, a log for instance,
gets a plain line at least every 20 seconds, and none for what is done before. Standard output is
for results.
"""

import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TextIO, TypeAlias, TypeVar

# A busy machine may be late, and 20 seconds are promised.
EVERY_S = 15.0
# How often the line on a terminal changes.
REDRAWN_S = 0.5
CLEAR_LINE = "\r\033[K"
S_PER_MINUTE = MINUTES_PER_H = 60
BYTES, BYTES_PER_MB = "bytes", 1_000_000

# Waits so many seconds; returns whether the work has ended meanwhile.
Wait: TypeAlias = Callable[[float], bool]
Item = TypeVar("Item")
# What is shown now, the innermost last: it alone is seen.
_shown: list[object] = []


def duration(seconds: float) -> str:
    """Return a length of time in words: ``8 s``, ``2 min 5 s``, ``1 h 20 min``."""
    minutes, rest = divmod(round(seconds), S_PER_MINUTE)
    if not minutes:
        return f"{rest} s"
    hours, minutes = divmod(minutes, MINUTES_PER_H)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def described(done: int, total: int | None, elapsed_s: float, unit: str = "") -> str:
    """Return how far work has come: ``42 %, 1,200 of 2,850 rows, 310 rows/s, 5 s left``.

    Without a total, that is how much is done and how fast; without anything done, how long it has
    been going on. What goes beyond ``total`` stays at 100 %.
    """
    if not done:
        return duration(elapsed_s)
    total = max(total, done) if total else None
    shown = [_amount(done, unit)]
    if total:
        shown = [f"{100 * done // total} %", f"{_number(done, unit)} of {_amount(total, unit)}"]
    rate = done / elapsed_s if elapsed_s > 0 else 0.0
    if rate:
        shown.append(_rate(rate, unit))
    if total and rate:
        shown.append(f"{duration((total - done) / rate)} left")
    return ", ".join(shown)


def _number(count: float, unit: str) -> str:
    return f"{count / BYTES_PER_MB:,.1f}" if unit == BYTES else f"{count:,}"


def _amount(count: float, unit: str) -> str:
    return f"{_number(count, unit)} {'MB' if unit == BYTES else unit}".rstrip()


def _rate(rate: float, unit: str) -> str:
    if unit == BYTES:
        return f"{_amount(rate, unit)}/s"
    per_second = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"  # noqa: PLR2004  # two digits
    if rate < 1:
        return f"{rate * S_PER_MINUTE:.1f} {unit}".rstrip() + "/min"
    return f"{per_second} {unit}".rstrip() + "/s"


class Pulse(Protocol):
    """What :func:`pulse` is: tests have another one."""

    def __call__(
        self, text: Callable[[float], str], *, stream: TextIO
    ) -> AbstractContextManager[None]:
        """Show ``text`` on ``stream`` for as long as the block runs."""


def printable(text: str) -> str:
    """Return a text that a terminal shows and does not obey: it may have the name of a file."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


@contextmanager
def pulse(
    text: Callable[[float], str],
    *,
    stream: TextIO | None = None,
    clock: Callable[[], float] = time.monotonic,
    wait: Wait | None = None,
) -> Iterator[None]:
    """Show ``text`` for as long as the block runs; it gets the seconds since its begin.

    Within another pulse, this one is shown instead. ``wait`` and ``clock`` are replaced by tests
    only.
    """
    out = stream or sys.stderr
    ended = threading.Event()
    wait = wait or ended.wait
    is_terminal, began_s = out.isatty(), clock()

    def show() -> None:
        while not wait(REDRAWN_S if is_terminal else EVERY_S):
            if _shown[-1] is not ended:
                continue
            line = printable(text(clock() - began_s))
            # A line that wraps could not be cleared.
            narrow = line[: shutil.get_terminal_size().columns - 1]
            out.write(f"{CLEAR_LINE}{narrow}" if is_terminal else f"{line}\n")
            out.flush()

    _shown.append(ended)
    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        _shown.remove(ended)
        if is_terminal:
            out.write(CLEAR_LINE)
            out.flush()


@contextmanager
def hidden() -> Iterator[None]:
    """Show nothing for as long as the block runs: a person is asked something meanwhile."""
    nothing = object()
    _shown.append(nothing)
    try:
        yield
    finally:
        _shown.remove(nothing)


@contextmanager
def progress_bar(
    label: str, total: int | Callable[[], int] | None = None, unit: str = ""
) -> Iterator[Callable[[int], object]]:
    """Show how far the block has come; yield what is to be called with each step's size.

    ``total`` may be a function, which is called once, while ``label`` is shown already.
    """
    done, known = 0, None if callable(total) else total

    def add(count: int) -> None:
        nonlocal done
        done += count

    with pulse(lambda elapsed_s: f"{label}: {described(done, known, elapsed_s, unit)}"):
        if callable(total):
            known = total()
        yield add


def progress(
    items: Iterable[Item],
    label: str,
    total: int,
    unit: str = "",
    size: Callable[[Item], int] = lambda _: 1,
) -> Iterator[Item]:
    """Yield the items, and show how far that has come; ``size`` is what an item counts for."""
    with progress_bar(label, total, unit) as done:
        for item in items:
            yield item
            done(size(item))


def watched(chunks: Iterable[bytes], label: str, size_bytes: int) -> Iterator[bytes]:
    """Yield the chunks, and show how many of ``size_bytes`` are read."""
    return progress(chunks, label, size_bytes, BYTES, size=len)
