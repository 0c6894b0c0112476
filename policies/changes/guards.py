"""What guards the gates: the files that say which checks run, and the checks that there are.

Sources are read, not run: a check counts by its name, a test also by the marks that would skip it.
"""

import ast
import json
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from policies.changes import packages
from policies.changes.documents import document
from policies.scan.secrets import BUILD_PRODUCTS
from policies.templates.template import StackTemplate

NAME = "guards"
FILE = "guards.json"
# Whoever changes one of these decides what is checked, by whom, and from where packages come. What
# lies in the root does as well: a tool reads it, or Python takes it for the module of that name.
FILES = (
    *("*", ".ci/*", ".github/**/*", "docs/CODEOWNERS", "policies/declared/*.toml"),
    *("requirements/*.in", "services/*/runtime/requirements.in"),
    # What is harmless, and what is compared at all.
    *(f"policies/changes/{name}.py" for name in ("class*", "guards", "legible", "packages")),
)
# These are compared by themselves, make what is compared, or are for people.
ASIDE = (
    *("LICENSE", "README.md", "cdk.json", "naming.py", "pipeline_app.py"),
    *("package.json", "package-lock.json"),
)
# What a desktop leaves behind.
NOBODYS = ".DS_Store"
# In any folder, and read by tools in the place of the root's. So is a name with a dot before it.
SETTINGS = frozenset(
    {
        *("conftest.py", "mypy.ini", "npm-shrinkwrap.json", "pyproject.toml", "pytest.ini"),
        *("pytest.toml", "ruff.toml", "setup.cfg", "sitecustomize.py", "tox.ini"),
        *("usercustomize.py", "uv.toml"),
    }
)
CHECKS = {
    "rules": "policies/rules/*.py",
    "kinds": "policies/changes/kinds/*.py",
    "scans": "policies/scan/*.py",
}
# Tables of named rows, each by the names of its rows.
TABLES = {"hazards": "policies/changes/hazards/*.py"}
TESTS = "tests"
# A test with one of these may be counted without being run.
SKIPPING = frozenset(
    {"skip", "skipif", "xfail", "importorskip", "skipIf", "skipTest", "skipUnless", "SkipTest"}
)
# What decides about other tests, beside what pytest calls by its name.
DECIDING = SKIPPING | {"pytestmark", "collect_ignore", "collect_ignore_glob", "__test__", "_exit"}
HOOK = "pytest_"


def write(root: Path, folder: Path) -> None:
    """Write what guards the gates of the sources in ``root`` to ``folder``."""
    (folder / FILE).write_text(json.dumps(_read(root)))


def written(folder: Path) -> StackTemplate:
    """Return what ``write`` has written to ``folder``."""
    return document(NAME, json.loads((folder / FILE).read_text()))


def here(root: Path) -> StackTemplate:
    """Return what guards the gates of the sources in ``root``."""
    return document(NAME, _read(root))


def _read(root: Path) -> Mapping[str, Any]:
    tests = _parsed(root)
    used = {name for tree in tests.values() for each in _parameters(tree) for name in _names(each)}
    return {
        "files": {name: (root / name).read_text(errors="replace") for name in sorted(_files(root))},
        "packages": packages.named(root),
        "scripts": packages.scripts(root),
        # One of another name may take the place of somebody else's package.
        "modules": {path.parent.name: "" for path in sorted(root.glob("*/__init__.py"))},
        "checks": {
            kind: {path.stem: "" for path in sorted(root.glob(pattern))}
            for kind, pattern in CHECKS.items()
        }
        | {
            kind: {name: "" for path in sorted(root.glob(pattern)) for name in _rows(path)}
            for kind, pattern in TABLES.items()
        },
        TESTS: {name: dict(_tests(tree)) for name, tree in tests.items()},
        "cases": {
            file: cases for file, tree in tests.items() if (cases := dict(_cases(tree, used)))
        },
    }


def _parsed(root: Path) -> Mapping[str, ast.Module]:
    """Return the test files, beside those that are compared as texts."""
    files = sorted((root / TESTS).rglob("*.py"))
    ours = (path for path in files if path.name not in SETTINGS)
    return {str(path.relative_to(root)): ast.parse(path.read_text()) for path in ours}


def _files(root: Path) -> set[str]:
    """Return the names of the files that are compared as texts, relative to ``root``."""
    found = {path for each in FILES for path in root.glob(each)}
    for top in root.iterdir():
        if top.is_dir() and not top.name.startswith(".") and top.name not in BUILD_PRODUCTS:
            for folder, below, names in os.walk(top):
                below[:] = [name for name in below if name not in BUILD_PRODUCTS]
                ours = (name for name in names if name in SETTINGS or name.startswith("."))
                found.update(Path(folder, name) for name in ours)
    files = {path for path in found if path.is_file() and path.name != NOBODYS}
    return {str(path.relative_to(root)) for path in files} - {*ASIDE}


def _rows(table: Path) -> Iterator[str]:
    """Yield the names that the rows of a table are given."""
    for call in ast.walk(ast.parse(table.read_text())):
        if isinstance(call, ast.Call):
            values = (each.value for each in call.keywords if each.arg == "name")
            yield from (str(each.value) for each in values if isinstance(each, ast.Constant))


def _tests(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each test of a file with what would skip it, and what decides about other tests."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_test(node):
            parts = (*node.decorator_list, *node.body)
            yield (
                node.name,
                "; ".join(ast.unparse(each) for each in parts if _names(each) & SKIPPING),
            )
    for node in tree.body:
        if not _is_test(node) and any(_decides(name) for name in _names(node)):
            text = ast.unparse(node)
            yield getattr(node, "name", text.splitlines()[0].split(" =")[0]), text


def _cases(tree: ast.Module, used: Collection[str]) -> Iterator[tuple[str, int]]:
    """Yield how many cases are written down for a test, or in a list that any test uses."""
    for test in filter(_is_test, ast.walk(tree)):
        cases = [case for each in _parameters(test) for case in _members(each)]
        yield from [(_name(test), len(cases))] if cases else []
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and _members(node.value):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and target.id in used:
                yield target.id, len(_members(node.value))


def _parameters(part: ast.AST) -> Iterator[ast.expr]:
    """Yield what a part of a source lets tests run with."""
    for call in ast.walk(part):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "parametrize":
            yield from [*call.args, *(each.value for each in call.keywords)][1:2]


def _members(value: ast.expr | None) -> list[ast.expr]:
    match value:
        case ast.List(elts=members) | ast.Tuple(elts=members) | ast.Set(elts=members):
            return members
        case ast.Dict(values=members):
            return members
        case _:
            return []


def _is_test(node: ast.AST) -> bool:
    return _name(node).startswith("test_")


def _name(node: ast.AST) -> str:
    return str(getattr(node, "name", ""))


def _decides(name: str) -> bool:
    return name in DECIDING or name.startswith(HOOK)


def _names(part: ast.AST) -> set[str]:
    """Return every name that a part of a source defines, imports or uses."""
    fields = ("id", "attr", "name", "asname")
    found = (getattr(node, field, None) for node in ast.walk(part) for field in fields)
    return {name for name in found if isinstance(name, str)}
