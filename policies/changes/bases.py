"""What an assembly is compared with, as the command line says it."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from policies import assembly
from policies.changes import acknowledged, base_assembly, deployed
from policies.changes.hazard import ROWS
from policies.changes.revision import Repository
from policies.changes.verdict import Base
from policies.template import StackTemplate

ROOT = Path(__file__).resolve().parents[2]
DEPLOYED = "deployed"


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
        return Base(name=str(folder), stacks=assembly.read(folder).stacks, folder=folder)
    if options.base == DEPLOYED:
        found = deployed.stacks(stacks, deployed.reader())
        return Base(name="what is deployed", stacks=found, deployed=True)
    return _commit(options.base)


def _commit(reference: str | None) -> Base:
    repository = Repository(ROOT)
    commit, name = repository.base(reference)
    folder = base_assembly.of(commit, repository, base_assembly.synthesizer(ROOT))
    rows = acknowledged.parse(repository.file(commit, ROWS))
    stacks = assembly.read(folder).stacks
    return Base(name=name, stacks=stacks, rows=rows, commit=commit, folder=folder)
