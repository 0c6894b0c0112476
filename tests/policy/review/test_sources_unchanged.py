"""A run of the tests proves something of the sources that it began with, and of no others."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import sources_unchanged
from tests.sources_unchanged import SourcesUnchanged


class Session:
    """What is told of a run: its exit code, and the lines at its end."""

    def __init__(self) -> None:
        self.exitstatus = pytest.ExitCode.OK
        self.lines: list[str] = []
        writer = SimpleNamespace(line=lambda text, **_: self.lines.append(text))
        self.config = SimpleNamespace(get_terminal_writer=lambda: writer)


@pytest.mark.parametrize("after", [{"a.toml": "1"}, {}, {"a.toml": "0", "b.py": "0"}])
def test_a_run_is_red_in_which_a_source_comes_goes_or_becomes_another(
    after: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    session: Any = Session()
    monkeypatch.setattr(sources_unchanged, "INSTALLED", ())
    monkeypatch.setattr(sources_unchanged, "contents", lambda _: {"a.toml": "0"})
    plugin = SourcesUnchanged()

    plugin.pytest_sessionfinish(session)
    assert session.exitstatus == pytest.ExitCode.OK

    monkeypatch.setattr(sources_unchanged, "contents", lambda _: after)
    plugin.pytest_sessionfinish(session)
    assert session.exitstatus == pytest.ExitCode.TESTS_FAILED
    assert ("b.py" if "b.py" in after else "a.toml") in session.lines[0]


@pytest.mark.parametrize("what", ["a new file", "another text", "a file that goes"])
def test_a_run_is_red_in_which_a_package_becomes_another(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session: Any = Session()
    package = tmp_path / ".venv" / "lib" / "package.py"
    package.parent.mkdir(parents=True)
    package.write_text("A = 1\n")
    monkeypatch.setattr(sources_unchanged, "ROOT", tmp_path)
    monkeypatch.setattr(sources_unchanged, "contents", lambda _: {})
    plugin = SourcesUnchanged()

    (package.parent / "__pycache__").mkdir()
    (package.parent / "__pycache__" / "package.pyc").write_text("")
    plugin.pytest_sessionfinish(session)
    assert session.exitstatus == pytest.ExitCode.OK

    if what == "a new file":
        package.with_suffix(".pth").write_text("import os\n")
    elif what == "another text":
        package.write_text("A = 12\n")
    else:
        package.unlink()
    plugin.pytest_sessionfinish(session)
    assert session.exitstatus == pytest.ExitCode.TESTS_FAILED
    assert ".venv/lib/package.p" in session.lines[0]


def test_a_run_is_red_in_which_git_is_told_to_run_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session: Any = Session()
    (config := tmp_path / ".git" / "config").parent.mkdir()
    config.write_text("[core]\n")
    monkeypatch.setattr(sources_unchanged, "ROOT", tmp_path)
    monkeypatch.setattr(sources_unchanged, "contents", lambda _: {})
    plugin = SourcesUnchanged()

    config.write_text("[core]\n\tfsmonitor = a\n")
    plugin.pytest_sessionfinish(session)

    assert session.exitstatus == pytest.ExitCode.TESTS_FAILED
    assert ".git/config" in session.lines[0]
