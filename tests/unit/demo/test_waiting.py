import pytest

from local.demo.waiting import wait_while_moving


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that only pauses move; each pause is in the list."""
    pauses_s: list[float] = []
    monkeypatch.setattr("local.demo.waiting.POLL_S", 1.0)
    monkeypatch.setattr("time.sleep", pauses_s.append)
    monkeypatch.setattr("time.monotonic", lambda: sum(pauses_s))
    return pauses_s


def test_waiting_ends_when_it_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    answers = iter([False, False, True])

    assert wait_while_moving(lambda: next(answers), lambda: "same") is True
    assert capsys.readouterr() == ("", "")


def test_waiting_ends_when_nothing_moves_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    is_done = wait_while_moving(lambda: False, lambda: "1 of 2 files", limit_s=0)

    assert is_done is False
    assert capsys.readouterr() == ("", "          no progress for 0 s: 1 of 2 files\n")


def test_waiting_goes_on_as_long_as_something_moves(clock: list[float]) -> None:
    def state() -> str:
        return f"{sum(clock):.0f} s"

    assert wait_while_moving(lambda: sum(clock) > 20, state, limit_s=2) is True


def test_the_time_that_passes_is_no_movement(clock: list[float]) -> None:
    del clock

    assert wait_while_moving(lambda: False, lambda: "", limit_s=9, pace=lambda s: f"{s}") is False


def test_what_is_awaited_is_shown_with_its_pace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ops.progress.EVERY_S", 0.001)
    seen: list[str] = []

    def is_done() -> bool:
        seen.append(capsys.readouterr().err)
        return "1 of 2 files, 3 rows/s\n" in seen[-1]

    monkeypatch.setattr("local.demo.waiting.POLL_S", 0.001)
    assert wait_while_moving(is_done, lambda: "1 of 2 files", pace=lambda _: "3 rows/s") is True
