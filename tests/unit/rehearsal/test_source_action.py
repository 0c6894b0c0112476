from pathlib import Path
from typing import cast

import pytest

from local.rehearsal.action import Context
from local.rehearsal.artifacts import Artifacts
from local.rehearsal.errors import ActionError
from local.rehearsal.principal import Principal
from local.rehearsal.source_action import Remotes, git
from tests.unit.rehearsal.fakes import NOBODY, SOURCE, pipeline

CONFIGURATION = {"ConnectionArn": "arn", "FullRepositoryId": "owner/cakes", "BranchName": "main"}


class Kept:
    """The files of what was saved."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.modes: set[int] = set()

    def save(self, name: str, folder: Path, *, by: Principal, region: str) -> None:
        assert (name, by, region) == ("Code", NOBODY, "eu-west-1")
        self.files = {file.name: file.read_text() for file in folder.iterdir()}
        self.modes = {file.stat().st_mode & 0o777 for file in folder.iterdir()}


def context(tmp_path: Path, kept: Kept) -> Context:
    source = SOURCE["Actions"][0] | {"OutputArtifacts": [{"Name": "Code"}]}
    return Context(
        action=pipeline({"Name": "Source", "Actions": [source]}).stages[0].actions[0],
        configuration=CONFIGURATION,
        artifacts=cast("Artifacts", kept),
        pipeline_role=NOBODY,
        execution_id="e1",
        revision="",
        folder=tmp_path / "action",
        log=tmp_path / "log",
    )


@pytest.fixture
def remotes(tmp_path: Path) -> Remotes:
    remotes = Remotes(tmp_path / "remotes")
    remote = remotes.create("owner/cakes", "main")
    clone = tmp_path / "clone"
    git("clone", "--quiet", remote, clone, folder=tmp_path)
    (clone / "recipe").write_text("two eggs")
    (clone / "recipe").chmod(0o755)
    git("add", ".", folder=clone)
    git("commit", "--message", "First", folder=clone)
    git("push", "origin", "HEAD:main", folder=clone)
    return remotes


def test_the_newest_commit_of_the_branch_is_saved_without_history(
    remotes: Remotes, tmp_path: Path
) -> None:
    kept = Kept()

    outputs = remotes.run(context(tmp_path, kept))

    assert kept.files == {"recipe": "two eggs"}
    assert outputs["CommitId"] == git("rev-parse", "main", folder=remotes.path("owner/cakes"))
    assert outputs["CommitMessage"] == "First"


def test_nothing_that_is_saved_is_executable_as_a_connection_has_no_file_modes(
    remotes: Remotes, tmp_path: Path
) -> None:
    kept = Kept()

    remotes.run(context(tmp_path, kept))

    assert kept.modes == {0o644}


def test_a_repository_that_is_not_there_fails_the_action(tmp_path: Path) -> None:
    with pytest.raises(ActionError, match="owner/cakes doesn't exist"):
        Remotes(tmp_path).run(context(tmp_path, Kept()))
