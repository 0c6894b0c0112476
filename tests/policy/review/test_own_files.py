"""A test writes its own files only, whatever way it takes, and calls no other machine."""

import os
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pytest

from tests.own_files import is_elsewhere, is_own

ROOT = Path(__file__).resolve().parents[3]
SOURCE, NEW = ROOT / "naming.py", ROOT / "made-by-a-test"
CACHED = ROOT / "policies" / "__pycache__" / "gate.cpython-314.pyc"


def through_a_link(folder: Path) -> None:
    (folder / "link").symlink_to(ROOT)
    (folder / "link" / NEW.name).write_text("")


def by_a_map(folder: Path) -> None:
    _ = [*map(Path.touch, [folder / os.path.relpath(NEW, folder)])]


def by_a_number(_: Path) -> None:
    os.close(os.open(NEW, os.O_WRONLY | os.O_CREAT))


WAYS: dict[str, Callable[[Path], object]] = {
    "a text": lambda _: NEW.write_text(""),
    "what is added": lambda _: SOURCE.open("a").close(),
    "a number of a file": by_a_number,
    "another name for what was made": lambda folder: (folder / "a").rename(NEW),
    "another name for a source": lambda folder: SOURCE.rename(folder / "b"),
    "a second name for a source": lambda folder: os.link(SOURCE, folder / "b"),
    "a link": NEW.symlink_to,
    "a link on the way": through_a_link,
    "a function that is handed on": by_a_map,
    "a copy": lambda folder: shutil.copy(folder / "a", NEW),
    "a folder": lambda _: NEW.mkdir(),
    "other rights": lambda _: SOURCE.chmod(0o644),
    "an end": lambda _: os.truncate(SOURCE, 10**6),
    "a removal": lambda _: SOURCE.unlink(),
    "a removal of a folder": lambda _: shutil.rmtree(ROOT / "policies"),
    "a database": lambda _: sqlite3.connect(NEW),
    "what a source is compiled to": lambda _: CACHED.write_bytes(b""),
    "results of other tests": lambda _: (ROOT / "build" / "tests" / "unit.xml").write_text(""),
    "the home of who runs it": lambda _: (Path.home() / ".made-by-a-test").write_text(""),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_would_change_a_file_of_others_is_refused(way: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    source = SOURCE.read_text()

    with pytest.raises(PermissionError, match=r"tests write to temporary folders"):
        WAYS[way](tmp_path)

    assert not NEW.exists()
    assert SOURCE.read_text() == source


OWN: Iterable[Callable[[Path], object]] = (
    lambda folder: (folder / "b").write_text("b"),
    lambda folder: (folder / "a").rename(folder / "b"),
    lambda folder: (folder / "a").unlink(),
    shutil.rmtree,
    lambda _: SOURCE.open().close(),
    lambda folder: shutil.copy(SOURCE, folder / "b"),
    lambda folder: (folder / "b").symlink_to(SOURCE),
    lambda _: Path(os.devnull).write_text(""),
)


@pytest.mark.parametrize("way", OWN)
def test_a_test_does_what_it_likes_to_its_own_files(
    way: Callable[[Path], object], tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("a")
    way(tmp_path)


def test_only_an_import_keeps_what_a_source_is_compiled_to() -> None:
    by_import = partial(is_own, str(CACHED))
    assert by_import("<frozen importlib._bootstrap_external>")
    assert not by_import(__file__)


def test_another_machine_is_not_called() -> None:
    with (
        socket.socket() as caller,
        pytest.raises(PermissionError, match=r"tests call nobody but this machine"),
    ):
        caller.connect(("192.0.2.1", 443))


@pytest.mark.parametrize(
    ("address", "is_other"),
    [
        (("127.0.0.1", 1), False),
        (("localhost", 1), False),
        (("::1", 1, 0, 0), False),
        ("/run/a.socket", False),
        (("8.8.8.8", 53), True),
        (("example.com", 443), True),
        (("::ffff:8.8.8.8", 1, 0, 0), True),
    ],
)
def test_an_address_is_elsewhere_unless_it_is_a_loopback(
    address: object, *, is_other: bool
) -> None:
    assert is_elsewhere(address) is is_other
