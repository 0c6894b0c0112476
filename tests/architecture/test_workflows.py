"""Workflows use only pinned actions and our own make targets, with the least permissions."""

import json
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.lambda_python import LAMBDA_PYTHON
from tests.architecture.sources import ROOT

FOLDER = ROOT / ".github" / "workflows"
ACTIONS = tomllib.loads((ROOT / ".github" / "actions.toml").read_text())
WORKFLOWS = sorted(FOLDER.glob("*.y*ml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
SCRIPT = ROOT / ".github" / "scripts" / "comment.sh"
# The permissions of a job beyond reading the code; a new row here is a decision.
MAY_WRITE = {("pull-request", "comment"): {"pull-requests"}, ("weekly", "drift"): {"id-token"}}
OUR_CHECKS = "$/.github/workflows/ci.yml"
FAKE_GH = """#!/usr/bin/env python3
import json, os, sys
with open(os.environ["LOG"], "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
if "--paginate" in sys.argv:
    print(os.environ["KNOWN"])
"""


def named(path: Path) -> str:
    return path.stem


def jobs(workflow: Path) -> Mapping[str, Mapping[str, Any]]:
    read: Mapping[str, Mapping[str, Any]] = yaml.safe_load(workflow.read_text())["jobs"]
    return read


def steps(workflow: Path) -> Iterator[Mapping[str, Any]]:
    for job in jobs(workflow).values():
        yield from job.get("steps", ())


def test_the_workflows_are_complete() -> None:
    assert {named(each) for each in WORKFLOWS} >= {"ci", "main", "pull-request", "weekly"}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=named)
def test_every_action_is_pinned_to_a_commit_with_its_version_beside_it(workflow: Path) -> None:
    used = re.findall(r"uses: (\S+)(.*)", workflow.read_text())
    uses = [(one, comment) for one, comment in used if one != OUR_CHECKS]

    assert [one for one, _ in uses if not PINNED.fullmatch(one)] == []
    assert [comment for _, comment in uses if not re.fullmatch(r" # v\d+\.\d+\.\d+", comment)] == []


def test_every_action_is_recorded_with_its_version_and_no_other_is() -> None:
    text = "".join(workflow.read_text() for workflow in WORKFLOWS)
    used = set(re.findall(r"uses: ([\w./-]+)@([0-9a-f]{40}) # (\S+)", text))

    recorded = [(row["name"], row["commit"], row["version"]) for row in ACTIONS["action"]]
    assert sorted(used) == sorted(recorded)


def test_every_action_runs_on_a_node_that_runners_still_have() -> None:
    gone = [row["name"] for row in ACTIONS["action"] if row["using"] not in ACTIONS["supported"]]

    assert gone == []


def test_the_functions_are_tested_on_lambda_s_python_and_processor() -> None:
    job = jobs(FOLDER / "ci.yml")["functions"]
    [python] = [each["with"] for each in job["steps"] if "setup-python@" in each.get("uses", "")]

    assert job["runs-on"].endswith("-arm")
    assert python == {"python-version": LAMBDA_PYTHON}
    assert [each["run"] for each in job["steps"] if "run" in each] == ["make functions"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=named)
def test_a_job_may_read_the_code_and_do_only_what_is_declared(workflow: Path) -> None:
    of_all = yaml.safe_load(workflow.read_text())["permissions"]

    assert of_all in ({}, {"contents": "read"})
    for name, job in jobs(workflow).items():
        rights = dict(job.get("permissions", of_all))
        assert rights.pop("contents", "read") == "read"
        assert set(rights) == MAY_WRITE.get((named(workflow), name), set())


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=named)
def test_no_workflow_runs_a_strangers_code_with_permissions(workflow: Path) -> None:
    triggers = yaml.safe_load(workflow.read_text())[True]  # YAML reads the key "on" as true

    assert "pull_request_target" not in triggers
    assert "workflow_run" not in triggers


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=named)
def test_no_credentials_stay_in_a_checkout(workflow: Path) -> None:
    checkouts = [each for each in steps(workflow) if "checkout@" in each.get("uses", "")]

    assert all(each["with"]["persist-credentials"] is False for each in checkouts)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=named)
def test_a_workflow_calls_make_targets_that_a_developer_has(workflow: Path) -> None:
    verbs = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    called = {
        verb
        for step in steps(workflow)
        for verb in re.findall(r"\bmake ([a-z0-9-]+)", step.get("run", ""))
    }

    assert called <= verbs


@pytest.mark.parametrize("name", ["main", "pull-request"])
def test_a_commit_goes_through_the_same_checks_on_main_and_in_a_pull_request(name: str) -> None:
    assert OUR_CHECKS in [job.get("uses") for job in jobs(FOLDER / f"{name}.yml").values()]


def test_every_job_of_the_checks_is_one_to_be_required_before_a_merge() -> None:
    told = " ".join((ROOT / "docs" / "deployment.md").read_text().split())

    for job in jobs(FOLDER / "ci.yml").values():
        assert f"`ci / {job['name']}`" in told


def test_the_checks_are_every_check_and_the_report() -> None:
    commands = [step["run"] for step in steps(FOLDER / "ci.yml") if "run" in step]

    assert "make test" in commands
    assert 'make review BASE="$BASE"' in commands


def test_the_job_that_may_comment_runs_nothing_of_the_pull_request_and_not_for_forks() -> None:
    comment = jobs(FOLDER / "pull-request.yml")["comment"]
    [checkout] = [each for each in comment["steps"] if "checkout@" in each.get("uses", "")]
    commands = [each["run"] for each in comment["steps"] if "run" in each]

    assert checkout["with"]["ref"] == "${{ github.base_ref }}"
    assert "head.repo.full_name == github.repository" in comment["if"]
    assert commands == [".github/scripts/comment.sh review/report.md"]


@pytest.mark.parametrize(
    ("known", "method", "target"),
    [
        ("", "POST", "repos/o/r/issues/7/comments"),
        ("42", "PATCH", "repos/o/r/issues/comments/42"),
    ],
)
def test_the_comment_is_made_once_and_then_updated(
    tmp_path: Path, known: str, method: str, target: str
) -> None:
    (tmp_path / "gh").write_text(FAKE_GH)
    (tmp_path / "gh").chmod(0o755)
    (tmp_path / "report.md").write_text("## Green\n`$(touch hacked)`\n")
    environment = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "LOG": str(tmp_path / "log"),
        "KNOWN": known,
        "REPOSITORY": "o/r",
        "PULL_REQUEST": "7",
    }

    subprocess.run(["bash", SCRIPT, "report.md"], cwd=tmp_path, env=environment, check=True)

    *_, last = (json.loads(line) for line in (tmp_path / "log").read_text().splitlines())
    assert last[:4] == ["api", "--method", method, target]
    assert "body=<!-- review report -->\n## Green\n`$(touch hacked)`" in last
    assert not (tmp_path / "hacked").exists()
