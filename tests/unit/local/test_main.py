"""The commands when no cloud runs; the end-to-end tests have the rest."""

import json
from pathlib import Path

import pytest

from local.__main__ import main
from local.cloud_state import Record


def test_status_says_that_nothing_runs_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["status", "--state", str(tmp_path), "--json"])

    assert code == 3
    assert json.loads(capsys.readouterr().out) == {"running": False}


def test_env_fails_without_a_word_on_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["env", "--state", str(tmp_path)])

    printed = capsys.readouterr()
    assert code == 1
    assert printed.out == ""
    assert "make up" in printed.err


def test_a_record_of_a_process_that_is_no_more_counts_as_not_running(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    record = Record(endpoint="https://127.0.0.1:9", pid=1, assembly="digest")
    record.write(tmp_path / "run" / "cloud.json")

    assert main(["status", "--state", str(tmp_path)]) == 3


def test_down_removes_what_a_crash_has_left_and_nothing_else(tmp_path: Path) -> None:
    state = tmp_path / "cloud"
    (state / "run" / "tmp").mkdir(parents=True)
    (state / "run" / "cloud.json").write_text("{")
    (state / "mine.txt").write_text("keep")

    assert main(["down", "--state", str(state)]) == 0
    assert [file.name for file in state.iterdir()] == ["mine.txt"]


def test_down_says_what_it_has_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cloud" / "run").mkdir(parents=True)

    for expected in ("nothing was running; removed", "nothing was running\n"):
        assert main(["down", "--state", str(tmp_path / "cloud")]) == 0
        assert capsys.readouterr().out.startswith(expected)


def test_down_twice_is_no_error(tmp_path: Path) -> None:
    state = tmp_path / "cloud"

    assert main(["down", "--state", str(state)]) == 0
    assert main(["down", "--state", str(state)]) == 0
    assert not state.exists()


def test_a_folder_that_is_no_assembly_of_ours_is_refused_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "cloud"

    code = main(["up", "--state", str(state), "--assembly", str(tmp_path)])

    assert code == 1
    assert "is not our assembly" in capsys.readouterr().err
    assert not (state / "run").exists()


@pytest.mark.parametrize("arguments", [["fly"], ["up", "--fast"], []])
def test_arguments_that_make_no_sense_are_refused_with_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().out == ""


class FakeCloud:
    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir

    def variables(self) -> dict[str, str]:
        return {"AWS_ENDPOINT_URL": "https://127.0.0.1:4566"}


def test_env_says_that_aws_is_too_old_where_a_shell_does_not_read_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.__main__.Cloud.find", FakeCloud)
    old = tmp_path / "aws"
    old.write_text("#!/bin/sh\necho aws-cli/1.22.34 Python/3.10.12\n")
    old.chmod(0o755)

    assert main(["env", "--state", str(tmp_path), "--path", str(tmp_path)]) == 0

    printed = capsys.readouterr()
    assert "export AWS_ENDPOINT_URL=https://127.0.0.1:4566" in printed.out
    assert "1.22.34" not in printed.out
    [warning] = printed.err.splitlines()
    assert warning.startswith("# this shell refuses to run aws:")
    assert "AWS CLI 2.13 or newer" in warning
