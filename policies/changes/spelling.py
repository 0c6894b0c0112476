"""Spells grants as the exact ids of changes: few lines, in one order."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from policies.changes.grants import Condition, Grant
from policies.template import Resource

_Key: TypeAlias = tuple[str, str, str, str]


def spelled(grants: Iterable[Grant]) -> Iterator[tuple[Resource, str]]:
    """For each policy ``principal actions@resources if conditions``, grants put together again."""
    owners: dict[str, Resource] = {}
    actions: dict[_Key, set[str]] = defaultdict(set)
    resources: dict[_Key, set[str]] = defaultdict(set)
    for grant in grants:
        owners[grant.owner.logical_id] = grant.owner
        limits = " and ".join(sorted(map(_condition, grant.conditions)))
        key = grant.owner.logical_id, grant.principal, limits, grant.resource
        actions[key].add(grant.action)
    for (owner, principal, limits, resource), together in actions.items():
        resources[owner, principal, limits, ",".join(sorted(together))].add(resource)
    for (owner, principal, limits, all_of), on in sorted(resources.items()):
        who = f"{principal} " if principal else ""
        where = f"@{','.join(sorted(on))}" if any(on) else ""
        yield owners[owner], f"{who}{all_of}{where}{f' if {limits}' if limits else ''}"


def _condition(condition: Condition) -> str:
    operator, key, values = condition
    return f"{operator} {key}={','.join(sorted(values))}"
