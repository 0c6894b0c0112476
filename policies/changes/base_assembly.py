"""The assembly of an earlier commit, synthesized once, with the packages of that commit."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeAlias

from policies import app
from policies.app import Settings
from policies.changes import documents, guards
from policies.changes.repository import BaseError, Repository
from policies.command_line import run

# If these are the same, the packages installed here are those that the commit needs.
LOCKS = ("requirements/dev.txt", "package-lock.json")
# Bundles are named by their content, so commits can share them.
BUNDLES = "build/bundles"
BASES = "build/bases"
# What they read and write of a commit is kept beside the assembly.
POLICIES = Path(__file__).resolve().parents[1]

Synthesize: TypeAlias = Callable[[Path, Mapping[Path, Settings]], None]


def of(
    commit: str, repository: Repository, synthesize: Synthesize, *settings: Settings
) -> Sequence[Path]:
    """Return a folder with the assembly of ``commit`` for each of ``settings``, without assets.

    Each is made on first use, with the settings over those in the commit's own ``cdk.json``.
    """
    bases = repository.folder / BASES
    written_by = _policies()
    wanted = {f"{commit}-{_version(written_by, each)}": each for each in settings}
    missing = [name for name in wanted if not (bases / name).exists()]
    if missing:
        bases.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=bases, prefix=".") as scratch:
            archive, source = (Path(scratch) / name for name in ("all.tar", "src"))
            repository.archive(commit, archive)
            shutil.unpack_archive(archive, source)
            made = {Path(scratch, name): wanted[name] for name in missing}
            synthesize(source, made)
            for folder in made:
                for asset in folder.glob("asset.*"):
                    shutil.rmtree(asset) if asset.is_dir() else asset.unlink()
                folder.rename(bases / folder.name)
    return [bases / name for name in wanted]


def _policies() -> bytes:
    """Return the code and the tables that write what is beside an assembly."""
    code = sorted(each for each in POLICIES.rglob("*.*") if each.suffix in {".py", ".toml"})
    return b"".join(each.read_bytes() for each in code if each.parent.name != "accepted")


def _version(written_by: bytes, settings: Settings) -> str:
    """Return what is another text when an assembly, or what is beside it, is written otherwise."""
    given = json.dumps(settings) if settings else ""
    return hashlib.sha256(written_by + given.encode()).hexdigest()[:8]


def synthesize(root: Path, source: Path, assemblies: Mapping[Path, Settings]) -> None:
    """Synthesize a source folder into assemblies, side by side.

    It uses what is installed in ``root`` if the lock files are the same, and installs otherwise.
    """
    if all(_is_same(root / lock, source / lock) for lock in LOCKS):
        for name in (".venv", "node_modules"):
            (source / name).symlink_to(root / name)
    elif (done := run(["make", "--silent", "setup"], source)).returncode:
        raise BaseError(f"make setup failed in the base:\n{done.stdout}{done.stderr}")
    if not (source / BUNDLES).exists():
        (root / BUNDLES).mkdir(parents=True, exist_ok=True)
        (source / BUNDLES).parent.mkdir(exist_ok=True)
        (source / BUNDLES).symlink_to(root / BUNDLES)
    with ThreadPoolExecutor() as pool:
        [*pool.map(partial(make, source), assemblies, assemblies.values())]
    for assembly in assemblies:
        guards.write(source, assembly)


def make(source: Path, assembly: Path, settings: Settings) -> None:
    """Write what the app in ``source`` makes, and the bootstrap's policies for it beside it."""
    app.synthesize(source, assembly, settings)
    documents.write_bootstrap(source, assembly, assembly, str(source / ".venv/bin/python"))


def _is_same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.read_bytes() == other.read_bytes()
