"""``python -m policies changes`` on the whole app."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

import naming
from policies import register
from policies.changes.kinds import findings
from policies.changes.resource_spec import Spec
from policies.changes.update import updates
from policies.templates import assembly
from tests.policy import command_line

TABLE = "AWS::DynamoDB::GlobalTable"
ELSE = (
    "or accept exactly this change: make changes ACKNOWLEDGE=<name> writes the row to "
    "policies/accepted/<name>.toml, and you give the reason and the owner"
)

Edit: TypeAlias = Callable[[dict[str, Any]], None]
Edited: TypeAlias = Callable[[str, Edit], Path]


@pytest.fixture(autouse=True)
def _no_change_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the project has accepted of late."""
    monkeypatch.setattr(register, "load", list)


def run(*arguments: str) -> object:
    return command_line.run("changes", *arguments)


@pytest.fixture
def edited(green: Path, tmp_path: Path) -> Edited:
    """The app's assembly after ``edit`` of each resource of a type."""

    def edit_each(type_: str, edit: Edit) -> Path:
        copy = shutil.copytree(green, tmp_path / "copy", ignore=shutil.ignore_patterns("asset.*"))
        for file in copy.rglob("*.template.json"):
            template = json.loads(file.read_text())
            for resource in template["Resources"].values():
                if resource["Type"] == type_:
                    edit(resource)
            file.write_text(json.dumps(template))
        return copy

    return edit_each


def test_an_assembly_compared_with_itself_is_green(
    green: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run("--assembly", str(green), "--base-assembly", str(green))

    counts = "0 added, 0 removed, 0 modified (0 replaced); 0 accepted"
    assert status == 0
    out = capsys.readouterr().out
    assert "has templates only, no sources" in out
    assert out.endswith(f"changes: green. Since {green}, of resources {counts}\n")


def test_another_table_is_red_and_says_what_where_why_and_what_to_do(
    green: Path,
    edited: Edited,
    capsys: pytest.CaptureFixture[str],
) -> None:
    new = edited(TABLE, lambda table: table["Properties"].update(TableName="other"))

    status = run("--assembly", str(new), "--base-assembly", str(green))

    assert status == 1
    told = capsys.readouterr().out.splitlines()[:9]
    # Its beginning is a line of code, if the synthesis was to keep them.
    assert told.pop(2).endswith(f", Table710B521B ({TABLE})")
    assert told == [
        f"stateful-replaced[{TABLE} TableName]  us-east-1",
        "  at  serverless-pipeline-prod/primary/tap/Table/Table/Resource",
        (
            "  why the GlobalTable is replaced by an empty one: the old one stays with its data, "
            "in no stack; these values differ:"
        ),
        f"      -TableName: {naming.TABLE}",
        "      +TableName: other",
        (
            "  do  leave the property as it was, or add a second resource and copy the data into "
            f"it first; {ELSE}:"
        ),
        f"      findings = ['stateful-replaced[{TABLE} TableName]']",
        "      paths = ['tap/Table/Table/Resource']",
    ]


def test_plain_http_let_in_again_is_told_for_every_bucket_queue_and_topic(
    green: Path, edited: Edited
) -> None:
    def forget_denials(policy: dict[str, Any]) -> None:
        document = policy["Properties"]["PolicyDocument"]
        document["Statement"] = [s for s in document["Statement"] if s["Effect"] != "Deny"]

    new = edited("AWS::SQS::QueuePolicy", forget_denials)

    pairs = updates(assembly.read(green).stacks, assembly.read(new).stacks, Spec.load())
    found = [each for pair in pairs for each in findings(pair)]

    assert {each.kind for each in found} == {"statement-removed"}
    policies = [
        p for s in assembly.read(green).stacks for p in s.resources("AWS::SQS::QueuePolicy")
    ]
    assert sorted(each.path for each in found) == sorted(each.path for each in policies)


def test_everything_that_holds_state_is_told_when_the_app_is_gone(green: Path) -> None:
    stacks, spec = assembly.read(green).stacks, Spec.load()

    found = [each for pair in updates(stacks, [], spec) for each in findings(pair)]

    held = [r.path for stack in stacks for r in stack.resources(*spec.stateful)]
    gone = [each.path for each in found if each.kind == "unclassified"]
    assert sorted(gone) == sorted(stack.path for stack in stacks)
    assert sorted(each.path for each in found) == sorted([*held, *gone])
    assert {each.kind for each in found} == {"stateful-removed", "unclassified"}


def test_a_folder_without_an_assembly_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--assembly", str(tmp_path), "--base-assembly", str(tmp_path)) == 2
    assert "make synth" in capsys.readouterr().err
