"""What guards the gates: the files that say which checks run, and the checks that there are.

Sources are read, not run. A check counts by its name and by what its code does, a test module by
what it says (``policies/changes/additions.py``).
"""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from policies.changes import judges, packages, texts
from policies.changes.documents import document
from policies.changes.sources import source
from policies.scan.secrets import files
from policies.templates.template import StackTemplate

NAME = "guards"
FILE = "guards.json"
# Whoever changes one of these decides what is checked, by whom, and from where packages come. What
# lies in the root does as well: a tool reads it, or Python takes it for the module of that name.
# So does a name with a dot before it, in any folder.
FILES = re.compile(
    r"[^/]+|\..+|(.+/)?\.[^/]+|docs/CODEOWNERS|policies/declared/[^/]+\.toml"
    r"|(requirements/[^/]+|services/[^/]+/runtime/requirements)\.in"
    r"|(benchmarks|tests/browser)/package\.json"
)
# These are compared by themselves, make what is compared, or are for people.
ASIDE = ("LICENSE", "README.md", "cdk.json", "naming.py", "pipeline_app.py", "package-lock.json")
# What a desktop leaves behind, and git where a work tree is one of several.
NOBODYS = (".DS_Store", ".git")
# Read by tools in any folder, in the place of the root's.
SETTINGS = frozenset(
    {
        *("conftest.py", "mypy.ini", "npm-shrinkwrap.json", "pyproject.toml", "pytest.ini"),
        *("pytest.toml", "ruff.toml", "setup.cfg", "setup.py", "sitecustomize.py", "tox.ini"),
        *("usercustomize.py", "uv.toml"),
    }
)
CHECKS = {
    "rules": "policies/rules/*.py",
    "kinds": "policies/changes/kinds/*.py",
    "scans": "policies/scan/*.py",
}
# Where a comment that tells a scanner to look away is one about a gate, or about what is deployed.
SCANNED = (*("bootstrap", "machine", "policies", "review"), "datasets", "ops", "services", "stages")
LOOK_AWAY = re.compile(
    r"#\s*((?:ruff: |mypy: )?noqa(?::[ ,\w]*)?|type:\s*ignore\S*|nosec"
    r"|(?:fmt|isort|mypy|pragma|pyright|ruff):\s*(?!noqa)\S+)"
)
TESTS, CODE = "tests", "code"


def write(root: Path, folder: Path) -> None:
    """Write what guards the gates of the sources in ``root`` to ``folder``."""
    (folder / FILE).write_text(json.dumps(_read(root)[0]))


def written(folder: Path) -> StackTemplate:
    """Return what ``write`` has written to ``folder``."""
    return document(NAME, json.loads((folder / FILE).read_text()))


def here(root: Path) -> StackTemplate:
    """Return what guards the gates of the sources in ``root``."""
    read, lines = _read(root)
    return replace(document(NAME, read), lines=lines)


def _read(root: Path) -> tuple[Mapping[str, Any], Mapping[tuple[str, ...], str]]:
    """Return what is compared, and file and line of each value of a text and of each test."""
    said = {name: texts.read(name, text) for name, text in _files(root).items()}
    code = judges.read(root, SETTINGS)
    read = {
        "files": {name: value for name, (value, _) in said.items()},
        "packages": packages.read(root),
        # One of another name may take the place of somebody else's package.
        "modules": dict.fromkeys(_named(root, "[!_]*/__init__.*"), ""),
        "checks": {
            **{of: _named(root, each) for of, each in CHECKS.items()},
            **{
                of: [n for p in root.glob(each) for n in rows(p)]
                for of, (each, rows) in TABLES.items()
            },
        },
        CODE: {name: each.does for name, each in code.items()},
        "at import": {name: each.at_import for name, each in code.items() if each.at_import},
        "looks away": {
            name: dict(Counter(each.strip() for each in LOOK_AWAY.findall(text)))
            for name, text in _sources(root, SCANNED)
        },
        TESTS: _tests(root),
    }
    read["checks"] = {of: dict.fromkeys(sorted(n), "") for of, n in read["checks"].items()}
    of_files = {
        ("files", name, *where): f"{name}:{line}"
        for name, (_, lines) in said.items()
        for where, line in lines.items()
    }
    of_code = {
        (key, name): str(each.path.relative_to(root))
        for name, each in code.items()
        for key in (CODE, "at import")
    }
    return read, of_files | of_code


def _named(root: Path, pattern: str) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.glob(pattern))


def _sources(root: Path, folders: Collection[str]) -> Iterator[tuple[str, str]]:
    for name in files(root):
        if name.endswith(".py") and name.split("/")[0] in folders:
            yield name, source(root / name)


def _tests(root: Path) -> Mapping[str, str]:
    """Return the texts of the test modules, and of what else pytest may take for one."""
    sources = _sources(root, [TESTS])
    return {name: text for name, text in sources if Path(name).name not in SETTINGS}


def _files(root: Path) -> Mapping[str, str]:
    """Return the texts of the files that are compared, by their names relative to ``root``."""
    of = {name: Path(name).name for name in files(root) if name not in ASIDE}
    told = (n for n, name in of.items() if FILES.fullmatch(n) or name in SETTINGS)
    ours = (name for name in told if of[name] not in NOBODYS and (root / name).is_file())
    return {name: (root / name).read_text(errors="replace") for name in sorted(ours)}


def _rows(table: Path) -> Iterator[str]:
    """Yield the names that the rows of a table are given."""
    yield from (row["name"] for row in tomllib.loads(table.read_text())["row"])


# Tables of named rows, each by the names of its rows.
TABLES = {
    "hazards": ("policies/changes/hazards/*.toml", _rows),
    "attacks": (judges.FAMILIES, judges.attacks),
}
