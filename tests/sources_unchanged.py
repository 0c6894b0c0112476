"""Whether sources and packages are at the end of the tests what they were when the tests began.

A test that changes a file for those after it, such as a list that they judge by, would otherwise
leave no trace but in the work tree of a build. Packages are known by their sizes and times, as
they are thirty thousand files.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from review.tree import ROOT, contents

INSTALLED = (".*venv", "node_modules", ".git/hooks", ".git/info")
SAYS = "red: these are not what they were when the tests began, which prove nothing of them"


class SourcesUnchanged:
    """Makes a run red in which a source comes, goes, or becomes another."""

    def __init__(self) -> None:
        self._folders = [folder for of in INSTALLED for folder in ROOT.glob(of)]
        self._before = self._now()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        changed = self._before ^ self._now()
        if changed:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            files = ", ".join(sorted({file for file, _ in changed}))
            session.config.get_terminal_writer().line(f"\n{SAYS}: {files}", red=True)

    def _now(self) -> set[tuple[str, str]]:
        found = {*contents(ROOT).items()}
        if (of_git := ROOT / ".git/config").is_file():  # which says what git runs
            found.add((".git/config", of_git.read_text()))
        return found.union(*map(installed, self._folders))


def installed(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each file of what is installed in a folder, with its size and time."""
    for parent, folders, files in os.walk(folder):
        folders[:] = {*folders} - {"__pycache__"}
        for file in files:
            path = Path(parent, file)
            about = path.lstat()
            yield str(path.relative_to(folder.parent)), f"{about.st_size} {about.st_mtime_ns}"
