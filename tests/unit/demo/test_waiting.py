from io import StringIO

import pytest
from rich.console import Console

from local.demo.waiting import wait_while_moving


@pytest.fixture
def shown() -> StringIO:
    return StringIO()


@pytest.fixture
def console(shown: StringIO) -> Console:
    return Console(file=shown, width=100)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that only pauses move; each pause is in the list."""
    pauses_s: list[float] = []
    monkeypatch.setattr("local.demo.waiting.POLL_S", 1.0)
    monkeypatch.setattr("time.sleep", pauses_s.append)
    monkeypatch.setattr("time.monotonic", lambda: sum(pauses_s))
    return pauses_s


def test_waiting_ends_when_it_is_done(console: Console) -> None:
    answers = iter([False, False, True])

    assert wait_while_moving(lambda: next(answers), lambda: "same", console=console) is True


def test_waiting_ends_when_nothing_moves_and_says_so(console: Console, shown: StringIO) -> None:
    is_done = wait_while_moving(lambda: False, lambda: "1 of 2 files", limit_s=0, console=console)

    assert is_done is False
    assert "no progress for 0 s: 1 of 2 files" in shown.getvalue()


def test_waiting_goes_on_as_long_as_something_moves(console: Console, clock: list[float]) -> None:
    def state() -> str:
        return f"{sum(clock):.0f} s"

    assert wait_while_moving(lambda: sum(clock) > 20, state, limit_s=2, console=console) is True


def test_a_log_gets_a_line_every_ten_seconds(
    console: Console, shown: StringIO, clock: list[float]
) -> None:
    wait_while_moving(lambda: sum(clock) > 35, lambda: "1 of 2 files", console=console)

    assert shown.getvalue().count("          1 of 2 files\n") == 3


def test_a_terminal_shows_the_state_on_one_line_and_erases_it(shown: StringIO) -> None:
    answers, terminal = iter([False] * 3 + [True]), Console(file=shown, force_terminal=True)

    wait_while_moving(lambda: next(answers), lambda: "1 of [2] files", console=terminal)

    assert "1 of [2] files" in shown.getvalue()
    assert shown.getvalue().endswith("\x1b[1A\x1b[2K")  # one line up, and erase it
