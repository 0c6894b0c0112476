"""What a file of tests leaves behind, seen in runs of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CONFTEST = """
import sys
sys.path.insert(0, {root!r})
from tests import module_states, modules_unchanged
import hypothesis
module_states.ROOT = {folder!r}
hypothesis.settings.register_profile("thorough", max_examples=300)

def pytest_configure(config):
    config.pluginmanager.register(modules_unchanged.ModulesUnchanged())

import pytest

@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    (folder / "a.json").write_text("1")
    return folder

@pytest.fixture(scope="session")
def value():
    import rules

    return {{"found": rules.Found(), "also": [1]}}
"""
RULES = """
import dataclasses
import functools

import click

@click.command()
def main(): pass

@functools.cache
def read(): return check()

ALLOWED = {"a": ["b"]}

class Rule:
    def holds(self): return True

@dataclasses.dataclass(frozen=True)
class Found:
    rules: list = dataclasses.field(default_factory=list)

def check(): return [*ALLOWED]
"""
LATE = "import rules\nFOUND = rules.check()\n"
IMPORTS = "import click, hypothesis, json, operator, os, pytest, rules, sys, threading, yaml"
AFTER = "import rules\n\ndef test_later(value):\n    assert rules.check() == ['a']\n"


ITEM = "next(e.f_locals['item'] for e in map(sys._getframe, range(60)) if 'item' in e.f_locals)"


def run(folder: Path, test: str, later: str = AFTER, at_import: str = "") -> str:
    files = {
        "late.py": LATE,
        "conftest.py": CONFTEST.format(root=str(ROOT), folder=str(folder)),
        "rules.py": RULES,
        "test_1.py": f"{IMPORTS}\n{at_import}\nOWN = [1]\n\n"
        f"def test_first(monkeypatch, shared, value):\n    {test}\n",
        "test_2.py": later,
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
        ("for operator.add in [max]: pass", "operator.add"),
        (
            "for kind in [type(pytest.raises(OSError))]: kind.__exit__ = any",
            "_pytest.raises.RaisesExc",
        ),
        ("rules.check.__code__ = (lambda: []).__code__", "rules.check"),
        ("for click.echo in [print]: pass", "click.echo"),
        ("rules.main.callback = print", "rules.main"),
        (f"{ITEM}.config.pluginmanager.register(json)", "process.plugins of pytest"),
        (f"{ITEM}.ihook.pytest_runtest_call._hookimpls.pop()", "process.hooks of pytest"),
        (f"{ITEM}.ihook.pytest_runtest_call._hookimpls[0].function = print", "process.hooks of"),
        (f"del {ITEM}.session.items[1:]", "process.tests of pytest"),
        ("(shared / 'a.json').write_text('2')", "shared0/a.json"),
        ("[each.append(2) for each in [value['also']]]", "fixture value"),
        ("value['found'].rules.append(2)", "fixture value"),
        ("hypothesis.settings.load_profile('thorough')", "process.a profile"),
        (
            "threading.Thread(target=threading.Event().wait, daemon=True).start()",
            "process.thread Thread-",
        ),
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


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("obj = (lambda: None)", "_obj"),
        ("runtest = print", "runtest"),
        ("add_marker(pytest.mark.skip); del item.keywords['skip']", "marks"),
        ("parent.add_marker('xfail')", "marks"),
        ("_fixtureinfo.name2fixturedefs['value'][0].func = print", "fixtures"),
    ],
)
def test_what_pytest_knows_of_a_test_cannot_be_changed_by_another(
    change: str, part: str, tmp_path: Path
) -> None:
    said = run(tmp_path, f"item = {ITEM}.session.items[1]; item.{change}")

    assert f"is another than when it was collected: this test.{part}" in said
    assert "ERROR test_2.py::test_later" in said


def test_what_a_file_changes_when_it_is_imported_is_an_error_that_names_both(
    tmp_path: Path,
) -> None:
    said = run(tmp_path, "pass", at_import="[e.append('d') for e in rules.ALLOWED.values()]")

    assert "by test_1, test_2: rules.ALLOWED" in said
    assert "ERROR test_1.py::test_first" in said


def test_what_one_file_changes_at_its_import_and_another_puts_back_is_an_error(
    tmp_path: Path,
) -> None:
    changes = "class Other:\n    known = rules.check\nfor rules.check in [Other()]: pass"
    puts_back = "import rules\nfor rules.check in [type(rules.check).known]: pass\n"

    said = run(tmp_path, "pass", f"{puts_back}\n\ndef test_later(): pass\n", changes)

    assert "by test_1, test_2: rules.check" in said


@pytest.mark.parametrize(
    ("test", "later"),
    [
        ("monkeypatch.setattr(rules, 'check', list); rules.read()", "rules.read()"),
        ("monkeypatch.setattr(rules, 'check', list); import late", "__import__('late').FOUND"),
    ],
)
def test_what_was_worked_out_under_a_patch_is_worked_out_again(
    test: str, later: str, tmp_path: Path
) -> None:
    said = run(tmp_path, test, f"import rules\n\ndef test_later():\n    assert {later} == ['a']\n")

    assert "2 passed" in said


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
