"""The base that an assembly is compared with: selected, and synthesized once if it is a commit."""

import filecmp
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import click

from policies import app, register
from policies.app import ROOT, Settings
from policies.changes import deployed, documents, guards
from policies.changes.comparison import Base
from policies.changes.repository import Repository
from policies.changes.sources import digest
from policies.command_line import Undetermined, run
from policies.templates import assembly
from policies.templates.template import StackTemplate

DEPLOYED = "deployed"
# No AWS account has this number; cdk.json has it until a deployer sets an account.
PLACEHOLDER_ACCOUNT = "000000000000"
# If these are the same, the packages installed here are those that the commit needs.
LOCKS = ("requirements/dev.txt", "package-lock.json")
# Bundles are named by their content, so commits can share them.
BUNDLES = "build/bundles"
BASES = "build/bases"
# What they read and write of a commit is kept beside the assembly.
POLICIES = ROOT / "policies"

Synthesize: TypeAlias = Callable[[Path, Mapping[Path, Settings]], None]

BASE = click.option(
    "--base",
    help="A git reference (default: the last release, the fork from the main branch, or HEAD~1), "
    f"or {DEPLOYED!r} for what CloudFormation has now.",
)
BASE_ASSEMBLY = click.option(
    "--base-assembly",
    type=click.Path(path_type=Path),
    help="Instead of --base: a folder synthesized before.",
)


def chosen(reference: str | None, folder: Path | None, read: assembly.Assembly) -> Base:
    """Return the base that the options select, for the assembly ``read`` to be compared with.

    Raise ``Undetermined`` if there is none.
    """
    if reference and folder:
        raise click.UsageError("--base and --base-assembly exclude each other")
    if folder:
        return Base(name=str(folder), stacks=assembly.read(folder).stacks, folder=folder)
    if reference == DEPLOYED:
        return Base(name="what is deployed", stacks=deployed.stacks(read.stacks), deployed=True)
    return _commit(reference, read)


def first_settings(before: str, after: str) -> Mapping[str, Any]:
    """Return the settings of the later of two ``cdk.json`` if it is the first to set an account.

    Nothing can have been deployed before, so that any setting may change with it. The base is made
    with the same settings, by its own code: what then differs was not chosen but written.
    """
    settings = [app.settings(text) for text in (before, after)]
    accounts = [each.get("account", PLACEHOLDER_ACCOUNT) for each in settings]
    return settings[1] if accounts[0] == PLACEHOLDER_ACCOUNT != accounts[1] else {}


def _commit(reference: str | None, read: assembly.Assembly) -> Base:
    repository = Repository(ROOT)
    commit, name = repository.base(reference)
    cdk_json = repository.file(commit, app.CDK_JSON)
    here_json = (ROOT / app.CDK_JSON).read_text()
    settings = first_settings(cdk_json, here_json)
    _, other = app.both_settings()
    with ThreadPoolExecutor() as pool, tempfile.TemporaryDirectory() as made:
        here = Path(made, app.OUT)
        making = pool.submit(make, ROOT, here, other)
        folder, before = of_commit(commit, repository, partial(synthesize, ROOT), settings, other)
        making.result()
        under_others = _whole(before), _whole(here)
    return Base(
        name=f"{name}, with the first account's settings" if settings else name,
        stacks=assembly.read(folder).stacks,
        waivers=[
            waiver
            for path in map(Path, repository.files(commit, register.ROWS))
            if path.suffix == ".toml"
            for waiver in register.parse(path.stem, repository.file(commit, str(path)))
        ],
        commit=commit,
        folder=folder,
        files=repository.changed_since(commit),
        documents=[
            (documents.app_settings(cdk_json), documents.app_settings(here_json)),
            (guards.written(folder), guards.here(ROOT)),
            *zip(documents.written(folder), documents.made(ROOT, read.folder), strict=True),
        ],
        under_other_settings=under_others,
    )


def _whole(folder: Path) -> Sequence[StackTemplate]:
    """Return all that is compared of an assembly with the bootstrap's policies beside it."""
    return *assembly.read(folder).stacks, *documents.written(folder)


def of_commit(
    commit: str, repository: Repository, synthesize: Synthesize, *settings: Settings
) -> Sequence[Path]:
    """Return a folder with the assembly of ``commit`` for each of ``settings``, without assets.

    Each is made on first use, with the settings over those in the commit's own ``cdk.json``.
    """
    bases = repository.folder / BASES
    wanted = dict(zip((f"{commit}-{each}" for each in _versions(settings)), settings, strict=True))
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


def _versions(settings: Sequence[Settings]) -> list[str]:
    """Return a text for each, which is another one when an assembly is written otherwise."""
    code = sorted(each for each in POLICIES.rglob("*.*") if each.suffix in {".py", ".toml"})
    writing = b"".join(each.read_bytes() for each in code if each.parent.name != "accepted")
    return [digest(writing + json.dumps(each).encode()) for each in settings]


def synthesize(root: Path, source: Path, assemblies: Mapping[Path, Settings]) -> None:
    """Synthesize a source folder into assemblies, side by side.

    It uses what is installed in ``root`` if the lock files are the same, and installs otherwise.
    """
    if filecmp.cmpfiles(root, source, LOCKS, shallow=False)[0] == [*LOCKS]:
        for name in (".venv", "node_modules"):
            (source / name).symlink_to(root / name)
    elif (done := run(["make", "--silent", "setup"], source)).returncode:
        raise Undetermined(f"make setup failed in the base:\n{done.stdout}{done.stderr}")
    if not (source / BUNDLES).exists():
        (root / BUNDLES).mkdir(parents=True, exist_ok=True)
        (source / BUNDLES).parent.mkdir(exist_ok=True)
        (source / BUNDLES).symlink_to(root / BUNDLES)
    with ThreadPoolExecutor() as pool:
        [*pool.map(partial(make, source), assemblies, assemblies.values())]
    for each in assemblies:
        guards.write(source, each)


def make(source: Path, folder: Path, settings: Settings) -> None:
    """Write what the app in ``source`` makes, and the bootstrap's policies for it beside it."""
    app.synthesize(source, folder, settings)
    documents.write_bootstrap(source, folder, folder, str(source / ".venv/bin/python"))
