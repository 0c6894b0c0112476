"""What fixtures of a session give to several files of tests: folders, and values.

Each is compared after a file that asks for it. It costs what is in it, once.
"""

import os
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import partial
from pathlib import Path

import pytest


class Given:
    """What the fixtures of a session have given, as it was when it was last looked at."""

    def __init__(self) -> None:
        self._folders: dict[Path, set[tuple[str, str]]] = {}
        self._values: dict[str, tuple[object, int]] = {}
        self._asked: set[str] = set()

    def add(self, fixture: pytest.FixtureDef[object], made: object) -> None:
        """Keep what a fixture has made, if that is for the session."""
        if fixture.scope == "session":
            self._values[fixture.argname] = made, told_apart(made)
            folder = getattr(made, "directory", made)
            if isinstance(folder, str | Path):
                self._folders[Path(folder)] = {*files(Path(folder))}

    def ask(self, item: pytest.Item) -> None:
        """Note which fixtures a test can reach."""
        self._asked |= {*getattr(item, "fixturenames", ())}

    def changed(self) -> Iterator[str]:
        """Yield what is another than when this was called last, of folders their files."""
        for folder in filter(Path.exists, self._folders):
            lost = self._folders[folder] - {*files(folder)}
            self._folders[folder] -= lost
            # Tools lock what they read, and keep beside it what they have made of it.
            yield from (file for file, _ in lost if not file.endswith(".lock"))
        for name in self._asked & self._values.keys():
            value, before = self._values[name]
            self._values[name] = value, (now := told_apart(value))
            yield from (f"fixture {name}",) if now != before else ()
        self._asked.clear()


def told_apart(value: object, known: dict[int, int] | None = None) -> int:
    """Return what tells a value from another one: equal for as long as nothing in it changes.

    What is in containers and in frozen dataclasses counts, each once, but for what an object works
    out later. Of any other object, which may be made to change, it counts only which one it is.
    """
    known = {} if known is None else known
    if id(value) in known:
        return known[id(value)]
    known[id(value)] = 0  # while it is looked at, as it may have itself inside
    tell, kind = partial(told_apart, known=known), type(value)
    found = id(value)
    if isinstance(value, dict):
        found = hash(frozenset((tell(key), tell(of)) for key, of in value.items()))
    elif isinstance(value, list | tuple):
        found = hash((kind, *map(tell, value)))
    elif isinstance(value, set | frozenset):
        found = hash(frozenset(map(tell, value)))
    elif isinstance(value, str | bytes | int | float):
        found = hash((kind, value))
    elif is_dataclass(value) and vars(kind)["__dataclass_params__"].frozen:
        has = [(each.name, getattr(value, each.name)) for each in fields(value)]
        found = hash((kind, *((name, tell(of)) for name, of in has)))
    known[id(value)] = found
    return found


def files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each file in a folder, with its size and the time of its last change of any kind."""
    for parent, folders, names in os.walk(folder):
        folders[:] = {*folders} - {"__pycache__"}
        for path in (Path(parent, name) for name in names):
            about = path.lstat()
            yield str(path.relative_to(folder.parent)), f"{about.st_size} {about.st_ctime_ns}"
