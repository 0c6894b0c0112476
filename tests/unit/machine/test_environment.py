"""An environment whose Python has gone, as after an upgrade, is made again, if it can be."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).resolve().parents[3] / "Makefile"
MADE_AGAIN = "-m venv --clear .venv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is set up."""
    shutil.copy(MAKEFILE, tmp_path)
    for name in ("requirements/bootstrap.txt", "requirements/dev.txt", ".venv/.uv", ".venv/.ready"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".venv/bin").mkdir()
    (tmp_path / ".venv/bin/python").symlink_to(shutil.which("true") or "")
    return tmp_path


def make(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Ask what "make down" would do."""
    return subprocess.run(
        ["make", "--dry-run", "down"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_environment_with_a_python_stays_as_it_is(folder: Path) -> None:
    assert MADE_AGAIN not in make(folder).stdout


def test_one_whose_python_has_gone_is_made_again(folder: Path) -> None:
    python = folder / ".venv/bin/python"
    python.unlink()
    python.symlink_to("python-of-yesterday")

    assert MADE_AGAIN in make(folder).stdout


def test_one_of_another_user_is_said_to_be_theirs(folder: Path, tmp_path: Path) -> None:
    (folder / ".venv/bin/python").unlink()
    commands = tmp_path / "commands"
    commands.mkdir()
    (commands / "rm").symlink_to(shutil.which("false") or "")

    refused = make(folder, PATH=f"{commands}:{os.environ['PATH']}")

    assert refused.returncode
    assert "another user: take a clone of your own" in refused.stderr
