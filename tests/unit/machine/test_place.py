import os
import shutil
from pathlib import Path

import pytest

from machine import place


def test_a_place_that_can_be_written_to_is_not_blamed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert place.main(str(tmp_path / "not" / "made" / "yet")) == 1
    assert capsys.readouterr().err == ""


def test_a_full_disk_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=4096))

    place.main(str(tmp_path))

    assert "is full: free some space" in capsys.readouterr().err


def test_a_file_system_that_can_only_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_only = type("Status", (), {"f_flag": os.ST_RDONLY})
    monkeypatch.setattr(os, "statvfs", lambda _: read_only)

    assert "can only be read" in place.explain(tmp_path)


def test_another_users_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.W_OK)

    assert "another user" in place.explain(tmp_path)
