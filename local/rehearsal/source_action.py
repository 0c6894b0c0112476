"""The source action: bare git repositories on this machine instead of a connection."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.rehearsal.action import Context
from local.rehearsal.errors import ActionError, RehearsalError
from local.rehearsal.strict_documents import refuse_unknown

PLAIN_FILE = 0o644
CONFIGURATION_KEYS = {"ConnectionArn", "FullRepositoryId", "BranchName"}
# The user's hooks, identity and settings are ignored.
ISOLATED = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
IDENTITY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Rehearsal"), ("EMAIL", "rehearsal@localhost"))
}


def git(*arguments: str | Path, folder: Path) -> str:
    """Return the output of a git command in ``folder``; raise ``RehearsalError`` if it fails."""
    result = subprocess.run(  # noqa: S603  # fixed arguments
        ["git", *arguments],  # noqa: S607
        cwd=folder,
        env={"PATH": os.environ.get("PATH", os.defpath), **ISOLATED, **IDENTITY},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise RehearsalError(f"git {arguments[0]} failed: {result.stderr}")
    return result.stdout.strip()


def _forget_modes(folder: Path) -> None:
    """Make no file executable, as the archive of a connection has no file modes."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.chmod(PLAIN_FILE)


@dataclass(frozen=True, slots=True)
class Remotes:
    """The worker of sources; ``owner/name`` is the folder ``owner/name.git`` in ``root``."""

    root: Path

    def create(self, repository: str, branch: str) -> Path:
        """Create an empty bare repository with the branch ``branch``, and return its folder."""
        folder = self.path(repository)
        folder.mkdir(parents=True)
        git("init", "--quiet", "--bare", f"--initial-branch={branch}", folder=folder)
        return folder

    def path(self, repository: str) -> Path:
        return self.root / f"{repository}.git"

    def run(self, context: Context) -> Mapping[str, str]:
        """Save the branch's newest commit as an artifact, without history; return its variables."""
        configuration = context.configuration
        refuse_unknown(configuration, CONFIGURATION_KEYS, context.action.name)
        repository, branch = configuration["FullRepositoryId"], configuration["BranchName"]
        remote = self.path(repository)
        if not remote.is_dir():
            raise ActionError(f"repository {repository} doesn't exist")
        commit = git("rev-parse", branch, folder=remote)
        self._save(context, remote, commit)
        return {
            "FullRepositoryName": repository,
            "BranchName": branch,
            "CommitId": commit,
            "CommitMessage": git("log", "-1", "--format=%B", commit, folder=remote),
            "AuthorDisplayName": git("log", "-1", "--format=%an", commit, folder=remote),
            "AuthorDate": git("log", "-1", "--format=%aI", commit, folder=remote),
        }

    def _save(self, context: Context, remote: Path, commit: str) -> None:
        folder = context.folder / "checkout"
        folder.mkdir(parents=True)
        git("--work-tree", folder, "checkout", "--force", commit, "--", ".", folder=remote)
        _forget_modes(folder)
        for name in context.action.outputs:
            context.artifacts.save(
                name, folder, by=context.pipeline_role, region=context.action.region
            )
