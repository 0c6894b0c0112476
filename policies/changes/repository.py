"""The git repository: which commit to compare with, and what a commit contains."""

from dataclasses import dataclass
from pathlib import Path

from policies.command_line import Undetermined, run

MAIN = "origin/main"
FIELDS = {"id": "%H", "subject": "%s", "author": "%an", "date": "%aI"}


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository in ``folder``; a folder without git has no commits."""

    folder: Path

    def base(self, reference: str | None) -> tuple[str, str]:
        """Return a commit and a readable name for it; raise ``Undetermined`` if there is none.

        Without a ``reference`` it is the first that exists of: the last ``release-*`` tag before
        the proposed commits, which marks what is deployed; the fork of ``HEAD`` from
        ``origin/main``; the commit before ``HEAD``. So it is for git's null commit, which GitHub
        sends for a new branch.
        """
        if reference and not reference.strip("0"):
            reference = None
        for name, commit in [(reference, reference)] if reference else self._defaults():
            sha = self.commit(commit) if commit else None
            if name and sha:
                return sha, sha[:9] if sha.startswith(name) else f"{name} ({sha[:9]})"
        raise Undetermined(
            f"no commit {reference or 'to compare with'}; if this is a shallow clone, its history "
            "is missing: git fetch --unshallow --tags"
        )

    def commit(self, reference: str) -> str | None:
        """Return the full id of the commit, or None if there is no such commit."""
        return self._word("rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")

    def log(self, *which: str) -> list[dict[str, str]]:
        """Return id, subject, author and date of commits, newest first; none without git."""
        told = self._git("log", f"--format={'%x00'.join(FIELDS.values())}", *which) or ""
        return [dict(zip(FIELDS, line.split("\0"), strict=True)) for line in told.splitlines()]

    def is_changed(self) -> bool:
        """Return whether the working tree differs from ``HEAD``, new files included."""
        return bool(self._git("status", "--porcelain", "--untracked-files=normal"))

    def file(self, commit: str, path: str) -> str:
        """Return the text of ``path`` at ``commit``; empty if the file did not exist."""
        return self._git("show", f"{commit}:{path}") or ""

    def files(self, commit: str, folder: str) -> list[str]:
        """Return the paths of the files in ``folder`` at ``commit``; none if it did not exist."""
        return (self._git("ls-tree", "--name-only", commit, f"{folder}/") or "").splitlines()

    def changed_since(self, commit: str) -> set[str]:
        """Return the files that differ between ``commit`` and the working tree."""
        differs = self._git("diff", "--name-only", "--no-renames", "-z", commit) or ""
        untracked = self._git("ls-files", "--others", "--exclude-standard", "-z") or ""
        return {*filter(None, f"{differs}{untracked}".split("\0"))}

    def archive(self, commit: str, file: Path) -> None:
        """Write the tree of ``commit`` to a ``file``, in the form that its name ends with.

        Raise ``Undetermined`` if git cannot.
        """
        if self._git("archive", f"--output={file}", commit) is None:
            raise Undetermined(f"git can't archive {commit}")

    def _defaults(self) -> list[tuple[str, str | None]]:
        fork = self._word("merge-base", "HEAD", MAIN)
        branched = fork if fork != self.commit("HEAD") else None
        # Of the protected branch only: whoever proposes a commit could tag that as well.
        before = branched or "HEAD~1"
        release = self._word("describe", "--tags", "--abbrev=0", "--match=release-*", before)
        return [(release or "", release), (f"the fork from {MAIN}", branched), ("HEAD~1", "HEAD~1")]

    def _word(self, *arguments: str) -> str | None:
        output = self._git(*arguments)
        return None if output is None else output.strip()

    def _git(self, *arguments: str) -> str | None:
        result = run(["git", "-C", str(self.folder), *arguments])
        return None if result.returncode else result.stdout
