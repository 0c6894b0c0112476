"""Commits, files and what guards the gates, since a commit or since what the pipeline deployed."""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from policies.app import CDK_JSON
from policies.changes.documents import document
from review import pipeline_sources
from review.sources import Sources, described

OWNERS = "# words\n/Makefile @example/platform\n/policies/ @example/gates\n"


def test_files_are_told_by_kind_and_each_has_one() -> None:
    changed = (
        *("services/processor/runtime/contracts/orders.py", "services/canary/runtime/main.py"),
        *("services/canary/runtime/requirements.txt", "requirements/dev.txt", "docs/a.md", "x.py"),
        *("policies/accepted/a.toml", "policies/gate.py", CDK_JSON, "tests/a.py", "ops/a.py"),
    )

    kinds = described(Sources(changed=changed), lambda _: "")["files"]

    assert {each["kind"]: len(each["files"]) for each in kinds} == {
        "contracts": 1,
        "packages": 2,
        "exceptions from the gates": 1,
        "gates": 1,
        "settings": 1,
        "functions": 1,
        "tests": 1,
        "operators' commands": 1,
        "documentation": 1,
        "local tools": 1,
    }


def test_a_changed_file_with_an_owner_is_told_with_its_difference() -> None:
    before = {"Makefile": "scan:\n\tmake scan\n", "docs/a.md": "a"}
    now = {"Makefile": "scan:\n\ttrue\n", ".github/CODEOWNERS": OWNERS, "policies/new.py": "1\n"}
    sources = Sources(
        changed=("Makefile", "docs/a.md", "policies/new.py"), read=lambda p: before.get(p, "")
    )

    guards = described(sources, lambda p: now.get(p, ""))["guards"]

    files = guards["files"]
    assert guards["owners"] == ["@example/gates", "@example/platform"]
    assert [(each["file"], each["state"], each["more"], each["less"]) for each in files] == [
        ("Makefile", "changed", 1, 1),
        ("policies/new.py", "added", 1, 0),
    ]
    assert "-\tmake scan" in files[0]["lines"]


def test_the_code_of_functions_is_told_with_its_difference_and_nothing_else_is() -> None:
    file = "services/canary/runtime/main.py"
    sources = Sources(changed=(file, "docs/a.md"), read=lambda _: "one()\n")

    [told] = described(sources, lambda _: "two()\n")["code"]

    assert (told["file"], told["lines"][1:]) == (file, ["-one()", "+two()"])


def test_checks_that_go_and_code_that_they_no_longer_look_at_are_told() -> None:
    guards = [
        document("guards", {"checks": checks, "looks away": silenced})
        for checks, silenced in (
            ({"a rule": ""}, {"x.py": {"noqa": 1}}),
            ({}, {"x.py": {"noqa": 2, "nosec": 1}, "a_new_rule.py": {}}),
        )
    ]

    told = described(Sources(guards=(guards[0], guards[1])), lambda _: "")["guards"]["checks"]

    assert [(each["state"], each["name"]) for each in told] == [
        ("gone", "checks a rule"),
        ("looks away", "x.py noqa"),
        ("looks away", "x.py nosec"),
    ]


def test_of_tests_only_what_goes_or_proves_less_is_told() -> None:
    first = "def test_one() -> None:\n    assert one() == 1\n"
    tests = {f"tests/test_{name}.py": first for name in ("more", "less", "gone")}
    more, less, gone = tests
    now = {more: f"{first}    assert two()\n", less: first.replace("==", ">="), "tests/new.py": ""}
    guards = [document("guards", {"tests": each}) for each in (tests, now)]

    told = described(Sources(guards=(guards[0], guards[1])), lambda _: "")["guards"]["checks"]

    assert [(each["state"], each["name"]) for each in told] == [
        ("gone", f"tests {gone}"),
        ("new", "tests tests/new.py"),
        ("rewritten", f"{less}:1: test_one (line 1)"),
    ]


class Pipeline:
    """The history of a pipeline, and the sources that it has kept: by commit."""

    def __init__(self, kept: Mapping[str, Mapping[str, str]]) -> None:
        self.kept = kept
        self.actions: list[dict[str, Any]] = []

    def push(self, commit: str) -> None:
        variables = {"CommitId": commit, "CommitMessage": f"Do {commit}\n\nwhy"}
        self._act(commit, "Source", variables, {"s3location": {"bucket": "b", "key": commit}})

    def verify(self, execution: str, status: str = "Succeeded") -> None:
        self._act(execution, "Verify-us-west-2", {}, {}, status)

    def client(self, *_: object, **__: object) -> "Pipeline":
        return self

    def get_paginator(self, _: str) -> "Pipeline":
        return self

    def paginate(self, **_: object) -> list[dict[str, Any]]:
        return [{"actionExecutionDetails": self.actions[::-1]}]

    def get_object(self, *, Key: str, **_: object) -> dict[str, Any]:  # noqa: N803  # boto3's name
        if Key not in self.kept:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "expired"}}, "GetObject")
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for name, text in self.kept[Key].items():
                archive.writestr(name, text)
        return {"Body": io.BytesIO(content.getvalue())}

    def _act(
        self, execution: str, name: str, variables: object, artifact: object, status: str = "-"
    ) -> None:
        self.actions.append(
            {
                "pipelineExecutionId": execution,
                "actionName": name,
                "status": status,
                "startTime": datetime.fromtimestamp(len(self.actions), UTC),
                "output": {"outputVariables": variables, "outputArtifacts": [artifact]},
            }
        )


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    made = Pipeline({"one": {"Makefile": "old", "same": "s"}})
    monkeypatch.setattr("boto3.client", made.client)
    return made


@pytest.fixture
def here(tmp_path: Path) -> Path:
    for name, text in {"Makefile": "new", "same": "s"}.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_what_is_deployed_is_what_the_standby_was_last_verified_with(
    pipeline: Pipeline, here: Path
) -> None:
    pipeline.push("one")
    pipeline.verify("one")
    pipeline.push("two")
    pipeline.verify("two", "Failed")
    pipeline.verify("a rollback")
    pipeline.push("three")

    found = pipeline_sources.deployed(here)

    assert found.base == "one"
    assert [each["subject"] for each in found.commits] == ["Do three", "Do two"]
    assert found.changed == ["Makefile"]
    assert found.read
    assert found.read("Makefile") == "old"


def test_before_a_first_deployment_every_commit_is_known_and_no_file(
    pipeline: Pipeline, here: Path
) -> None:
    pipeline.push("one")
    pipeline.verify("one", "Failed")
    pipeline.push("two")

    found = pipeline_sources.deployed(here)

    assert [each["subject"] for each in found.commits] == ["Do two", "Do one"]
    assert (found.unknown, found.files_unknown) == ("", pipeline_sources.NOTHING)
    assert (found.base, found.read) == ("", None)


def test_sources_that_are_no_longer_kept_leave_the_commits_known(
    pipeline: Pipeline, here: Path
) -> None:
    pipeline.push("expired")
    pipeline.verify("expired")
    pipeline.push("two")

    found = pipeline_sources.deployed(here)

    assert (found.base, found.unknown, found.read) == ("expired", "", None)
    assert "NoSuchKey" in found.files_unknown
    assert [each["id"] for each in found.commits] == ["two"]


def test_a_pipeline_that_refuses_leaves_everything_unknown(
    monkeypatch: pytest.MonkeyPatch, here: Path
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "List")

    monkeypatch.setattr("boto3.client", refuse)

    assert "AccessDenied" in pipeline_sources.deployed(here).unknown
