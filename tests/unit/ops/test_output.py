"""Progress of long work: a terminal sees it, and nothing else gets a word of it."""

import io

import pytest

from ops.output import progress, watched


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_how_much_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)

    assert list(progress("abcd", "letters", 4)) == list("abcd")

    assert "letters" in terminal.getvalue()
    assert "100%" in terminal.getvalue()


def test_bytes_count_by_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    chunks = watched([b"x" * 30, b"x" * 70], "a.csv", 200)

    assert [len(chunk) for chunk in chunks] == [30, 70]

    assert "50%" in terminal.getvalue()
    assert "100%" not in terminal.getvalue()


def test_what_is_no_terminal_gets_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(progress("abcd", "letters", 4)) == list("abcd")

    assert capsys.readouterr() == ("", "")
