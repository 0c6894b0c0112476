"""What an assembly is compared with, as the command line says it."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from policies import assembly
from policies.changes import acknowledged, base_assembly, deployed
from policies.changes.hazard import ROWS
from policies.changes.revision import Repository
from policies.changes.verdict import Base
from policies.template import StackTemplate

ROOT = Path(__file__).resolve().parents[2]
DEPLOYED = "deployed"
# AWS gives it to nobody: cdk.json names it until a deployer has set an account.
NOBODYS = "000000000000"


def add_to(verb: argparse.ArgumentParser) -> None:
    base = verb.add_mutually_exclusive_group()
    base.add_argument(
        "--base",
        help="a git reference (default: last release, fork, or HEAD~1), "
        f"or {DEPLOYED!r}: what CloudFormation has now",
    )
    base.add_argument("--base-assembly", type=Path, help="instead: a folder synthesized before")


def chosen(options: argparse.Namespace, stacks: Sequence[StackTemplate]) -> Base:
    """The base that ``options`` name; raise ``BaseError`` or ``AssemblyError`` without one."""
    if options.base_assembly:
        folder: Path = options.base_assembly
        base = Base(name=str(folder), stacks=assembly.read(folder).stacks, folder=folder)
        return _possible(base, stacks)
    if options.base == DEPLOYED:
        found = deployed.stacks(stacks, deployed.reader())
        return Base(name="what is deployed", stacks=found, deployed=True)
    return _possible(_commit(options.base), stacks)


def _possible(base: Base, stacks: Sequence[StackTemplate]) -> Base:
    """``base``, or none of its stacks when the account is set since: nobody's can't have any."""
    if {each.account for each in base.stacks} != {NOBODYS} or _has_nobodys(stacks):
        return base
    nothing = deployed.stacks(stacks, lambda _: None)
    name = f"{base.name}, which has no account: nothing is deployed"
    return replace(base, name=name, stacks=nothing, deployed=True)


def _has_nobodys(stacks: Sequence[StackTemplate]) -> bool:
    return NOBODYS in {stack.account for stack in stacks}


def _commit(reference: str | None) -> Base:
    repository = Repository(ROOT)
    commit, name = repository.base(reference)
    folder = base_assembly.of(commit, repository, base_assembly.synthesizer(ROOT))
    rows = acknowledged.parse(repository.file(commit, ROWS))
    stacks = assembly.read(folder).stacks
    return Base(name=name, stacks=stacks, rows=rows, commit=commit, folder=folder)
