"""A job of its own asks for nothing; one that can harm the checks beside it is told by how."""

from pathlib import Path

import pytest

from policies.changes import guards
from policies.changes.kinds import findings
from policies.changes.update import update
from policies.finding import Finding
from tests.policy.changes.updates import SPEC

SHA = "0" * 40
FOLDER = ".github/workflows"
CHECKS = f"""
on: push
permissions: {{}}
concurrency: {{group: "main-${{{{ github.sha }}}}"}}
jobs:
  test:
    name: every check
    steps:
      - uses: actions/upload-artifact@{SHA}
        with: {{name: tests, path: build}}
"""
JOB = """
  spelling:
    runs-on: ubuntu-24.04
    permissions: {contents: read}
    steps:
      - run: grep -rn teh docs
"""
NEW = f"on: [push, pull_request]\njobs:{JOB}"
MOVES = f"      - uses: actions/upload-artifact@{SHA}\n        with: {{path: build, "
# What a job of its own says instead or as well, what is quoted of it, and in which line.
HARMS = {
    "name: every check": ('"every check"', "give the job a name"),
    "name: ci / every check": ('"ci / every check"', "give the job a name"),
    "concurrency: {group: Main-a, cancel-in-progress: true}": ("`Main-a`", "`concurrency` out"),
    'concurrency: "${{ github.ref }}"': ("`${{ github.ref }}`", "`concurrency` out"),
    "permissions: {contents: write}": ('{"contents": "write"}', "{contents: read}"),
    "container: stranger/python": ("a stranger's code: container", "services"),
    "runs-on: mine": ("runs-on: mine", "ubuntu-<version>"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "ci.yml").write_text(CHECKS)
    return tmp_path


def told(root: Path, name: str, text: str) -> list[Finding]:
    before = guards.here(root)
    (root / FOLDER / name).write_text(text)
    return findings(update(before, guards.here(root), SPEC))


def with_(line: str) -> str:
    key = line.split(":", maxsplit=1)[0]
    lines = [each for each in JOB.splitlines() if not each.strip().startswith(f"{key}:")]
    return "\n".join([*lines[:2], f"    {line}", *lines[2:]]) + "\n"


@pytest.mark.parametrize("line", HARMS)
@pytest.mark.parametrize("name", ["ci.yml", "new.yml"])
def test_a_new_job_that_can_harm_is_told_by_how(root: Path, name: str, line: str) -> None:
    quoted, remedy = HARMS[line]
    text = f"on: push\njobs:{with_(line)}" if name == "new.yml" else CHECKS + with_(line)

    found = told(root, name, text)

    assert [each.kind for each in found] == ["step-added"]
    assert quoted in found[0].message
    assert remedy in found[0].remedy


def test_an_artifact_that_another_job_wrote_is_told_where_it_is_named(root: Path) -> None:
    harm = f"{MOVES}overwrite: true, name: tests}}\n"

    (found,) = told(root, "ci.yml", CHECKS + JOB + harm)

    assert "writes `tests` over" in found.message
    assert found.source == f"{FOLDER}/ci.yml:{len((CHECKS + JOB + harm).splitlines())}"


@pytest.mark.parametrize("event", ["pull_request_target", "workflow_run: {workflows: [ci]}"])
def test_a_workflow_that_others_start_is_told(root: Path, event: str) -> None:
    (found,) = told(root, "new.yml", f"on: {{{event}}}\njobs:{JOB}")

    assert f"main branch: {event.partition(':')[0]}" in found.message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ci.yml", CHECKS + JOB + f"{MOVES}name: pages}}\n"),
        ("ci.yml", CHECKS + with_("concurrency: {group: pages}")),
        ("new.yml", NEW),
        ("new.yml", f'concurrency: "pages-${{{{ github.ref }}}}"\n{NEW}'),
        ("new.yml", f"{NEW}    if: always()\n"),
    ],
)
def test_a_job_or_a_workflow_that_harms_none_is_not_told(root: Path, name: str, text: str) -> None:
    assert told(root, name, text) == []


@pytest.mark.parametrize("jobs", ["", "[a]", "{a: b}", "{a: {steps: [b], permissions: {}}}"])
def test_a_workflow_that_github_refuses_is_told(root: Path, jobs: str) -> None:
    (found,) = told(root, "new.yml", f"on: push\njobs: {jobs}\n")

    assert found.kind == "step-added"
