"""The base that an assembly is compared with, as the command line selects it."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from policies import register
from policies.changes import base_assembly, deployed, documents, guards
from policies.changes.comparison import Base
from policies.changes.documents import CDK_JSON, Pair
from policies.changes.repository import Repository
from policies.templates import assembly
from policies.templates.assembly import Assembly
from policies.templates.template import StackTemplate

ROOT = Path(__file__).resolve().parents[2]
DEPLOYED = "deployed"
# No AWS account has this number; cdk.json has it until a deployer sets an account.
PLACEHOLDER_ACCOUNT = "000000000000"
# They say the same whatever the account.
OF_SOURCES = (CDK_JSON, guards.NAME)

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


def chosen(reference: str | None, folder: Path | None, read: Assembly) -> Base:
    """Return the base that the options select, for the assembly ``read`` to be compared with.

    Raise ``BaseError`` or ``AssemblyError`` if there is none.
    """
    stacks = read.stacks
    if reference and folder:
        raise click.UsageError("--base and --base-assembly exclude each other")
    if folder:
        base = Base(name=str(folder), stacks=assembly.read(folder).stacks, folder=folder)
        return _deployable(base, stacks)
    if reference == DEPLOYED:
        found = deployed.stacks(stacks, deployed.reader())
        return Base(name="what is deployed", stacks=found, deployed=True)
    return _deployable(_commit(reference, read), stacks)


def _deployable(base: Base, stacks: Sequence[StackTemplate]) -> Base:
    """Return ``base``, with empty stacks if it precedes the choice of an account.

    Nothing can have been deployed to the placeholder account. What guards the gates and what
    ``cdk.json`` runs was there before.
    """
    if {each.account for each in base.stacks} != {PLACEHOLDER_ACCOUNT} or _has_placeholder(stacks):
        return base
    nothing = deployed.stacks(stacks, lambda _: None)
    name = f"{base.name}, which sets no account: nothing is deployed"
    sources = [pair for pair in base.documents if pair[0].name in OF_SOURCES]
    return replace(base, name=name, stacks=nothing, documents=sources, deployed=True)


def _has_placeholder(stacks: Sequence[StackTemplate]) -> bool:
    return PLACEHOLDER_ACCOUNT in {stack.account for stack in stacks}


def _commit(reference: str | None, read: Assembly) -> Base:
    repository = Repository(ROOT)
    commit, name = repository.base(reference)
    folder = base_assembly.of(commit, repository, base_assembly.synthesizer(ROOT))
    waivers = [
        waiver
        for path in repository.files(commit, register.ROWS)
        if Path(path).parent == Path(register.ROWS) and path.endswith(".toml")
        for waiver in register.parse(Path(path).stem, repository.file(commit, path))
    ]
    stacks = assembly.read(folder).stacks
    return Base(
        name=name,
        stacks=stacks,
        waivers=waivers,
        commit=commit,
        folder=folder,
        files=repository.changed_since(commit),
        documents=_documents(repository.file(commit, CDK_JSON), folder, read),
    )


def _documents(cdk_json: str, base: Path, read: Assembly) -> tuple[Pair, ...]:
    """Return what is compared beside the stacks: as the base's commit has it, and as it is here."""
    with tempfile.TemporaryDirectory() as made:
        documents.write_bootstrap(ROOT, read.folder, Path(made))
        here = documents.bootstrap_policies(Path(made))
    here_json = (ROOT / CDK_JSON).read_text()
    settings = (documents.app_settings(cdk_json), documents.app_settings(here_json))
    checks = (guards.written(base), guards.here(ROOT))
    publishing = (documents.publishing(base), documents.publishing(read.folder))
    return settings, (documents.bootstrap_policies(base), here), checks, publishing
