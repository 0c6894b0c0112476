import json
from pathlib import Path

import pytest

from policies import published, register
from policies.changes import base_selection, deployed
from policies.changes.update import EMPTY
from policies.command_line import Undetermined
from policies.finding import Finding
from review import pipeline_sources, tree
from review.__main__ import report
from review.sources import Sources
from tests.policy import command_line
from tests.policy.review import results


@pytest.fixture
def run(green: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Run":
    lasting = [waiver for waiver in register.load() if waiver.gate != register.CHANGES]
    monkeypatch.setattr(register, "load", lambda: lasting)
    monkeypatch.setattr(published, "findings", lambda *_: [])  # the assemblies have no code
    monkeypatch.setattr(tree, "digest", lambda _: "0123456789abcdef")
    monkeypatch.setattr("review.__main__.collected", lambda _: results.COLLECTED)
    monkeypatch.setattr(pipeline_sources, "deployed", Sources)
    return Run(green, tmp_path / "review")


class Run:
    def __init__(self, assembly: Path, out: Path) -> None:
        self.assembly, self.out = assembly, out

    def __call__(self, *more: str) -> object:
        words = ["--assembly", str(self.assembly), "--out", str(self.out), *more]
        tests = results.passed(self.out.parent, "0123456789abcdef")
        return command_line.run(*words, "--tests", str(tests), command=report)


def test_a_green_report_is_written_in_four_files(run: Run) -> None:
    status = run("--base-assembly", str(run.assembly))

    assert status == 0
    assert {file.name for file in run.out.iterdir()} == {
        "report.json",
        "report.md",
        "report.html",
        "mail.txt",
    }


def test_a_red_report_is_written_as_well(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policies.register.load", list)

    status = run("--base-assembly", str(run.assembly))

    assert status == 1
    assert "Red: do not approve" in (run.out / "report.html").read_text()


def test_a_report_is_red_if_what_is_published_differs_from_the_sources(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Finding(gate="published", rule="bundle-differs[a]", region="", path="a", message="b")
    monkeypatch.setattr(published, "findings", lambda *_: [wrong])

    status = run("--base-assembly", str(run.assembly))

    assert status == 1
    assert "bundle-differs[a]" in (run.out / "report.json").read_text()


def test_a_base_that_cannot_be_read_is_an_error_and_no_verdict(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run("--base-assembly", str(tmp_path / "nothing"))

    assert status == 2
    assert "synthesize first" in capsys.readouterr().err
    assert not run.out.exists()


def test_what_is_not_deployed_yet_is_added(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployed, "template", lambda _: EMPTY)

    status = run("--base", base_selection.DEPLOYED)

    resources = json.loads((run.out / "report.json").read_text())["changes"]["resources"]
    assert status == 0
    assert {each["action"] for each in resources} == {"added"}


def test_what_is_deployed_already_does_not_change(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> bytes:
        raise Undetermined("AccessDenied")

    monkeypatch.setattr(deployed, "template", lambda stack: stack.template)
    monkeypatch.setattr(deployed, "asset", denied)

    status = run("--base", base_selection.DEPLOYED)

    report = json.loads((run.out / "report.json").read_text())
    assert (status, report["changes"]["resources"]) == (0, [])
    assert report["base"] == {"name": "what is deployed", "commit": None, "deployed": True}
    assert "AccessDenied" in report["data"]["not_compared"]


def test_a_commit_that_leaves_an_account_is_red(run: Run, customised: Path) -> None:
    status = run("--base-assembly", str(customised))

    hazards = json.loads((run.out / "report.json").read_text())["changes"]["hazards"]
    assert status == 1
    assert "stateful-removed" in {each["rule"].partition("[")[0] for each in hazards}


def test_a_deployed_template_that_cannot_be_read_never_counts_as_absent(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied(_: object) -> None:
        raise Undetermined("tap in us-east-1: AccessDenied")

    monkeypatch.setattr(deployed, "template", denied)

    status = run("--base", base_selection.DEPLOYED)

    assert status == 2
    assert "AccessDenied" in capsys.readouterr().err


def test_the_commit_is_the_one_that_is_given_where_there_is_no_git(run: Run) -> None:
    run("--base-assembly", str(run.assembly), "--commit", "abc123")

    assert json.loads((run.out / "report.json").read_text())["commit"]["id"] == "abc123"
