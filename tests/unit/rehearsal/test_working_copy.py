import json
from pathlib import Path

import pytest

from local.rehearsal.errors import RehearsalError
from local.rehearsal.source_action import Remotes, git
from local.rehearsal.working_copy import WorkingCopy


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return Remotes(tmp_path / "remotes").create("owner/cakes", "main")


@pytest.fixture
def copy(tmp_path: Path, remote: Path) -> WorkingCopy:
    tree = tmp_path / "tree"
    (tree / "build").mkdir(parents=True)
    (tree / ".gitignore").write_text("build/\n")
    (tree / "build" / "output").write_text("made")
    (tree / "cdk.json").write_text(json.dumps({"app": "x", "context": {"account": "1", "a": "b"}}))
    (tree / "recipe").write_text("two eggs\n")
    return WorkingCopy.create(tree, tmp_path / "clone", remote=remote, branch="main")


def test_a_working_tree_is_pushed_without_what_it_ignores(copy: WorkingCopy, remote: Path) -> None:
    copy.push()

    files = git("ls-tree", "-r", "--name-only", "main", folder=remote).splitlines()
    assert files == [".gitignore", "cdk.json", "recipe"]


def test_context_is_set_beside_what_is_there(copy: WorkingCopy) -> None:
    copy.set_context("cdk.json", {"account": "2"})

    document = json.loads(copy.read("cdk.json"))
    assert document == {"app": "x", "context": {"account": "2", "a": "b"}}


def test_a_reverted_commit_is_undone_in_the_remote(copy: WorkingCopy, remote: Path) -> None:
    copy.replace("recipe", "two", "three")
    copy.commit("Better")
    copy.push()
    copy.revert()

    copy.push()

    assert git("show", "main:recipe", folder=remote) == "two eggs"
    assert git("show", "main~1:recipe", folder=remote) == "three eggs"


def test_what_is_not_there_once_is_not_replaced(copy: WorkingCopy) -> None:
    with pytest.raises(RehearsalError, match="recipe has 0 times: four"):
        copy.replace("recipe", "four", "five")
