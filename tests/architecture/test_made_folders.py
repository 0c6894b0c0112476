"""Where no gate looks, because tools write there, nothing is committed."""

import subprocess

import pytest

from policies.scan.secrets import ANYWHERE, IN_ROOT
from tests.architecture.sources import ROOT


def is_made(file: str) -> bool:
    *folders, _ = file.split("/")
    return folders[:1] in [[each] for each in IN_ROOT] or any(map(ANYWHERE.fullmatch, folders))


@pytest.mark.parametrize(
    "file", ["build/a.py", "mutants/tests/a.py", "ops/node_modules/a.js", ".x-venv/a", "a/.git/b"]
)
def test_a_file_there_is_known_as_made(file: str) -> None:
    assert is_made(file)
    assert not is_made(f"docs/{file.rpartition('/')[2]}")


def test_no_file_there_is_committed() -> None:
    # Where there is no git, as in the pipeline, it lists nothing.
    command = ["git", "-C", str(ROOT), "ls-files", "-z"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout

    assert [each for each in listed.split("\0") if each and is_made(each)] == []
