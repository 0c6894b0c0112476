"""Fewer checks, and other rules for running them, are a change like any other."""

import json
from pathlib import Path

import pytest

from policies.changes import guards
from policies.changes.kinds import findings
from policies.changes.update import update
from tests.policy.changes.updates import SPEC

ROOT = Path(__file__).resolve().parents[3]
LOCK = f"# made by make lock\na==1 ; python_version < '3.12' \\\n    --hash=sha256:{'a' * 64}\n"
# Each instead of a file that is known, or beside it.
READ_BY_TOOLS = {
    ".gitignore": "tool-settings",
    "GNUmakefile": "command-changed",
    ".gitattributes": "git-attributes",
    "cdk.context.json": "lookup-recorded",
    **dict.fromkeys(("conftest.py", "pytest.ini", "setup.cfg", "tox.ini"), "tests-deselected"),
    **dict.fromkeys(("tests/policy/pytest.ini", "tests/.coveragerc"), "tests-deselected"),
    **dict.fromkeys(("ruff.toml", "policies/ruff.toml"), "lint-loosened"),
    "npm-shrinkwrap.json": "package-redirected",
    "docs/CODEOWNERS": "owners-changed",
    "pytest.py": "module-shadowed",
}
MAKEFILE, CI = ".PHONY: b\ntest:\n\tpytest\n", ".github/workflows/ci.yml"
JOBS = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n    - {run: make}\n"
TESTS = "def test_one() -> None: ...\n\n\ndef test_two() -> None: ...\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project."""
    files = {
        "Makefile": MAKEFILE,
        "package.json": '{"devDependencies": {"aws-cdk": "1"}}',
        "package-lock.json": '{"packages": {"node_modules/a": {"version": "1"}}}',
        "requirements/dev.in": "a==1\n",
        "requirements/dev.txt": LOCK,
        "policies/rules/names.py": "",
        "policies/changes/hazards/working.toml": "[[row]]\nname = 'mapping-switched'\n",
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
    return [each.rule for each in found]


@pytest.mark.parametrize(
    ("name", "text", "starts"),
    [
        (
            "Makefile",
            ".PHONY: b\ntest:\n\t-pytest\n",
            "command-changed[files.Makefile.targets.test.recipe",
        ),
        (".github/workflows/ci.yml", "jobs: {}\n", "job-added[files..github/workflows/ci"),
        ("uv.toml", 'index-url = "a"\n', "package-redirected[files.uv.toml nothing"),
        (
            "package.json",
            '{"devDependencies": {"aws-cdk": "1"}, "scripts": {"postinstall": "a"}}',
            "package-script[files.package.json.scripts nothing",
        ),
        (
            "benchmarks/package.json",
            '{"scripts": {"postinstall": "a"}}',
            "package-redirected[files.benchmarks/package.json nothing",
        ),
        (
            "policies/declared/role_actions.toml",
            "a = 1\n",
            "declaration-widened[files.policies/declared/role_actions.toml nothing",
        ),
        ("policies/rules/names.py", None, "check-removed[checks.rules.policies/rules/names.py"),
        (
            "policies/changes/kinds/denial_added.py",
            None,
            "check-removed[checks.kinds.policies/changes/kinds/denial_",
        ),
        ("policies/scan/secrets.py", None, "check-removed[checks.scans.policies/scan/secrets.py"),
        ("policies/rules/names.py", "pass", "check-rewritten[code.policies/rules/names.py"),
        ("tests/unit/test_thing.py", None, "check-removed[tests.tests/unit/test_thing.py sha256:"),
        (
            "tests/unit/test_thing.py",
            TESTS.replace("test_two", "_two"),
            "test-rewritten[tests.tests/unit/test_thing.py ",
        ),
        (
            "tests/unit/test_thing.py",
            f"@pytest.mark.skip\n{TESTS}",
            "test-rewritten[tests.tests/unit/test_thing.py ",
        ),
        (
            "tests/unit/test_thing.py",
            f"@pytest.mark.parametrize('a', [pytest.param(1, marks=pytest.mark.xfail)])\n{TESTS}",
            "test-rewritten[tests.tests/unit/test_thing.py ",
        ),
        (
            "tests/unit/test_new.py",
            f"pytestmark = pytest.mark.skip\n{TESTS}",
            "check-skipped[tests.tests/unit/test_new.py",
        ),
        (
            "tests/conftest.py",
            "def pytest_collection_modifyitems(items): items.clear()\n",
            "tests-deselected[files.tests/conftest.py",
        ),
        *((name, "a", f"{kind}[files.{name} ") for name, kind in READ_BY_TOOLS.items()),
        ("pytest/__init__.py", "", "module-shadowed[modules.pytest/__init__.py"),
        (
            "requirements/dev.in",
            "a==1\nother==1\n",
            "package-added[files.requirements/dev.in.other",
        ),
        ("requirements/dev.txt", f"{LOCK}other==1\n", "package-added[packages.other"),
        (
            "requirements/dev.txt",
            f"--index-url b\n{LOCK}",
            "package-redirected[packages.(settings)",
        ),
        (
            "requirements/dev.txt",
            LOCK.replace("a" * 64, "b" * 64),
            "package-rebuilt[packages.a.requirements/dev.txt.locked",
        ),
        (
            "requirements/dev.txt",
            LOCK.replace("==1", "==0.9"),
            "package-downgraded[packages.a.requirements/dev.txt.locked",
        ),
        (
            "requirements/dev.txt",
            LOCK.replace(" ; python_version < '3.12'", ""),
            "package-removed[packages.a.requirements/dev.txt.only",
        ),
        ("services/a/runtime/requirements.txt", LOCK, "package-added[packages.a.services/a/"),
        (
            "package.json",
            '{"devDependencies": {"aws-cdk": "github:stranger/cdk"}}',
            "package-redirected[files.package.json.devDependencies.aws-cdk",
        ),
        (
            "package.json",
            '{"devDependencies": {"aws-cdk": "1", "stranger": "1"}}',
            "package-added[files.package.json.devDependencies.stranger",
        ),
        (
            "package.json",
            '{"devDependencies": {"aws-cdk": "1"}, "overrides": {"a": "b"}}',
            "package-redirected[files.package.json.overrides",
        ),
        (
            "package-lock.json",
            '{"packages": {"node_modules/a": {"version": "1", "hasInstallScript": true}}}',
            "package-script[packages.node_modules/a.package-lock.json.hasInstallScript",
        ),
    ],
)
def test_what_weakens_the_gates_is_told_by_its_name(
    root: Path, name: str, text: str, starts: str
) -> None:
    [found] = told(root, name, text)

    assert found.startswith(starts)


@pytest.mark.parametrize(
    "weaker",
    [
        f"{TESTS}@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_call(item): return 0\n",
        f"from elsewhere import pytest_collection_modifyitems\n{TESTS}",
        f"pytest_pyfunc_call = print\n{TESTS}",
        f"if True:\n    collect_ignore = ['test_thing.py']\n{TESTS}",
        f"pytest.skip('later', allow_module_level=True)\n{TESTS}",
        f"os._exit(0)\n{TESTS}",
        f"{TESTS}later = pytest.mark.skip\n",
        f"@skip\n{TESTS}",
        f"__test__ = False\n{TESTS}",
        TESTS.replace("...", "pytest.skip()", 1),
        "@pytest.fixture(autouse=True)\ndef later():\n    pytest.skip()\n" + TESTS,
    ],
)
def test_a_test_that_would_not_run_is_told_however_it_is_written(root: Path, weaker: str) -> None:
    assert len(told(root, "tests/unit/test_thing.py", weaker)) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements/dev.txt", LOCK.replace("==1", "==2").replace("a" * 64, "b" * 64)),
        ("package-lock.json", '{"packages": {"node_modules/a": {"version": "2"}}}'),
        ("docs/.DS_Store", "a"),
        ("node_modules/a/pytest.ini", "a"),
        ("package.json", '{"devDependencies": {"aws-cdk": "2"}}'),
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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("policies/rules/another.py", "import re\nA = re.compile('a')\n\n\ndef check(a): ...\n"),
        ("policies/changes/another.py", "from re import Match\nA: tuple[Match, ...] = ()\n"),
        ("policies/rules/another.toml", "a = 1\n"),
    ],
)
def test_a_new_part_of_the_gates_is_told_once(root: Path, name: str, text: str) -> None:
    [found] = told(root, name, text)

    assert found.startswith("check-added[")


def test_the_lines_that_differ_are_shown_and_the_first_line_of_them(root: Path) -> None:
    before = guards.here(root)
    (root / "Makefile").write_text("# Why.\n.PHONY: b\ntest:\n\tpytest\n\truff\n")

    [found] = findings(update(before, guards.here(root), SPEC))

    assert found.message.endswith("+ruff")
    assert found.source == "Makefile:5"


@pytest.mark.parametrize(
    ("gone", "line"),
    [
        ("export A := 1\n", 2),
        ("b:\n\tls\n", 5),
        ("\tmypy\n", 9),
        ("\tpytest\n", 9),
        (" d", 7),
        ("e:\n\tls\n", 10),
    ],
)
def test_what_is_gone_is_told_where_it_stood_or_at_the_last_line_that_is_left(
    root: Path, tmp_path_factory: pytest.TempPathFactory, gone: str, line: int
) -> None:
    folder = tmp_path_factory.mktemp("written")
    makefile = (
        "# Why.\nexport A := 1\nB := 2\n\nb:\n\tls\nc: d\n\truff\n\tmypy\n\tpytest\ne:\n\tls\n"
    )
    (root / "Makefile").write_text(makefile)
    guards.write(root, folder)
    (root / "Makefile").write_text(makefile.replace(gone, "", 1))

    found = findings(update(guards.written(folder), guards.here(root), SPEC))

    assert {each.source for each in found} == {f"Makefile:{line}"}
    assert all(text in found[0].message for text in gone.partition(":")[0].split())


@pytest.mark.parametrize(
    ("name", "shown_by"),
    [
        ("policies/rules/names.py", "make attack"),
        ("fuzzing/corpus/rows.jsonl", "make fuzz"),
        ("mutation/survivors.toml", "make mutants"),
        ("samples/expected.json", "python -m tests.samples"),
        ("tests/samples/samples.py", "python -m tests.samples"),
        ("ops/alarms.py", "pytest tests/unit/ops tests/adapters/ops"),
        ("local/drill/verdict.py", "make drill"),
        ("services/bundling.py", "make scan"),
        ("machine/preflight.py", "tests/unit/machine"),
        ("bootstrap/boundary.toml", "tests/policy/bootstrap"),
        ("tests/infra/limits.toml", "break once what it proves"),
    ],
)
def test_who_rewrites_a_check_is_told_what_shows_that_it_still_holds(
    root: Path, name: str, shown_by: str
) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("a = 1\n")
    before = guards.here(root)
    (root / name).write_text("a = 2\n")

    (found,) = findings(update(before, guards.here(root), SPEC))

    assert found.kind.endswith("-rewritten")
    assert shown_by in found.remedy


@pytest.mark.parametrize("again", ["test:\n\techo a: b\n", "test: ; ls\n"])
def test_a_second_recipe_of_a_target_is_told_where_it_stands(root: Path, again: str) -> None:
    before = guards.here(root)
    (root / "Makefile").write_text(f".PHONY: b\ntest:\n\tpytest\n\truff\n\n{again}")

    _, found = findings(update(before, guards.here(root), SPEC))

    assert found.rule.startswith("command-changed[files.Makefile.targets.test.overridden ")
    assert found.message.endswith("no longer runs: pytest\nruff")
    assert found.source == f"Makefile:{6 if ';' in again else 7}"


def test_more_of_one_recipe_is_no_second_one(root: Path) -> None:
    for more in ("test:: a\n\tb\ntest:: c\n\td\n", "ifdef A\na:\n\tb\nelse\na:\n\tc\nendif\n"):
        before = guards.here(root)
        (root / "Makefile").write_text(more)
        found = findings(update(before, guards.here(root), SPEC))
        assert not [each for each in found if "overridden" in each.rule], more


def test_modules_that_would_stand_before_all_others_in_tests_are_named(root: Path) -> None:
    settings = '[tool.pytest.ini_options]\npythonpath = ["."]\n'
    (root / "pyproject.toml").write_text(settings)
    (root / "tests/support").mkdir()
    (root / "tests/support/yaml.py").touch()
    before = guards.here(root)
    (root / "pyproject.toml").write_text(settings.replace('["', '["tests/support", "'))

    (found,) = findings(update(before, guards.here(root), SPEC))

    assert found.kind == "tests-deselected"
    assert found.message.endswith("gets that one: tests/support/yaml")
    assert "becomes" not in found.message


@pytest.mark.parametrize(
    ("file", "before", "after", "starts"),
    [
        (
            "Makefile",
            MAKEFILE,
            MAKEFILE + "new: test\n\tls\n",
            "target-added[files.Makefile.targets.new",
        ),
        (CI, JOBS, JOBS + "  b: {steps: [{run: ls}]}\n", f"job-added[files.{CI}.jobs.b"),
        (CI, JOBS, JOBS + "    - {run: ls}\n", f"step-added[files.{CI}.jobs.a.steps."),
        (".github/workflows/new.yml", "", JOBS, "job-added[files..github/workflows/new.yml"),
    ],
)
def test_whoever_adds_a_target_a_job_or_a_step_says_what_it_does(
    root: Path, file: str, before: str, after: str, starts: str
) -> None:
    (root / ".github/workflows").mkdir(parents=True)
    if before:
        (root / file).write_text(before)

    [found] = told(root, file, after)

    assert found.startswith(starts)


def test_code_says_the_same_with_other_comments_and_promises_but_not_without_a_line(
    root: Path,
) -> None:
    file = "policies/rules/names.py"
    (root / file).write_text('def check(a):\n    """Find it."""\n    yield a\n')

    assert (
        told(root, file, '"""Names."""\n\n\ndef check(a):\n    """Find."""  # why\n    yield a\n')
        == []
    )
    [found] = told(root, file, "def check(a):\n    return\n    yield a\n")
    assert found.startswith(f"check-rewritten[code.{file}")


def test_code_that_says_something_else_is_told_by_its_lines(root: Path) -> None:
    file = "policies/rules/names.py"
    (root / file).write_text("def check(a):\n    yield a\n")
    before = guards.here(root)
    (root / file).write_text('"""New."""\n\ndef check(a):\n\n    # new\n    yield b\n')

    [found] = findings(update(before, guards.here(root), SPEC))

    assert found.source == f"{file}:6"
    assert "by the same name; these lines differ:" in found.message
    assert found.message.endswith("-    yield a\n      +    yield b")


def test_a_file_that_says_something_else_is_told_at_its_first_line_that_does(root: Path) -> None:
    file = ".github/scripts/comment.sh"
    (root / file).parent.mkdir(parents=True)
    (root / file).write_text("one\ntwo\nthree\n")
    before = guards.here(root)
    (root / file).write_text("one\ntwo\n3\n")

    [found] = findings(update(before, guards.here(root), SPEC))

    assert found.source == f"{file}:3"


def test_a_package_is_told_at_its_line_in_the_lock_file(root: Path) -> None:
    packages = {"": {}, "node_modules/a": {"bin": {}}, "node_modules/b": {"integrity": "c"}}
    node, python = root / "package-lock.json", root / "requirements/dev.txt"
    node.write_text(json.dumps({"packages": packages}, indent=2))
    before = guards.here(root)
    node.write_text(json.dumps({"packages": {**packages, "node_modules/b": {}}}, indent=2))
    python.write_text(f"{LOCK}b==2 \\\n    --hash=sha256:{'2' * 64}\n")
    at = f"requirements/dev.txt:{len(LOCK.splitlines()) + 1}"

    found = findings(update(before, guards.here(root), SPEC))

    assert {each.kind: each.source for each in found} == {
        "package-added": at,
        "package-rebuilt": "package-lock.json:7",
    }


def test_what_is_written_is_what_is_read(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("written")
    guards.write(root, folder)

    assert guards.written(folder) == guards.here(root)


@pytest.mark.parametrize(
    "folder", ["tests/build", "tests/cdk.out", "tests/old_cache", "tests/a-venv"]
)
def test_a_folder_that_is_named_like_what_a_tool_makes_is_looked_into(
    root: Path, folder: str
) -> None:
    [found] = told(root, f"{folder}/conftest.py", "def pytest_collection_modifyitems(): ...\n")

    assert found.startswith(f"tests-deselected[files.{folder}/conftest.py")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (".IGNORE: test", "goes on after a failure"),
        (".IGNORE:", "goes on after a failure"),
        (".SILENT:", "no longer prints"),
        (".ONESHELL:", "one shell"),
        ("SHELL := /bin/true", "runs every recipe by it"),
        (".SHELLFLAGS := -c", "runs every recipe by it"),
        ("a: b\n\t@bash tools/check.sh", "it runs a script"),
        ("a: b\n\t@./tools/check.sh", "it runs a script"),
        ("a: b\n\tpython tools/check.py", "it runs a script"),
        ("a: b\n\t@python -m tools", "these commands"),
    ],
)
def test_what_steers_make_is_told_with_what_it_does(root: Path, line: str, said: str) -> None:
    makefile = root / "Makefile"
    makefile.write_text("a: b\n\ttrue\n")
    before = guards.here(root)
    makefile.write_text(f"{line}\n" if line.startswith("a:") else f"{line}\na: b\n\ttrue\n")

    [found] = findings(update(before, guards.here(root), SPEC))

    assert found.kind == "command-changed"
    assert said in found.message


def test_the_project_has_no_file_that_no_table_knows_but_a_picture_that_people_go_by() -> None:
    assert [*guards.here(ROOT).template["unknown"]] == ["docs/console/desktop.png"]


@pytest.mark.parametrize("name", ["random", "docs/a.md", "services/a/runtime/b.py", "tests/c.py"])
@pytest.mark.parametrize("to", ["/etc", "gone", "../policies/rules/names.py"])
def test_a_link_is_told_wherever_it_leads_and_whatever_it_is_called(
    root: Path, name: str, to: str
) -> None:
    before = guards.here(root)
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).symlink_to(to)

    found = findings(update(before, guards.here(root), SPEC))

    [link] = [each for each in found if each.kind == "file-unknown"]
    assert link.source == name
    assert link.message.endswith(f"becomes a link to {to}")


def test_an_unknown_file_is_told_whenever_it_is_another_and_not_when_it_goes(root: Path) -> None:
    [added] = told(root, "tools/a.sh", "ls\n")
    [changed] = told(root, "tools/a.sh", "rm\n")

    assert added.startswith("file-unknown[unknown.tools/a.sh nothing -> ")
    assert changed.startswith("file-unknown[unknown.tools/a.sh ")
    assert told(root, "tools/a.sh", None) == []
