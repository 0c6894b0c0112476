import shutil
import subprocess
from pathlib import Path

import pytest

from policies.changes.repository import Repository
from policies.command_line import Undetermined

IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")


class Work(Repository):
    def git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.folder), *IDENTITY, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def commits(self, *contents: str) -> list[str]:
        return [self._commit(content) for content in contents]

    def _commit(self, content: str) -> str:
        (self.folder / "file").write_text(content)
        self.git("add", "file")
        self.git("commit", "--quiet", "--message", content)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def work(tmp_path: Path) -> Work:
    work = Work(tmp_path)
    work.git("init", "--quiet")
    return work


def test_a_reference_that_is_given_is_the_base(work: Work) -> None:
    first, _ = work.commits("1", "2")
    work.git("tag", "here", first)

    assert work.base("here") == (first, f"here ({first[:9]})")


def test_a_reference_without_a_commit_is_an_error(work: Work) -> None:
    work.commits("1", "2")

    with pytest.raises(Undetermined, match="no commit nowhere"):
        work.base("nowhere")


def test_the_last_release_is_the_base(work: Work) -> None:
    first, second, _ = work.commits("1", "2", "3")
    work.git("tag", "release-1", first)
    work.git("tag", "release-2", second)
    work.git("tag", "other", "HEAD")

    assert work.base(None)[0] == second


def test_a_release_that_the_proposed_commit_is_itself_is_no_base(work: Work) -> None:
    first, _ = work.commits("1", "2")
    work.git("tag", "release-9", "HEAD")

    assert work.base(None)[0] == first


def test_a_release_of_another_line_is_no_base(work: Work) -> None:
    first, second = work.commits("1", "2")
    work.git("checkout", "--quiet", "--detach", first)
    work.git("tag", "release-1", second)
    (third,) = work.commits("3")
    assert third

    assert work.base(None) == (first, f"HEAD~1 ({first[:9]})")


def test_without_a_release_the_fork_from_main_is_the_base(work: Work) -> None:
    first, *_ = work.commits("1", "2", "3")
    work.git("update-ref", "refs/remotes/origin/main", first)

    assert work.base(None) == (first, f"the fork from origin/main ({first[:9]})")


def test_on_main_the_commit_before_is_the_base(work: Work) -> None:
    _, second, third = work.commits("1", "2", "3")
    work.git("update-ref", "refs/remotes/origin/main", third)

    assert work.base(None)[0] == second
    assert work.base("0" * 40) == work.base(None)


def test_a_first_commit_has_no_base(work: Work) -> None:
    work.commits("1")

    with pytest.raises(Undetermined, match="shallow clone"):
        work.base(None)


def test_a_file_is_read_as_it_was(work: Work) -> None:
    first, _ = work.commits("old\n", "new\n")

    assert work.file(first, "file") == "old\n"
    assert work.file(first, "absent") == ""


def test_the_files_of_a_folder_are_listed_as_they_were(work: Work) -> None:
    before, _ = work.commits("1", "2")
    (work.folder / "rows").mkdir()
    (work.folder / "rows" / "one.toml").touch()
    work.git("add", "rows")
    work.git("commit", "--quiet", "--message", "rows")

    assert work.files("HEAD", "rows") == ["rows/one.toml"]
    assert work.files(before, "rows") == []


def test_files_that_are_new_or_differ_are_named(work: Work) -> None:
    [first, _] = work.commits("1\n2\n", "1\n3\n4\n")
    (work.folder / "new file").touch()

    assert work.changed_since(first) == {"file", "new file"}


def test_an_archived_commit_has_its_links_as_links(work: Work, tmp_path: Path) -> None:
    (work.folder / "link").symlink_to("file")
    work.git("add", "link")
    [commit] = work.commits("one")

    Repository(work.folder).archive(commit, tmp_path / "all.tar")
    shutil.unpack_archive(tmp_path / "all.tar", tmp_path / "src")

    assert (tmp_path / "src" / "link").readlink() == Path("file")
