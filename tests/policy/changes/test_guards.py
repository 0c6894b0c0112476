"""Fewer checks, and other rules for running them, are a change like any other."""

from pathlib import Path

import pytest

from policies.changes import guards
from policies.changes.kinds import findings
from policies.changes.update import update
from tests.policy.changes.updates import SPEC

LOCK = f"# made by make lock\na==1 ; python_version < '3.12' \\\n    --hash=sha256:{'a' * 64}\n"
# Each instead of a file that is known, or beside it.
READ_BY_TOOLS = (
    *(".gitattributes", ".gitignore", "GNUmakefile", "cdk.context.json", "conftest.py"),
    *("npm-shrinkwrap.json", "pytest.ini", "pytest.py", "ruff.toml", "setup.cfg", "tox.ini"),
    *("docs/CODEOWNERS", "policies/ruff.toml", "tests/policy/pytest.ini", "tests/.coveragerc"),
)
USED = "@pytest.mark.parametrize('a', sorted(CASES))\ndef test_one(a) -> None: ...\n"
TESTS = "def test_one() -> None: ...\n\n\ndef test_two() -> None: ...\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project."""
    files = {
        "Makefile": "test:\n\tpytest\n",
        "package.json": '{"devDependencies": {"aws-cdk": "1"}}',
        "package-lock.json": '{"packages": {"node_modules/a": {"version": "1"}}}',
        "requirements/dev.in": "a==1\n",
        "requirements/dev.txt": LOCK,
        "policies/rules/names.py": "",
        "policies/changes/hazards/working.py": "HAZARDS = (Hazard(name='mapping-switched'),)",
        "policies/changes/kinds/denial_added.py": "",
        "policies/scan/secrets.py": "",
        "tests/unit/test_thing.py": TESTS,
        "tests/conftest.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def told(root: Path, name: str, text: str | None) -> list[str]:
    """What is told of one file that becomes ``text``, or goes."""
    before = guards.here(root)
    file = root / name
    if text is None:
        file.unlink()
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    found = findings(update(before, guards.here(root), SPEC))
    assert {each.kind for each in found} <= {"unclassified"}
    return [each.rule.removeprefix("unclassified[").partition(" ")[0] for each in found]


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("Makefile", "test:\n\t-pytest\n", "files.Makefile"),
        (".github/workflows/ci.yml", "jobs: {}\n", "files..github/workflows/ci.yml"),
        ("uv.toml", 'index-url = "https://example.com"\n', "files.uv.toml"),
        (
            "package.json",
            '{"devDependencies": {"aws-cdk": "1"}, "scripts": {"postinstall": "a"}}',
            "scripts.package.json.postinstall",
        ),
        (
            "benchmarks/package.json",
            '{"scripts": {"postinstall": "a"}}',
            "scripts.benchmarks/package.json",
        ),
        (
            "policies/declared/role_actions.toml",
            "a = 1\n",
            "files.policies/declared/role_actions.toml",
        ),
        ("policies/rules/names.py", None, "checks.rules.names"),
        ("policies/changes/kinds/denial_added.py", None, "checks.kinds.denial_added"),
        ("policies/scan/secrets.py", None, "checks.scans.secrets"),
        (
            "policies/changes/hazards/working.py",
            "HAZARDS = ()\n",
            "checks.hazards.mapping-switched",
        ),
        ("tests/unit/test_thing.py", None, "tests.tests/unit/test_thing.py"),
        (
            "tests/unit/test_thing.py",
            TESTS.replace("test_two", "_two"),
            "tests.tests/unit/test_thing.py.test_two",
        ),
        (
            "tests/unit/test_thing.py",
            f"@pytest.mark.skip\n{TESTS}",
            "tests.tests/unit/test_thing.py.test_one",
        ),
        (
            "tests/unit/test_thing.py",
            f"@pytest.mark.parametrize('a', [pytest.param(1, marks=pytest.mark.xfail)])\n{TESTS}",
            "tests.tests/unit/test_thing.py.test_one",
        ),
        (
            "tests/unit/test_new.py",
            f"pytestmark = pytest.mark.skip\n{TESTS}",
            "tests.tests/unit/test_new.py",
        ),
        (
            "tests/conftest.py",
            "def pytest_collection_modifyitems(items): items.clear()\n",
            "files.tests/conftest.py",
        ),
        *((name, "a", f"files.{name}") for name in READ_BY_TOOLS),
        ("pytest/__init__.py", "", "modules.pytest"),
        ("policies/changes/classes.py", "HARMLESS = ()\n", "files.policies/changes/classes.py"),
        ("requirements/dev.in", "a==1\nstranger==1\n", "files.requirements/dev.in"),
        ("requirements/dev.txt", f"{LOCK}stranger==1\n", "packages"),
        ("requirements/dev.txt", f"--index-url https://example.com\n{LOCK}", "packages"),
        ("requirements/dev.txt", LOCK.replace("==1", " @ https://example.com/a.whl"), "packages"),
        ("services/a/runtime/requirements.txt", LOCK, "packages"),
        ("package.json", '{"devDependencies": {"aws-cdk": "github:stranger/cdk"}}', "packages"),
        ("package.json", '{"devDependencies": {"aws-cdk": "1", "stranger": "1"}}', "packages"),
        (
            "package.json",
            '{"devDependencies": {"aws-cdk": "1"}, "overrides": {"a": "b"}}',
            "packages",
        ),
        (
            "package-lock.json",
            '{"packages": {"node_modules/a": {"version": "1", "hasInstallScript": true}}}',
            "packages",
        ),
    ],
)
def test_what_weakens_the_gates_is_told(root: Path, name: str, text: str, where: str) -> None:
    assert told(root, name, text) == [where]


@pytest.mark.parametrize(
    "weaker",
    [
        f"{TESTS}@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_call(item): return 0\n",
        f"from elsewhere import pytest_collection_modifyitems\n{TESTS}",
        f"pytest_pyfunc_call = print\n{TESTS}",
        f"if True:\n    collect_ignore = ['test_thing.py']\n{TESTS}",
        f"pytest.skip('later', allow_module_level=True)\n{TESTS}",
        f"os._exit(0)\n{TESTS}",
        f"later = pytest.mark.skip\n@later\n{TESTS}",
        f"@skip\n{TESTS}",
        f"__test__ = False\n{TESTS}",
        TESTS.replace("...", "pytest.skip()", 1),
        "@pytest.fixture(autouse=True)\ndef later():\n    pytest.skip()\n" + TESTS,
    ],
)
def test_a_test_that_would_not_run_is_told_however_it_is_written(root: Path, weaker: str) -> None:
    assert len(told(root, "tests/unit/test_thing.py", weaker)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "@pytest.mark.parametrize('a', [1, 2, 3])\ndef test_one(a) -> None: ...\n",
        "@pytest.mark.parametrize('a', argvalues=(1, 2, 3))\ndef test_one(a) -> None: ...\n",
        f"CASES = [1, 2, 3]\n{USED}",
        f"CASES: dict[str, int] = {{'a': 1, 'b': 2, 'c': 3}}\n{USED}",
    ],
)
def test_fewer_cases_of_a_test_are_told_and_more_are_not(root: Path, text: str) -> None:
    file = "tests/unit/test_cases.py"

    assert told(root, file, text) == []
    assert told(root, file, text.replace("3", "3, *OTHERS").replace("3, *OTHERS}", "3, **O}")) == []
    [where] = told(root, file, text.replace(", 2", "").replace(", 'b': 2", ""))

    assert where.startswith(f"cases.{file}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.md", "More.\n"),
        ("requirements/dev.txt", LOCK.replace("==1", "==2").replace("a" * 64, "b" * 64)),
        ("package-lock.json", '{"packages": {"node_modules/a": {"version": "2"}}}'),
        ("docs/.DS_Store", "a"),
        ("node_modules/a/pytest.ini", "a"),
        ("package.json", '{"devDependencies": {"aws-cdk": "2"}}'),
        ("policies/rules/another.py", ""),
        ("tests/unit/test_thing.py", f"{TESTS}\n\ndef test_three() -> None: ...\n"),
        ("tests/unit/test_new.py", TESTS),
        (
            "tests/unit/test_new.py",
            f"@pytest.mark.parametrize('mark', ['@pytest.mark.skip'])\n{TESTS}",
        ),
    ],
)
def test_what_does_not_weaken_them_is_not(root: Path, name: str, text: str) -> None:
    assert told(root, name, text) == []


def test_the_lines_that_differ_are_shown(root: Path) -> None:
    before = guards.here(root)
    (root / "Makefile").write_text("test:\n\t-pytest\n")

    [found] = findings(update(before, guards.here(root), SPEC))

    assert "-\tpytest\n      +\t-pytest" in found.message


def test_what_is_written_is_what_is_read(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("written")
    guards.write(root, folder)

    assert guards.written(folder) == guards.here(root)
