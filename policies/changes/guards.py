"""What guards the gates: the files that say which checks run, and the checks that there are.

Sources are read, not run: a check counts by its name, a test also by the marks that would skip it.
"""

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from policies.changes.documents import document
from policies.templates.template import StackTemplate

NAME = "guards"
FILE = "guards.json"
# Whoever changes one of these decides what is checked, by whom, and from where packages come.
FILES = (
    *(".ci/*", ".github/**/*", ".npmrc", "CODEOWNERS", "Makefile", "pyproject.toml"),
    *("pip.conf", "uv.toml", "policies/declared/*.toml", "requirements/*.in"),
)
CHECKS = {
    "rules": "policies/rules/*.py",
    "kinds": "policies/changes/kinds/*.py",
    "scans": "policies/scan/*.py",
}
TESTS = "tests"
# A test with one of these may be counted without being run.
SKIPPING = ("skip", "xfail")
# What decides about other tests.
DECIDING = ("pytestmark", "collect_ignore", "collect_ignore_glob", "pytest_plugins")


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
    files = sorted({path for each in FILES for path in root.glob(each) if path.is_file()})
    package = json.loads((root / "package.json").read_text())
    return {
        "files": {str(path.relative_to(root)): path.read_text() for path in files},
        "scripts": {"package.json": package.get("scripts", {})},
        "checks": {
            kind: {path.stem: "" for path in sorted(root.glob(pattern))}
            for kind, pattern in CHECKS.items()
        },
        TESTS: {
            str(path.relative_to(root)): dict(_tests(path))
            for path in sorted((root / TESTS).rglob("*.py"))
        },
    }


def _tests(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each test of a file with what would skip it, and what decides about other tests."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            skipping = filter(_skips, node.decorator_list)
            yield node.name, "; ".join(map(ast.unparse, skipping))
    for node in tree.body:
        text = ast.unparse(node)
        if text.startswith(DECIDING) or text.startswith("def pytest_"):
            yield text.split("(")[0].split(" =")[0], text


def _skips(decorator: ast.expr) -> bool:
    names = (node.attr for node in ast.walk(decorator) if isinstance(node, ast.Attribute))
    return any(name.startswith(SKIPPING) for name in names)
