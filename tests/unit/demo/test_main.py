from pathlib import Path

import pytest

from local.demo.__main__ import main


def test_a_path_that_does_not_exist_is_an_error_before_anything_is_started(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["--files", str(tmp_path / "nowhere"), "--state", str(tmp_path / "state")])

    assert code == 1
    assert "nowhere does not exist" in capsys.readouterr().err
    assert not (tmp_path / "state").exists()


def test_several_paths_may_follow_one_option(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()

    code = main(["--files", *map(str, folders), "--state", str(tmp_path / "state")])

    assert code == 1
    assert f"no files in {folders[0]}, {folders[1]}" in capsys.readouterr().err


def test_an_unknown_option_is_an_error_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--unknown"]) == 2
    assert "No such option" in capsys.readouterr().err
