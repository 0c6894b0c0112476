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
