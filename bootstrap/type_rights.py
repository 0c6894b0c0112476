"""``actions.toml``: the permissions that CloudFormation needs for each resource type."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

FILE = Path(__file__).parent / "actions.toml"


class UncoveredError(Exception):
    """The app has a type that is not in ``actions.toml``; the message names it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TypeRights:
    """The permissions for one resource type.

    ``actions`` are limited to ``resources`` and, if ``only_bounded``, to roles with the boundary;
    ``also`` has no such conditions, ``anywhere`` no resource. ``passed_to`` names the services
    that a role may be passed to. ``across_accounts`` reaches the same resources of a second
    account. An ``optional`` type is included even if the app does not use it.
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
    """Return the permissions by resource type."""
    return {type_: TypeRights(**row) for type_, row in tomllib.loads(file.read_text()).items()}


def needed(
    used: Iterable[str], known: Mapping[str, TypeRights], *, across_accounts: bool
) -> Mapping[str, TypeRights]:
    """Return the permissions of the ``used`` and the optional types.

    Raise ``UncoveredError`` if a used type is unknown.
    """
    types = set(used)
    if unknown := sorted(types - known.keys()):
        raise UncoveredError(
            f"bootstrap/actions.toml lacks {', '.join(unknown)}: add the actions that "
            "CloudFormation calls, then update the bootstrap's policies (docs/deployment.md)"
        )
    here = {type_: row for type_, row in known.items() if type_ in types or row.optional}
    if across_accounts:
        return here
    return {type_: replace(row, across_accounts=()) for type_, row in here.items()}
