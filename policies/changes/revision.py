"""Which commit the work is compared with."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

RELEASES = "release-*"
MAIN = "origin/main"


class BaseError(Exception):
    """There is nothing to compare with; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Repository:
    folder: Path

    def base(self, reference: str | None) -> tuple[str, str]:
        """The commit of ``reference`` and how to call it; raise ``BaseError`` without a commit.

        The default is the first there is of: the last ``release-*`` tag, which says what is
        deployed; where ``HEAD`` has left ``origin/main``; the commit before ``HEAD``. It also
        stands for git's null commit, which GitHub names where a branch begins.
        """
        if reference and not reference.strip("0"):
            reference = None
        for name, commit in [(reference, reference)] if reference else self._defaults():
            sha = self.commit(commit) if commit else None
            if name and sha:
                return sha, f"{name} ({sha[:9]})"
        raise BaseError(
            f"no commit {reference or 'to compare with'}; if this is a shallow clone, its history "
            "is missing: git fetch --unshallow --tags"
        )

    def commit(self, reference: str) -> str | None:
        return self._word("rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")

    def head(self) -> dict[str, str]:
        """Id, subject, author and date of ``HEAD``; nothing where there is no git."""
        told = self._git("log", "-1", "--format=%H%n%s%n%an%n%aI")
        fields = ("id", "subject", "author", "date")
        return {} if told is None else dict(zip(fields, told.splitlines(), strict=True))

    def is_changed(self) -> bool:
        """Whether the working tree is not what ``HEAD`` holds, new files included."""
        return bool(self._git("status", "--porcelain", "--untracked-files=normal"))

    def file(self, commit: str, path: str) -> str:
        """What ``path`` held at ``commit``; nothing when it wasn't there."""
        return self._git("show", f"{commit}:{path}") or ""

    def archive(self, commit: str, file: Path) -> None:
        if self._git("archive", "--format=zip", f"--output={file}", commit) is None:
            raise BaseError(f"git can't archive {commit}")

    def _defaults(self) -> list[tuple[str, str | None]]:
        release = self._word("describe", "--tags", "--abbrev=0", f"--match={RELEASES}")
        fork = self._word("merge-base", "HEAD", MAIN)
        parted = fork if fork != self.commit("HEAD") else None
        return [(release or "", release), (f"the fork from {MAIN}", parted), ("HEAD~1", "HEAD~1")]

    def _word(self, *arguments: str) -> str | None:
        told = self._git(*arguments)
        return None if told is None else told.strip()

    def _git(self, *arguments: str) -> str | None:
        result = subprocess.run(  # noqa: S603  # fixed arguments
            ["git", "-C", str(self.folder), *arguments],  # noqa: S607  # git is the developer's
            capture_output=True,
            text=True,
            check=False,
        )
        return None if result.returncode else result.stdout
