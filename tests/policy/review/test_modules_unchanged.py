"""What a file of tests leaves behind, seen in runs of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CONFTEST = """
import sys
sys.path.insert(0, {root!r})
from tests import modules_unchanged
modules_unchanged.ROOT = {folder!r}

def pytest_configure(config):
    config.pluginmanager.register(modules_unchanged.ModulesUnchanged())
"""
RULES = """
ALLOWED = {"a": ["b"]}

class Rule:
    def holds(self): return True

def check(): return [*ALLOWED]
"""
IMPORTS = "import json, operator, os, rules, sys, yaml"
AFTER = "import rules\n\ndef test_later():\n    assert rules.check() == ['a']\n"


def run(folder: Path, test: str) -> str:
    files = {
        "conftest.py": CONFTEST.format(root=str(ROOT), folder=str(folder)),
        "rules.py": RULES,
        "test_1.py": f"{IMPORTS}\nOWN = [1]\n\ndef test_first(monkeypatch):\n    {test}\n",
        "test_2.py": AFTER,
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    ).stdout  # fmt: skip


@pytest.mark.parametrize(
    ("test", "changed"),
    [
        ("rules.ALLOWED['c'] = []", "rules.ALLOWED"),
        ("operator.setitem(rules.ALLOWED, 'a', [])", "rules.ALLOWED"),
        ("[each.append('d') for each in rules.ALLOWED.values()]", "rules.ALLOWED"),
        ("rules.Rule.holds = lambda self: False", "rules.Rule"),
        ("vars(rules)['check'] = list", "rules.check"),
        ("rules.more = 1", "rules.more"),
        ("import _pytest.python as at; at.Function.runtest = print", "_pytest.python.Function"),
        (
            "yaml.SafeLoader.yaml_constructors['b'] = print",
            "yaml.constructor.SafeConstructor",
        ),
        ("json.dumps = repr", "json.dumps"),
        ("OWN.clear()", "its own file.OWN"),
        ("for os.environ['A'] in ['b']: pass", "process.os.environ[A]"),
        (
            "for os.environ['PYTEST_ADDOPTS'] in ['-x']: pass",
            "process.os.environ[PYTEST_ADDOPTS]",
        ),
        ("sys.path[:0] = ['a']", "process.sys.path"),
        ("monkeypatch.setattr(rules, 'check', list); monkeypatch._setattr.clear()", "rules.check"),
    ],
)
def test_what_a_file_of_tests_leaves_changed_is_an_error_that_names_it(
    test: str, changed: str, tmp_path: Path
) -> None:
    said = run(tmp_path, test)

    assert f"for those after them: {changed}" in said
    assert "ERROR test_1.py::test_first" in said


def test_what_is_undone_with_the_test_is_none(tmp_path: Path) -> None:
    said = run(
        tmp_path,
        "monkeypatch.setattr(rules, 'check', list); monkeypatch.setitem(rules.ALLOWED, 1, 2)\n"
        "    monkeypatch.setenv('HOME', 'a')\n"
        "    rules.ALLOWED['z'] = 1; monkeypatch.delitem(rules.ALLOWED, 'a')\n"
        "    del rules.ALLOWED['z']",
    )

    assert "2 passed" in said
    assert "error" not in said
