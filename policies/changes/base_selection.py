"""The base that an assembly is compared with, as the command line selects it."""

import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import click

from policies import app, register
from policies.changes import base_assembly, deployed, documents, guards
from policies.changes.comparison import Base
from policies.changes.repository import Repository
from policies.templates import assembly
from policies.templates.template import StackTemplate

ROOT = Path(__file__).resolve().parents[2]
DEPLOYED = "deployed"
# No AWS account has this number; cdk.json has it until a deployer sets an account.
PLACEHOLDER_ACCOUNT = "000000000000"

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

    Raise ``BaseError`` or ``AssemblyError`` if there is none.
    """
    stacks = read.stacks
    if reference and folder:
        raise click.UsageError("--base and --base-assembly exclude each other")
    if folder:
        return Base(name=str(folder), stacks=assembly.read(folder).stacks, folder=folder)
    if reference == DEPLOYED:
        found = deployed.stacks(stacks)
        return Base(name="what is deployed", stacks=found, deployed=True)
    return _commit(reference, read)


def first_settings(before: str, after: str) -> Mapping[str, Any]:
    """Return the settings of the later of two ``cdk.json`` if it is the first to set an account.

    Nothing can have been deployed before, so that any setting may change with it. The base is made
    with the same settings, by its own code: what then differs was not chosen but written.
    """
    settings = [app.settings(text) for text in (before, after)]
    accounts = [each.get("account", PLACEHOLDER_ACCOUNT) for each in settings]
    is_first = accounts[0] == PLACEHOLDER_ACCOUNT != accounts[1]
    return settings[1] if is_first else {}


def _commit(reference: str | None, read: assembly.Assembly) -> Base:
    repository = Repository(ROOT)
    commit, name = repository.base(reference)
    cdk_json = repository.file(commit, app.CDK_JSON)
    here_json = (ROOT / app.CDK_JSON).read_text()
    settings = first_settings(cdk_json, here_json)
    _, other = app.both_settings()
    with ThreadPoolExecutor() as pool, tempfile.TemporaryDirectory() as made:
        here = Path(made, app.OUT)
        making = pool.submit(base_assembly.make, ROOT, here, other)
        synthesize = partial(base_assembly.synthesize, ROOT)
        folder, before = base_assembly.of(commit, repository, synthesize, settings, other)
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
