"""``python -m policies``: what a person and the pipeline run."""

import shutil
from pathlib import Path

import pytest

from policies import app, published, rules
from policies.check import REPORT
from policies.templates import assembly
from tests.policy.command_line import run


def test_check_of_a_clean_assembly_succeeds_and_says_what_was_judged(
    green: Path,
    customised: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(published, "findings", lambda *_: [])  # the tests' assemblies have no code
    monkeypatch.setattr(app, "under_other_settings", lambda _: assembly.read(customised))

    status = run("check", "--assembly", str(green))

    assert status == 0
    assert capsys.readouterr().out.startswith("policies: green. 4 stacks, 5 packs,")


def test_check_of_a_spoilt_assembly_fails_and_says_what_to_do(
    green: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app, "under_other_settings", lambda _: assembly.read(green))
    copy = shutil.copytree(green, tmp_path / "copy", ignore=shutil.ignore_patterns("asset.*"))
    (copy / REPORT).unlink()

    status = run("check", "--assembly", str(copy))

    assert status == 1
    assert "do  synthesize again: make synth" in capsys.readouterr().out


def test_check_of_a_folder_without_an_assembly_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run("check", "--assembly", str(tmp_path))

    assert status == 2
    assert "make synth" in capsys.readouterr().err


def test_every_file_of_rules_is_a_rule_that_runs_and_says_what_to_do() -> None:
    files = {path.stem for path in Path(rules.__file__).parent.glob("[a-z]*.py")}

    assert {name.replace("-", "_") for name in rules.RULES} == files
    assert all(rule.REMEDY for rule in rules.RULES.values())
