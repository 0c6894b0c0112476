"""Progress of long work: how far it is, how fast, and how long it will take."""

import io
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops import progress
from ops.progress import EVERY_S, described, duration, progress_bar, pulse, watched


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """Time that passes only when somebody waits for it, and then at once; ``ends`` is when."""

    def __init__(self, ends_s: float) -> None:
        self.now_s = 0.0
        self.ended = threading.Event()
        self._ends_s = ends_s

    def wait(self, seconds: float) -> bool:
        self.now_s += seconds
        if self.now_s > self._ends_s:
            self.ended.set()
        return self.ended.is_set()


def shown_on(stream: io.StringIO, ends_s: float, text: Callable[[float], str]) -> str:
    clock = Clock(ends_s)
    with pulse(text, stream=stream, clock=lambda: clock.now_s, wait=clock.wait):
        assert clock.ended.wait(10)
    return stream.getvalue()


def test_a_log_gets_a_line_at_least_every_20_seconds() -> None:
    written = shown_on(io.StringIO(), 65, lambda elapsed_s: f"at {elapsed_s:g} s")

    assert EVERY_S < 20
    assert written == "at 15 s\nat 30 s\nat 45 s\nat 60 s\n"


def test_what_is_done_at_once_leaves_no_line_in_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(progress.progress("abcd", "letters", 4)) == list("abcd")

    assert capsys.readouterr() == ("", "")


def test_a_terminal_has_one_line_that_is_gone_in_the_end() -> None:
    written = shown_on(Terminal(), 1, lambda elapsed_s: f"at {elapsed_s:g} s")

    assert "\n" not in written
    assert written.split(progress.CLEAR_LINE) == ["", "at 0.5 s", "at 1 s", ""]


def test_a_line_fits_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")

    assert shown_on(Terminal(), 0.6, lambda _: "x" * 50).split(progress.CLEAR_LINE)[1] == "x" * 19
    assert shown_on(io.StringIO(), 25, lambda _: "x" * 50) == "x" * 50 + "\n"


def test_the_name_of_a_file_tells_a_terminal_nothing() -> None:
    assert shown_on(io.StringIO(), 25, lambda _: "a\x1b[2J\nb.csv") == "a\ufffd[2J\ufffdb.csv\n"


@pytest.mark.parametrize(
    "inner", [lambda: pulse(lambda _: "inner", stream=io.StringIO()), progress.hidden]
)
def test_a_pulse_is_not_seen_within_another_one_or_while_somebody_is_asked(
    inner: Callable[[], AbstractContextManager[None]],
) -> None:
    stream, clock, opened = io.StringIO(), Clock(65), threading.Event()

    def wait(seconds: float) -> bool:
        assert opened.wait(10)
        return clock.wait(seconds)

    with (
        pulse(lambda _: "outer", stream=stream, clock=lambda: 0, wait=wait),
        inner(),
    ):
        opened.set()
        assert clock.ended.wait(10)

    assert stream.getvalue() == ""


def test_per_cent_rate_and_time_left_are_shown_where_the_total_is_known() -> None:
    assert described(1200, 3000, 4, "rows") == "40 %, 1,200 of 3,000 rows, 300 rows/s, 6 s left"
    assert described(1, 4, 120, "scenarios") == (
        "25 %, 1 of 4 scenarios, 0.5 scenarios/min, 6 min 0 s left"
    )
    assert described(12_000_000, 48_000_000, 4, progress.BYTES) == (
        "25 %, 12.0 of 48.0 MB, 3.0 MB/s, 12 s left"
    )


def test_without_a_total_there_is_no_share_and_no_time_left() -> None:
    assert described(50, None, 10, "items") == "50 items, 5.0 items/s"
    assert described(0, None, 75) == "1 min 15 s"


def test_a_length_of_time_is_in_words() -> None:
    assert [duration(each) for each in (0.2, 59.4, 60, 3725)] == [
        *("0 s", "59 s", "1 min 0 s", "1 h 2 min"),
    ]


@given(st.integers(0), st.none() | st.integers(0), st.floats(0, 1e6))
def test_any_numbers_can_be_shown(done: int, total: int | None, elapsed_s: float) -> None:
    text = described(done, total, elapsed_s, "rows")

    if total and done:
        assert int(text.partition(" %")[0]) <= 100


def test_the_total_may_be_counted_while_the_line_is_shown_already(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(progress, "REDRAWN_S", 0.001)
    seen = threading.Event()
    monkeypatch.setattr(terminal, "flush", lambda: seen.set() if terminal.getvalue() else None)

    def total() -> int:
        assert seen.wait(10)
        return 4

    with progress_bar("letters", total) as done:
        assert "letters: 0 s" in terminal.getvalue()
        done(1)
        seen.clear()
        while "25 %, 1 of 4" not in terminal.getvalue():
            assert seen.wait(10)
            seen.clear()


def test_bytes_are_counted_and_passed_on() -> None:
    assert list(watched([b"x" * 30, b"x" * 70], "a.csv", 200)) == [b"x" * 30, b"x" * 70]
