"""Whether sources and packages are at the end of the tests what they were when the tests began.

A test that changes a file for those after it, such as a list that they judge by, would otherwise
leave no trace but in the work tree of a build. Packages are known by their sizes and times, as
they are thirty thousand files.
"""

import pytest

from review.tree import ROOT, contents
from tests.given import files

INSTALLED = (".*venv", "node_modules", ".git/hooks", ".git/info", "build/bundles")
SAYS = "red: these are not what they were when the tests began, which prove nothing of them"


class SourcesUnchanged:
    """Makes a run red in which a source comes, goes, or becomes another."""

    def __init__(self) -> None:
        self._folders = [folder for of in INSTALLED for folder in ROOT.glob(of)]
        self._before = self._now()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        now = self._now()
        # Of bundles there may be more, as tests make them.
        changed = (self._before - now) | {each for each in now - self._before if not _is_made(each)}
        if changed:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            names = ", ".join(sorted({file for file, _ in changed}))
            session.config.get_terminal_writer().line(f"\n{SAYS}: {names}", red=True)

    def _now(self) -> set[tuple[str, str]]:
        found = {*contents(ROOT).items()}
        if (of_git := ROOT / ".git/config").is_file():  # which says what git runs
            found.add((".git/config", of_git.read_text()))
        return found.union(*map(files, self._folders))


def _is_made(file: tuple[str, str]) -> bool:
    return file[0].startswith("bundles/")
