"""With a synthesizer that only records its input."""

import json
from pathlib import Path

import pytest

from policies.changes import base_assembly
from policies.changes.documents import CDK_JSON
from policies.changes.repository import BaseError
from tests.policy.changes.test_repository import Work


class Recorder:
    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, source: Path, assembly: Path) -> None:
        self.seen.append((source / "file").read_text())
        (assembly / "asset.1").mkdir(parents=True)
        (assembly / "manifest.json").touch()


@pytest.fixture
def work(tmp_path: Path) -> Work:
    work = Work(tmp_path)
    work.git("init", "--quiet")
    return work


def test_a_commit_is_synthesized_as_it_was_and_kept_without_assets(work: Work) -> None:
    first, _ = work.commits("old", "new")
    recorder = Recorder()

    made = base_assembly.of(first, work, recorder)

    assert recorder.seen == ["old"]
    assert made.parent == work.folder / "build" / "bases"
    assert made.name.startswith(f"{first}-")
    assert [path.name for path in made.iterdir()] == ["manifest.json"]
    assert [*made.parent.iterdir()] == [made]


def test_a_commit_is_synthesized_with_other_settings_apart(work: Work) -> None:
    (work.folder / CDK_JSON).write_text('{"app": "a", "context": {"account": "0"}}')
    work.git("add", CDK_JSON)
    (commit,) = work.commits("old")
    seen = []

    def synthesize(source: Path, assembly: Path) -> None:
        seen.append((source / CDK_JSON).read_text())
        assembly.mkdir()

    plain, own = (base_assembly.of(commit, work, synthesize, each) for each in ({}, {"k": "v"}))

    assert plain != own
    assert [json.loads(each)["context"] for each in seen] == [{"account": "0"}, {"k": "v"}]


def test_a_commit_is_synthesized_once(work: Work) -> None:
    first, second = work.commits("old", "new")
    recorder = Recorder()

    for commit in (first, second, first):
        base_assembly.of(commit, work, recorder)

    assert recorder.seen == ["old", "new"]


def test_a_synthesis_that_fails_leaves_nothing(work: Work) -> None:
    (commit,) = work.commits("old")

    def failing(_source: Path, assembly: Path) -> None:
        assembly.mkdir()
        raise BaseError("no")

    with pytest.raises(BaseError):
        base_assembly.of(commit, work, failing)

    assert [*(work.folder / "build" / "bases").iterdir()] == []
