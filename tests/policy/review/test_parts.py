"""The report's parts that read files: findings, tests, packages."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from policies.changes.documents import Pair, document
from policies.changes.packages import read
from review import collect, test_results, tree
from review.collect import Rows
from review.sources import packages
from tests.policy.review import results
from tests.policy.review.reports import FINDING

TREE = "0123456789abcdef"
LOCK = "requirements/dev.txt"


def reported(*rules: str) -> Rows:
    rows = [{**{key: FINDING[key] for key in FINDING if key != "state"}, "rule": r} for r in rules]
    return {(row["rule"], row["region"], row["path"]): row for row in rows}


def test_findings_are_new_or_unchanged_in_this_order() -> None:
    rows = collect.found_since(reported("A", "C"), reported("A", "B"))

    assert [(row["state"], row["rule"]) for row in rows] == [
        ("new", "C"),
        ("unchanged", "A"),
    ]


def test_without_a_base_no_finding_is_new() -> None:
    assert [row["state"] for row in collect.found_since(reported("A"), None)] == ["unchanged"]


def states(folder: Path, tree: str = TREE, *, on_aws: bool = False) -> dict[str, str]:
    found = test_results.suites(folder, tree, results.COLLECTED, on_aws=on_aws)
    return {suite["name"]: suite["state"] for suite in found}


def test_test_results_are_counted_by_file(tmp_path: Path) -> None:
    results.write(tmp_path, "unit", TREE, failures=1, errors=1)

    [unit] = [
        s for s in test_results.suites(tmp_path, TREE, results.COLLECTED) if s["name"] == "unit"
    ]
    assert (unit["passed"], unit["failed"], unit["skipped"], unit["seconds"]) == (6, 2, 2, 3.5)
    assert unit["state"] == "failed"


def test_every_suite_is_told_whether_it_was_run_or_not(tmp_path: Path) -> None:
    results.write(tmp_path, "unit", TREE)
    not_run = dict.fromkeys(("functions", "adapters", "infra", "e2e"), "not run here")

    assert states(tmp_path) == {**not_run, "unit": "passed"}
    assert states(tmp_path, "another") == {**not_run, "unit": "not run here"}


def test_one_run_of_all_suites_stands_for_each(tmp_path: Path) -> None:
    results.passed(tmp_path, TREE)

    assert states(tmp_path) == {"functions": "passed", "all": "passed"}


def test_every_run_of_tests_says_which_sources_it_is_of_and_is_one_that_the_review_knows() -> None:
    makefile = (tree.ROOT / "Makefile").read_text()

    named = re.findall(r"\$\(call RESULTS,(\w+)\)", makefile)
    assert {*named} == {*test_results.SUITES}
    assert makefile.count("--junitxml") == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("test_it[3]", "test_forged"),
        ("tests.all.", "tests.other."),
        ('<testcase classname="tests.all.test_it" name="test_it[9]"/>', ""),
        ("</testsuite>", '<testcase classname="a" name="b"/></testsuite>'),
    ],
)
def test_results_of_other_tests_than_the_sources_have_stand_for_none(
    tmp_path: Path, old: str, new: str
) -> None:
    results.passed(tmp_path, TREE)
    file = tmp_path / "all.xml"
    file.write_text(file.read_text().replace(old, new))

    assert states(tmp_path) == {"functions": "passed", "all": "not of this tree's tests"}


def test_the_tests_of_a_suite_are_those_below_the_folders_that_make_runs() -> None:
    makefile = (tree.ROOT / "Makefile").read_text()
    [(first, folder, rest)] = re.findall(
        r"\nFUNCTION_TESTS := (\S+) \$\(addprefix (\S+),(.+)\)\n", makefile
    )
    assert [f"{first}/", *(f"{folder}{each}/" for each in rest.split())] == [
        *test_results.FUNCTIONS
    ]
    found = test_results.collected(tree.ROOT)
    here = f"{__name__}.test_the_tests_of_a_suite_are_those_below_the_folders_that_make_runs"
    assert [suite for suite, tests in found.items() if here in tests] == ["infra", "all"]
    assert not found["functions"] & found["unit"]


def test_results_of_another_tree_stand_for_none(tmp_path: Path) -> None:
    results.passed(tmp_path, "another")

    assert set(states(tmp_path).values()) == {"not run here"}


def test_what_the_verification_proves_on_aws_is_not_run_in_the_pipeline(tmp_path: Path) -> None:
    for suite in ("functions", "unit", "adapters", "infra"):
        results.write(tmp_path, suite, TREE)

    assert states(tmp_path, on_aws=True)["e2e"] == "verified on AWS"
    assert "not run here" not in states(tmp_path, on_aws=True).values()


@pytest.mark.parametrize("content", ["<testsuites", "<testsuites/>"])
def test_results_that_cannot_be_read_are_a_failure(tmp_path: Path, content: str) -> None:
    (tmp_path / "unit.xml").write_text(content)

    assert states(tmp_path)["unit"] == "failed"


def test_a_suite_without_a_test_is_a_failure(tmp_path: Path) -> None:
    results.write(tmp_path, "unit", TREE, tests=0)

    assert states(tmp_path)["unit"] == "failed"


def test_the_digest_of_the_tree_is_of_names_and_contents_with_git_and_without(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.py").write_text("1")
    before = tree.digest(tmp_path)

    for folder in ("build", ".venv", "pkg/__pycache__"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "made").write_text("x")
    assert tree.digest(tmp_path) == before

    (tmp_path / ".gitignore").write_text("build\n.venv\n__pycache__\n")
    without_git = tree.digest(tmp_path)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert tree.digest(tmp_path) == without_git != before

    (tmp_path / "a.py").write_text("2")
    assert tree.digest(tmp_path) != without_git


def locked(folder: Path, *sides: Mapping[str, str]) -> Pair:
    """What guards the gates before and after, of which here only the lock files count."""
    for number, files in enumerate(sides):
        for name, text in files.items():
            file = folder / str(number) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    before, after = (
        document("guards", {"packages": read(folder / str(number), {})})
        for number in range(len(sides))
    )
    return before, after


def test_packages_are_added_removed_and_changed_by_the_locks(tmp_path: Path) -> None:
    hashed = f" \\\n    --hash=sha256:{'0' * 64}\n"
    before = {LOCK: f"old==1.0{hashed}same==2\nmoved[extra]==3\n"}
    after = {LOCK: f"new==1.0{hashed}same==2\nmoved[extra]==4 ; linux\nmoved==5 ; darwin\n"}

    found = packages(locked(tmp_path, before, after))

    assert found == {
        "components": 3,
        "changed": [
            {"name": "moved", "before": "3", "after": "4, 5"},
            {"name": "new", "before": "", "after": "1.0"},
            {"name": "old", "before": "1.0", "after": ""},
        ],
    }


def test_packages_of_node_are_told_by_their_innermost_name(tmp_path: Path) -> None:
    lock = {"packages": {"": {}, "node_modules/a/node_modules/@b/c": {"version": "1"}}}

    found = packages(locked(tmp_path, {}, {"package-lock.json": json.dumps(lock)}))

    assert found["changed"] == [{"name": "npm:@b/c", "before": "", "after": "1"}]
