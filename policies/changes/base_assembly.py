"""The assembly of an earlier commit, synthesized once, with the packages of that commit."""

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from policies.changes import documents, guards, makefile, packages, texts
from policies.changes.repository import BaseError, Repository

# If these are the same, the packages installed here are those that the commit needs.
LOCKS = ("requirements/dev.txt", "package-lock.json")
INSTALLED = (".venv", "node_modules")
# Bundles are named by their content, so commits can share them.
BUNDLES = "build/bundles"
BASES = "build/bases"
# What they write is kept beside the assembly.
MODULES = (documents, guards, makefile, packages, texts)

Synthesize = Callable[[Path, Path], None]


def of(
    commit: str,
    repository: Repository,
    synthesize: Synthesize,
    settings: Mapping[str, Any] | None = None,
) -> Path:
    """Return the folder with the assembly of ``commit``: made on first use, without its assets.

    It is made with ``settings``, if there are any, in the place of those in its own ``cdk.json``.
    """
    bases = repository.folder / BASES
    target = bases / f"{commit}-{_version(settings)}"
    if not target.exists():
        bases.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=bases, prefix=".") as scratch:
            archive, source, made = (Path(scratch) / name for name in ("all.zip", "src", "out"))
            repository.archive(commit, archive)
            shutil.unpack_archive(archive, source)
            if settings:
                file = source / documents.CDK_JSON
                file.write_text(json.dumps({**json.loads(file.read_text()), "context": settings}))
            synthesize(source, made)
            for asset in made.glob("asset.*"):
                shutil.rmtree(asset) if asset.is_dir() else asset.unlink()
            made.rename(target)
    return target


def _version(settings: Mapping[str, Any] | None) -> str:
    """Return what is another text when an assembly, or what is beside it, is written otherwise."""
    written_by = [Path(str(module.__file__)).read_bytes() for module in MODULES]
    given = [json.dumps(settings).encode()] if settings else []
    return hashlib.sha256(b"".join(written_by + given)).hexdigest()[:8]


def synthesizer(root: Path) -> Synthesize:
    """Return a function that synthesizes a source folder into an assembly.

    It uses what is installed in ``root`` if the lock files are the same, and installs otherwise.
    """

    def synthesize(source: Path, assembly: Path) -> None:
        if all(_text(root / lock) == _text(source / lock) != "" for lock in LOCKS):
            for name in INSTALLED:
                (source / name).symlink_to(root / name)
        else:
            _run(["make", "--silent", "setup"], source)
        if not (source / BUNDLES).exists():
            (root / BUNDLES).mkdir(parents=True, exist_ok=True)
            (source / BUNDLES).parent.mkdir(exist_ok=True)
            (source / BUNDLES).symlink_to(root / BUNDLES)
        node, cdk = source / ".venv/bin/node", source / "node_modules/aws-cdk/bin/cdk"
        command = [str(node), str(cdk), "synth", "--quiet", "--no-notices"]
        log = _run([*command, "--output", str(assembly)], source, check=False)
        # The base's own gate may be red by now, e.g. for an expired waiver, and writes it anyway.
        if not (assembly / "manifest.json").exists():
            raise BaseError(f"the base cannot be synthesized:\n{log}")
        guards.write(source, assembly)
        documents.write_bootstrap(source, assembly, assembly, str(source / ".venv/bin/python"))

    return synthesize


def _text(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def _run(command: list[str], folder: Path, *, check: bool = True) -> str:
    result = subprocess.run(  # noqa: S603  # fixed arguments
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    log = result.stdout + result.stderr
    if check and result.returncode:
        raise BaseError(f"{' '.join(command)} failed in the base:\n{log}")
    return log
