"""With a synthesizer that only records its input."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from policies.app import Settings
from policies.changes import base_selection
from policies.command_line import Undetermined
from tests.policy.changes.test_repository import Work


class Recorder:
    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, source: Path, assemblies: Mapping[Path, Settings]) -> None:
        for assembly, settings in assemblies.items():
            self.seen.append((source / "file").read_text() + settings.get("suffix", ""))
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

    [made] = base_selection.of_commit(first, work, recorder, {})

    assert recorder.seen == ["old"]
    assert made.parent == work.folder / "build" / "bases"
    assert made.name.startswith(f"{first}-")
    assert [path.name for path in made.iterdir()] == ["manifest.json"]
    assert [*made.parent.iterdir()] == [made]


def test_a_commit_is_synthesized_under_each_settings_apart(work: Work) -> None:
    (commit,) = work.commits("old")
    recorder = Recorder()

    [plain] = base_selection.of_commit(commit, work, recorder, {})
    same, own = base_selection.of_commit(commit, work, recorder, {}, {"suffix": "-own"})

    assert plain == same != own
    assert recorder.seen == ["old", "old-own"]


def test_a_commit_is_synthesized_once(work: Work) -> None:
    first, second = work.commits("old", "new")
    recorder = Recorder()

    for commit in (first, second, first):
        base_selection.of_commit(commit, work, recorder, {})

    assert recorder.seen == ["old", "new"]


def test_a_synthesis_that_fails_leaves_nothing(work: Work) -> None:
    (commit,) = work.commits("old")

    def failing(_source: Path, assemblies: Mapping[Path, Settings]) -> None:
        for assembly in assemblies:
            assembly.mkdir()
        raise Undetermined("no")

    with pytest.raises(Undetermined):
        base_selection.of_commit(commit, work, failing, {})

    assert [*(work.folder / "build" / "bases").iterdir()] == []
