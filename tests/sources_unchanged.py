"""Whether all sources are at the end of the tests what they were when the tests began.

A test that changes a file for those after it, such as a list that they judge by, would otherwise
leave no trace but in the work tree of a build.
"""

import pytest

from review.tree import ROOT, contents

SAYS = "red: these are not what they were when the tests began, which prove nothing of them"


class SourcesUnchanged:
    """Makes a run red in which a source comes, goes, or becomes another."""

    def __init__(self) -> None:
        self._before = {*contents(ROOT).items()}

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        changed = self._before ^ {*contents(ROOT).items()}
        if changed:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            files = ", ".join(sorted({file for file, _ in changed}))
            session.config.get_terminal_writer().line(f"\n{SAYS}: {files}", red=True)
