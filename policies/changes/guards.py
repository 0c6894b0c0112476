"""What guards the gates: the files that say which checks run, and the checks that there are.

Sources are read, not run. A check counts by its name and by what its code does, a test module by
what it says (``policies/changes/additions.py``).
"""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from policies import patterns
from policies.changes import judges, packages, pages, places, texts
from policies.changes.documents import document
from policies.changes.sources import CODE, source
from policies.scan.secrets import files
from policies.templates.template import StackTemplate

NAME = "guards"
FILE = "guards.json"
_SAID = patterns.beside(__file__)
ASIDE, NOBODYS, SETTINGS = (frozenset(_SAID[of]) for of in ("aside", "nobodys", "settings"))
FILES, SCANNED, TEST, LOOK_AWAY = (
    re.compile("|".join(_SAID[of])) for of in ("files", "scanned", "test", "look_away")
)
TESTS, AT_IMPORT, MODES = "tests", "at import", "modes"
Rows: TypeAlias = Callable[[Path], Iterator[str]]


def write(root: Path, folder: Path) -> None:
    """Write what guards the gates of the sources in ``root`` to ``folder``."""
    made = here(root)
    (folder / FILE).write_text(json.dumps([made.template, [*made.lines.items()]]))


def written(folder: Path) -> StackTemplate:
    """Return what ``write`` has written to ``folder``."""
    template, lines = json.loads((folder / FILE).read_text())
    return document(NAME, template, lines={tuple(where): line for where, line in lines})


def here(root: Path) -> StackTemplate:
    """Return what guards the gates of the sources in ``root``, with the lines that say so."""
    paths = {name: root / name for name in sorted(files(root)) if (root / name).is_file()}
    said = {
        name: texts.read(name, path.read_bytes().decode(errors="replace"))
        for name, path in paths.items()
        if _decides(path, name)
    }
    tests = (name for name, path in paths.items() if path.name not in SETTINGS)
    code = judges.read(root, SETTINGS)
    # One of another name may take the place of somebody else's package.
    modules = _named(root, "[!_]*/__init__.*")
    shown, seen = pages.read(paths), filter(SCANNED.fullmatch, paths)
    at: dict[tuple[str, ...], str] = {}
    read = {
        "files": {name: value for name, (value, _) in said.items()},
        "packages": packages.read(root, at),
        "modules": modules,
        "checks": {of: _named(root, each, ROWS.get(of)) for of, each in _SAID["checks"].items()},
        CODE: {name: each.does for name, each in code.items()},
        AT_IMPORT: {name: each.at_import for name, each in code.items() if each.at_import},
        "looks away": {
            n: Counter(map(str.strip, LOOK_AWAY.findall(source(paths[n])))) for n in seen
        },
        pages.NAME: {name: "\n".join(part for _, part in each) for name, each in shown.items()},
        MODES: {n: "runs" if p.stat().st_mode & 0o100 else "is read" for n, p in paths.items()},
        places.NAME: places.unknown(root, {*said, *modules}),
        # With what else pytest may take for one.
        TESTS: {name: source(paths[name]) for name in tests if TEST.fullmatch(name)},
    }
    for name, (_, lines) in said.items():
        at |= {("files", name, *where): f"{name}:{line}" for where, line in lines.items()}
    for name, each in code.items():
        path = str(each.path.relative_to(root))
        at |= {(CODE, name): path, (AT_IMPORT, name): path}
        at |= {(CODE, name, str(n)): f"{path}:{line}" for n, line in enumerate(each.lines)}
    for name, parts in shown.items():
        at |= {(pages.NAME, name, str(n)): f"{name}:{line}" for n, (line, _) in enumerate(parts)}
    at |= {(of, name): name for of in (places.NAME, MODES) for name in read[of]}
    return document(NAME, read, lines=at)


def _named(root: Path, pattern: str, rows: Rows | None = None) -> Mapping[str, str]:
    """Return the names of files, or those that the rows of these files are given."""
    paths = [*root.glob(pattern)]
    names = (name for path in paths for name in (rows(path) if rows else [path.relative_to(root)]))
    return dict.fromkeys(sorted(map(str, names)), "")


def _decides(file: Path, name: str) -> bool:
    """Return whether a file, of this name below the root, is compared by what it says."""
    read = name not in ASIDE and (FILES.fullmatch(name) or file.name in SETTINGS)
    return bool(read) and file.name not in NOBODYS


def _rows(table: Path) -> Iterator[str]:
    """Yield the names that the rows of a table are given."""
    yield from (row["name"] for row in tomllib.loads(table.read_text())["row"])


# Checks that are rows of files; any other is a file.
ROWS: Mapping[str, Rows] = {"hazards": _rows, "attacks": judges.attacks}
