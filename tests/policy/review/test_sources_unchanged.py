"""A run of the tests proves something of the sources that it began with, and of no others."""

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
    monkeypatch.setattr(sources_unchanged, "contents", lambda _: {"a.toml": "0"})
    plugin = SourcesUnchanged()

    plugin.pytest_sessionfinish(session)
    assert session.exitstatus == pytest.ExitCode.OK

    monkeypatch.setattr(sources_unchanged, "contents", lambda _: after)
    plugin.pytest_sessionfinish(session)
    assert session.exitstatus == pytest.ExitCode.TESTS_FAILED
    assert ("b.py" if "b.py" in after else "a.toml") in session.lines[0]
