import os
from pathlib import Path

import pytest

from local.rehearsal import build_workspace

LONG_AGO_S = 1_000_000_000


def sources(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A workspace in which something was built from two sources, long ago."""
    folder = tmp_path / "workspace"
    build_workspace.refresh(folder, sources(tmp_path / "first", same="1", changed="1", removed="1"))
    (folder / "installed").write_text("by a build")
    for file in folder.iterdir():
        os.utime(file, (LONG_AGO_S, LONG_AGO_S))
    return folder


def test_sources_become_the_new_ones_and_what_was_built_stays(used: Path, tmp_path: Path) -> None:
    build_workspace.refresh(used, sources(tmp_path / "second", same="1", changed="2", added="2"))

    assert {file.name: file.read_text() for file in used.iterdir()} == {
        "same": "1",
        "changed": "2",
        "added": "2",
        "installed": "by a build",
    }


def test_only_what_has_changed_is_newer(used: Path, tmp_path: Path) -> None:
    build_workspace.refresh(used, sources(tmp_path / "second", same="1", changed="2"))

    assert (used / "same").stat().st_mtime == LONG_AGO_S
    assert (used / "changed").stat().st_mtime > LONG_AGO_S


def test_a_file_that_became_executable_is_executable(used: Path, tmp_path: Path) -> None:
    fresh = sources(tmp_path / "second", same="1")
    (fresh / "same").chmod(0o755)

    build_workspace.refresh(used, fresh)

    assert os.access(used / "same", os.X_OK)
