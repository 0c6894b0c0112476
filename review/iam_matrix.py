"""Who may do what to which resource, according to every policy, and what has changed."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.changes import grants
from policies.templates.template import Resource, StackTemplate

NAMES = (
    *("RoleName", "BucketName", "QueueName", "TableName", "FunctionName", "TopicName"),
    *("LogGroupName", "AliasName", "Name"),
)
REFERENCE = re.compile(r"<([^.>]+)[^>]*>")
# What tells a row from all others. Rows with the same are one, with all their actions.
FIELDS = ("state", "region", "stack", "principal", "effect", "resource", "condition", "path")


def rows(now: Sequence[StackTemplate], base: Sequence[StackTemplate]) -> list[Mapping[str, Any]]:
    """Return a row per state, principal and resource, with its actions."""
    current, before = ({cell for one in stacks for cell in _cells(one)} for stacks in (now, base))
    states = {"new": current - before, "removed": before - current, "unchanged": current & before}
    actions: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for state, cells in states.items():
        for *cell, action in sorted(cells):
            actions[state, *cell].append(action)
    return [
        {**dict(zip(FIELDS, key, strict=True)), "actions": together}
        for key, together in actions.items()
    ]


def _cells(stack: StackTemplate) -> Iterator[tuple[str, ...]]:
    """Yield each action that a principal has, or is denied, on one resource: the fields, and it."""
    short = {id_: _name(resource) for id_, resource in stack.by_id().items()}
    for each in grants.of(stack):
        holder = _shortened(each.holder, short)
        who, effect = each.principal or holder, each.effect.lower()
        # The policy of a resource is about the one that it belongs to.
        on = holder if each.principal else _shortened(each.resource, short) or "(its own policy)"
        where = (stack.region, stack.name, who, effect, on, each.condition, each.owner.path)
        yield *where, each.action


def _shortened(text: str, short: Mapping[str, str]) -> str:
    """Replace the references in ``<LogicalId.Arn>/*`` by the names of the resources."""
    return REFERENCE.sub(lambda found: short.get(found[1], found[0]), text)


def _name(resource: Resource) -> str:
    written = (resource.properties.get(name) for name in NAMES)
    return next((name for name in written if isinstance(name, str)), resource.local)
