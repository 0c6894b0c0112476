"""``python -m policies``: what a person and the pipeline run."""

import json
import shutil
from pathlib import Path

import pytest

from policies import register, rules, validation_report
from tests.policy.command_line import run


def test_check_of_a_clean_assembly_succeeds_and_says_what_was_judged(
    green: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run("check", "--assembly", str(green))

    assert status == 0
    assert capsys.readouterr().out.startswith("policies: green. 4 stacks, 5 packs,")


def test_check_of_a_spoilt_assembly_fails_and_says_what_to_do(
    green: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = shutil.copytree(green, tmp_path / "copy", ignore=shutil.ignore_patterns("asset.*"))
    (copy / validation_report.FILE).unlink()

    status = run("check", "--assembly", str(copy))

    assert status == 1
    assert "do  synthesize again: make synth" in capsys.readouterr().out


def test_check_of_a_folder_without_an_assembly_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run("check", "--assembly", str(tmp_path))

    assert status == 2
    assert "make synth" in capsys.readouterr().err


def test_check_as_json_holds_the_verdict_and_each_accepted_finding_with_its_reason(
    green: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("check", "--assembly", str(green), "--json")

    written = json.loads(capsys.readouterr().out)
    assert (written["verdict"], written["problems"]) == ("green", [])
    assert {
        "rule": "Project-failures-kept",
        "region": "us-west-2",
        "kind": "stream_lookup",
    }.items() <= next(
        row.items()
        for row in written["accepted"]
        if (row["rule"], row["kind"]) == ("Project-failures-kept", "stream_lookup")
    )


def test_waivers_prints_each_reason_once_and_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    run("waivers")

    printed = capsys.readouterr().out
    rows = register.load()
    assert all(printed.count(reason) == 1 for reason in {row.reason for row in rows})
    assert all(f"{row.path}" in printed and row.finding in printed for row in rows)


def test_waivers_as_json_is_the_whole_register(capsys: pytest.CaptureFixture[str]) -> None:
    run("waivers", "--json")

    assert len(json.loads(capsys.readouterr().out)) == len(register.load())


def test_every_file_of_rules_is_a_rule_that_runs_and_says_what_to_do() -> None:
    files = {path.stem for path in Path(rules.__file__).parent.glob("[a-z]*.py")}

    assert {name.replace("-", "_") for name in rules.RULES} == files
    assert all(rules.REMEDIES[name] for name in rules.RULES)
