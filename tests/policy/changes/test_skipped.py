"""A new test may use what makes values; what could disturb another one is told."""

import pytest

from policies.changes import guards
from policies.changes.documents import document
from policies.changes.kinds import findings
from policies.changes.update import update
from policies.finding import Finding
from tests.policy.changes.updates import SPEC

FILE = "tests/infra/test_sums.py"
# What is there already, beside the session's fixtures of a conftest.
BASE = """import json
import os
from pathlib import Path

import pytest

from services import sums

ROOT = Path(__file__).parents[1]


def test_sums(stacks):
    assert sums.add(stacks)
"""
SHARED = """@pytest.fixture(scope="session")
def stacks():
    return {}


@pytest.fixture(scope="session")
def primary(stacks):
    return stacks["primary"]
"""
TEST = "def test_more(stacks, primary, tmp_path, request, pytestconfig):\n    "
FIXTURE = '@pytest.fixture(scope="session")\ndef more():\n    '
TOLD = {
    "what a package does for all": "import yaml\ndef test_a():\n    yaml.add_constructor('a', str)",
    "what a module does for all": "from csv import register_dialect",
    "a logger of others": f"{TEST}logging.getLogger('a').addFilter(bool)",
    "a copy over a file": f"{TEST}shutil.copyfile(tmp_path / 'a', 'policies/a')",
    "another program": f"{TEST}subprocess.run(['git', 'checkout', '.'])",
    "what changes trees in their place": "class Rest(ast.NodeTransformer):\n    pass",
    "a plugin": f"{TEST}pytestconfig.pluginmanager.register(sums)",
    "a plugin by its text": f'{TEST}getattr(request.config, "plugin" + "manager").register(sums)',
    "the session by its text": f'{TEST}getattr(request, "session").items.clear()',
    "what pytest has inside": "from _pytest.config import get_config",
    "a session's patch": f"{FIXTURE}pytest.MonkeyPatch().setattr(sums, 'add', len)",
    "a session's patch in a block": (
        f"{FIXTURE}with pytest.MonkeyPatch.context() as a:\n        a.setattr(sums, 'b', 1)\n"
        "        yield"
    ),
    "a session's patch by another name": (
        f"from pytest import MonkeyPatch as Any\n\n\n{FIXTURE}Any().setattr(sums, 'add', len)"
    ),
    "a patch of the standard library's": f"from unittest.mock import patch\n\n\n{TEST}patch('a.b')",
    "a value of what all share": f"{TEST}stacks['primary'] = {{}}",
    "a value in what all share": f"{TEST}primary.template['Resources'].clear()",
    "a value in a part of it": f"{TEST}one = stacks.get('a')\n    one.resources.pop('b')",
    "a value in each part of it": f"{TEST}for each in stacks.values():\n        each.a = 1",
    "a value in its own name for it": f"{TEST}both = stacks\n    both.update(a=1)",
    "a value in place, in its own name": f"{TEST}both = stacks\n    both |= {{'a': 1}}",
    "the environment": f"{TEST}os.environ['A'] = 'b'",
    "the environment, by a call": f"{TEST}os.environ.update(A='b')",
    "the environment, behind Python": f"{TEST}os.putenv('A', 'b')",
    "the environment, by an import": "os.environ['A'] = 'b'",
    "the environment, in a value": "KEPT = os.environ.setdefault('A', 'b')",
    "the environment, by another name": f"{TEST}env = os.environ\n    env['A'] = 'b'",
    "the folder": f"{TEST}os.chdir(tmp_path)",
    "the modules": f"import sys\n\n\n{TEST}sys.modules.pop('json')",
    "the path": f"import sys\n\n\n{TEST}sys.path.insert(0, str(tmp_path))",
    "a module loaded again": f"import importlib\n\n\n{TEST}importlib.reload(sums)",
    "a module's attribute": f"{TEST}sums.add = len",
    "a module's attribute, by a function": f"{TEST}setattr(sums, 'add', len)",
    "a module's attribute, by what it has": f"{TEST}sums.__dict__['add'] = len",
    "a module's list": f"{TEST}sums.KNOWN.append(1)",
    "a class's method": f"{TEST}json.JSONEncoder.default = None",
    "an object's, past its class": f"{TEST}object.__setattr__(sums, 'a', 1)",
    "code as a text": f"{TEST}exec('import json')",
    "chance": f"import random\n\n\n{TEST}random.seed(1)",
    "when the process ends": f"import atexit\n\n\n{TEST}atexit.register(print)",
    "another process's signals": f"import signal\n\n\n{TEST}signal.signal(2, None)",
    "what refuses files of others": f"{TEST}monkeypatch.setattr('tests.own_files.is_own', len)",
    "what compares modules": f"{TEST}monkeypatch.setattr('tests.module_states.changed', len)",
    "what runs it, by its frames": f"{TEST}[at for at, _ in traceback.walk_stack(None)]",
    "what runs it, by a name of theirs": f"{TEST}a = [each.f_locals for each in primary.stack]",
    "what runs it, by texts": f"{TEST}getattr(primary, AT)\n\n\nAT = 'f_locals'",
    "another assembly": f"{TEST}cdk.App(outdir='cdk.out')",
    "a member, by an operator": f"{TEST}operator.setitem(primary, 'a', 1)",
    "a member, by an operator's own name": f"from operator import delitem\n\n\n{TEST}pass",
    "a member, by the class": f"{TEST}list.append(primary, 1)",
    "a member, in its order": f"{TEST}bisect.insort(primary, 1)",
    "a file, opened": f"{TEST}open('a', 'w').close()",
}
FREE = {
    "a test": f"{TEST}assert sums.add(stacks['primary']) == [*primary]",
    "values of its own": f"{TEST}a = {{}}\n    a['a'] = [1]\n    a['a'].append(2)\n    a.clear()",
    "values that are read": f"{TEST}a = json.loads('{{}}')\n    a['a'] = 1\n    a.update(b=2)",
    "files of its own": f"{TEST}(tmp_path / 'a').mkdir()\n    at = tmp_path / 'b'\n    at.touch()",
    "a patch that is undone": (
        "def test_more(monkeypatch: pytest.MonkeyPatch):\n"
        "    monkeypatch.setattr(sums, 'add', len)\n    monkeypatch.setenv('A', 'b')"
    ),
    "a fixture that patches until its test ends": (
        "@pytest.fixture\ndef clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:\n    now = [0]\n"
        "    monkeypatch.setattr(sums, 'now', lambda: now[0])\n    return now"
    ),
    "a fixture of the session": f"{FIXTURE}made = {{}}\n    made['a'] = 1\n    yield made",
    "a stand-in": (
        "class Stub:\n    def __init__(self):\n        self.calls = []\n\n"
        "    def put(self, a):\n        self.calls.append(a)"
    ),
    "a helper that fills what it is given": "def fill(all):\n    all['a'] = 1",
    "cases": "@pytest.mark.parametrize('a', [1, 2])\ndef test_more(a):\n    assert sums.add(a)",
    "the environment, read": f"{TEST}assert os.environ['PATH'] and os.environ.get('A') is None",
    "a fixture's case": "@pytest.fixture(params=[1])\ndef one(request):\n    return request.param",
}


def told(added: str, file: str = FILE) -> list[Finding]:
    old = {"tests": {FILE: BASE}, "files": {"tests/infra/conftest.py": SHARED}}
    new = {**old, "tests": {FILE: BASE, file: f"{BASE}\n\n{added}\n"}}
    return findings(update(document(guards.NAME, old), document(guards.NAME, new), SPEC))


@pytest.mark.parametrize("file", [FILE, "tests/infra/test_new.py", "tests/infra/helper.py"])
@pytest.mark.parametrize("added", TOLD.values(), ids=TOLD)
def test_what_may_disturb_another_test_is_told(added: str, file: str) -> None:
    [found] = told(added, file)

    assert found.kind == "check-skipped"


@pytest.mark.parametrize("added", FREE.values(), ids=FREE)
def test_what_a_test_needs_is_not(added: str) -> None:
    assert told(added) == []
