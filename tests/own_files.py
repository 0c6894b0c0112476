"""Which files tests write, and whom they call: Python asks before it opens, moves or connects.

It asks (``sys.addaudithook``) whoever does so and however, so that no list of ways has to be
complete, and what is refused has not happened. What a process does that a test starts, it doesn't
ask: sources, packages and git are compared when all tests are over (tests/sources_unchanged.py).
"""

import os
import sys
import tempfile
from collections.abc import Generator, Iterator, Sequence
from inspect import currentframe
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from _pytest.assertion import rewrite

ROOT = str(Path(__file__).resolve().parents[1])
# Where tests have folders of their own, and what is kept for those after them.
ANYWHERE = (str(Path(tempfile.gettempdir()).resolve()), "/dev")
HERE = (
    *("build/bundles", "build/console", "build/e2e", "build/least-privilege.md", "build/tmp"),
    *(".hypothesis", ".pytest_cache"),
)
CACHE = "__pycache__"
# Who keeps what modules are compiled to.
IMPORTING = {"<frozen importlib._bootstrap_external>", rewrite.__file__}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Where an event has the paths of what it changes, or gives another name.
CHANGED = {
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.link": (0, 1),
    "os.mkdir": (0,),
    "os.remove": (0,),
    "os.rename": (0, 1),
    "os.rmdir": (0,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "shutil.rmtree": (0,),
    "sqlite3.connect": (0,),
}
# These follow a link at the end of a path, the others change the link.
FOLLOWING = {"open", "os.chmod", "os.truncate", "sqlite3.connect"}
# A folder is removed with what is in it by the numbers under which that is opened.
IN_OPENED = {"os.remove", "os.rmdir"}
WRITES = "tests write to temporary folders, see tests/own_files.py"
CALLS = "tests call nobody but this machine, see tests/own_files.py"


class OwnFiles:
    """Refuses what tests, or their imports, do to files of others and to other machines."""

    def __init__(self) -> None:
        self._is_asked = False
        sys.addaudithook(self._answer)

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Generator[None, object, object]:
        return (yield from self._asked())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        return (yield from self._asked())

    def _asked(self) -> Generator[None, object, object]:
        self._is_asked = True
        try:
            return (yield)
        finally:
            self._is_asked = False

    def _answer(self, event: str, given: Sequence[Any]) -> None:
        """Raise what a function of Python's raises that isn't allowed to do this."""
        if not self._is_asked:
            return
        if event == "socket.connect" and is_elsewhere(given[1]):
            raise PermissionError(f"{given[1]}: {CALLS}")
        for path in changed(event, given):
            asking = getattr(currentframe(), "f_back", None)
            if not is_own(path, asking.f_code.co_filename if asking else ""):
                raise PermissionError(f"{path}: {WRITES}")


def changed(event: str, given: Sequence[Any]) -> Iterator[str]:
    """Yield the paths that an event changes, without links on the way."""
    is_opened = event == "open" and given[2] & WRITING
    for path in (given[at] for at in ((0,) if is_opened else CHANGED.get(event, ()))):
        if isinstance(path, int) or (event in IN_OPENED and given[-1] != -1):
            continue
        named = Path(os.fsdecode(path))
        whole = named.parent.resolve() / named.name
        yield str(whole.resolve() if event in FOLLOWING else whole)


def is_own(path: str, asking: str) -> bool:
    """Return whether tests may change a path; ``asking`` is the source that wants to."""
    below = os.path.relpath(path, ROOT)
    if below.startswith(".."):
        return is_in(path, ANYWHERE)
    is_cache = CACHE in below and (asking in IMPORTING or below.endswith(CACHE))
    return is_cache or is_in(below, HERE) or below == "build"


def is_in(path: str, places: Sequence[str]) -> bool:
    """Return whether a path is one of these, or below it."""
    return any(path == each or path.startswith(f"{each}/") for each in places)


def is_elsewhere(address: object) -> bool:
    """Return whether an address is another machine's."""
    if not isinstance(address, tuple):  # a socket in the file system
        return False
    try:
        return not ip_address(address[0]).is_loopback
    except ValueError:
        return str(address[0]) != "localhost"
