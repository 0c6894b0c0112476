"""A developer's working copy, whose commits are pushed to the pipeline's repository."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from local.rehearsal.errors import RehearsalError
from local.rehearsal.source_action import git


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """A clone in ``folder``, with the pipeline's repository as its remote."""

    folder: Path

    @classmethod
    def create(cls, tree: Path, folder: Path, *, remote: Path, branch: str) -> Self:
        """Commit ``tree`` as it is now, without ignored files, to a new clone in ``folder``."""
        folder.mkdir(parents=True)
        git("init", "--quiet", f"--initial-branch={branch}", folder=folder)
        own = ("--git-dir", folder / ".git", "--work-tree", tree)
        git(*own, "add", "--all", folder=tree)
        copy = cls(folder)
        copy._commit("The working tree")
        git("reset", "--hard", folder=folder)
        git("remote", "add", "origin", remote, folder=folder)
        return copy

    def set_context(self, file: str, values: Mapping[str, str]) -> None:
        """Set context values in the CDK's configuration ``file``, as a deployer does."""
        document = json.loads(self.read(file))
        document["context"] |= values
        self.write(file, json.dumps(document, indent=2) + "\n")

    def read(self, file: str) -> str:
        return (self.folder / file).read_text()

    def write(self, file: str, text: str) -> None:
        (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / file).write_text(text)

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace ``old`` in ``file``; raise ``RehearsalError`` unless it occurs exactly once."""
        text = self.read(file)
        if text.count(old) != 1:
            raise RehearsalError(f"{file} has {text.count(old)} times: {old}")
        self.write(file, text.replace(old, new))

    def commit(self, message: str) -> None:
        """Commit every change in the folder."""
        git("add", "--all", folder=self.folder)
        self._commit(message)

    def revert(self) -> None:
        """Commit the inverse of the newest commit."""
        git("revert", "--no-edit", "HEAD", folder=self.folder)

    def push(self) -> None:
        git("push", "--quiet", "origin", "HEAD", folder=self.folder)

    def _commit(self, message: str) -> None:
        git("commit", "--quiet", "--allow-empty", "--message", message, folder=self.folder)
