"""Each tool catches what it is for, and nothing is caught where nothing is wrong."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.policy.scan.conftest import WORKFLOW, Scan

# Put together here, so that this file holds no secret itself.
KEY, VALUE = "AKIA" + "IOSFODNN7QWERTYU", "wJalrXUtnFEMIK7MDENG" + "bPxRfiCYkQ3v9LmT2xKE"
SECRET = f'key = "{KEY}"\nsecret = "{VALUE}"\n'
INJECTION = WORKFLOW.replace("echo", 'echo "${{ github.event.pull_request.title }}"')


def test_a_clean_tree_has_no_fault(scan: Scan) -> None:
    assert scan() == (0, [])


@pytest.mark.parametrize(
    ("properties", "tool", "rule"),
    [
        ({"TopicNme": "t"}, "cfn-lint", "E3002"),
        ({"FifoTopic": "perhaps"}, "cloudformation-validate", "F3012"),
    ],
)
def test_a_template_that_cloudformation_refuses_is_found(
    scan: Scan, tree: Path, properties: object, tool: str, rule: str
) -> None:
    topic = {"Type": "AWS::SNS::Topic", "Properties": properties}
    (tree / "cdk.out" / "s.template.json").write_text(json.dumps({"Resources": {"T": topic}}))

    status, found = scan(tool)

    assert status == 1
    assert (tool, f"{tool}-{rule}", "cdk.out/s.template.json") in {
        (each["gate"], each["rule"], each["path"]) for each in found
    }


def test_a_workflow_that_runs_what_a_stranger_writes_is_found_with_its_line(
    scan: Scan, tree: Path
) -> None:
    (tree / ".github" / "workflows" / "w.yml").write_text(INJECTION)

    status, found = scan("zizmor")

    assert status == 1
    [injection] = [each for each in found if each["rule"] == "zizmor-template-injection"]
    assert (injection["gate"], injection["path"]) == ("zizmor", ".github/workflows/w.yml")
    assert injection["source"] == ".github/workflows/w.yml:12"


def test_a_workflow_with_wide_permissions_is_found(scan: Scan, tree: Path) -> None:
    wide = WORKFLOW.replace("permissions: {}", "permissions: write-all")
    (tree / ".github" / "workflows" / "w.yml").write_text(wide)

    assert ("zizmor", "zizmor-excessive-permissions") in {
        (each["gate"], each["rule"]) for each in scan("zizmor")[1]
    }


def test_a_workflow_that_is_not_well_formed_is_found(scan: Scan, tree: Path) -> None:
    broken = WORKFLOW.replace("runs-on: ubuntu-24.04", "runs-on: ubuntu-24.04\n    need: x")
    (tree / ".github" / "workflows" / "w.yml").write_text(broken)

    assert ("actionlint", "actionlint-syntax-check") in {
        (each["gate"], each["rule"]) for each in scan("actionlint")[1]
    }


@pytest.mark.parametrize(
    "name", ["settings.py", "package-lock.json", "a.svg", "vendor/modules.txt", ".env"]
)
def test_a_secret_is_found_wherever_it_stands_and_is_not_repeated(
    name: str, scan: Scan, tree: Path
) -> None:
    (tree / name).parent.mkdir(exist_ok=True)
    (tree / name).write_text(SECRET)

    status, found = scan("betterleaks")

    assert status == 1
    assert {(each["gate"], each["path"]) for each in found} == {("betterleaks", name)}
    assert "IOSFODNN7QWERTYU" not in json.dumps(found)


def test_an_accepted_fault_is_green_and_a_row_that_nothing_needs_is_red(
    scan: Scan, tree: Path
) -> None:
    (tree / ".github" / "workflows" / "w.yml").write_text(INJECTION)
    rules = sorted({each["rule"] for each in scan("zizmor")[1]})
    soon = (datetime.now(UTC) + timedelta(days=300)).date()
    reason = f'reason = "{"why " * 15}"\nowner = "me"\nreview_by = {soon}\n'
    row = f'[[accepted]]\nfindings = {rules}\npaths = [".github/"]\n'
    (tree / "accepted" / "why.toml").write_text(reason + row)
    accepted = scan("zizmor")
    (tree / ".github" / "workflows" / "w.yml").write_text(WORKFLOW)

    status, found = scan("zizmor")

    assert accepted == (0, [])
    assert status == 1
    assert {each["gate"] for each in found} == {"register"}


def test_no_templates_is_an_error_and_never_green(scan: Scan, tree: Path) -> None:
    (tree / "cdk.out" / "s.template.json").unlink()

    assert scan("cfn-lint") == (2, [])


def test_a_tool_that_cannot_work_is_an_error_and_never_green(scan: Scan, tree: Path) -> None:
    (tree / ".github" / "workflows" / "w.yml").unlink()
    (tree / ".github" / "workflows").rmdir()
    (tree / ".github").rmdir()

    assert scan("zizmor")[0] == 2
