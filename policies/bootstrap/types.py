"""``actions.toml``: what CloudFormation needs for each resource type."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

FILE = Path(__file__).parent / "actions.toml"


class UncoveredError(Exception):
    """The app has a type that ``actions.toml`` says nothing of; the message says which."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TypeRights:
    """``also`` needs no boundary, ``anywhere`` no name; ``passed_to`` are services that get one.

    ``across_accounts`` reaches the other account's resources of the same names.
    """

    actions: Sequence[str]
    resources: Sequence[str]
    also: Sequence[str] = ()
    across_accounts: Sequence[str] = ()
    anywhere: Sequence[str] = ()
    passed_to: Sequence[str] = ()
    only_bounded: bool = False
    optional: bool = False


def load(file: Path = FILE) -> Mapping[str, TypeRights]:
    return {type_: TypeRights(**row) for type_, row in tomllib.loads(file.read_text()).items()}


def needed(
    used: Iterable[str], known: Mapping[str, TypeRights], *, across_accounts: bool
) -> Mapping[str, TypeRights]:
    """The rights for the types that are ``used``; raise ``UncoveredError`` for an unknown one."""
    types = set(used)
    if unknown := sorted(types - known.keys()):
        raise UncoveredError(
            f"policies/bootstrap/actions.toml says nothing of {', '.join(unknown)}: add what "
            "CloudFormation calls for it, then update the bootstrap's policies (docs/deployment.md)"
        )
    here = {type_: row for type_, row in known.items() if type_ in types or row.optional}
    if across_accounts:
        return here
    return {type_: replace(row, across_accounts=()) for type_, row in here.items()}
