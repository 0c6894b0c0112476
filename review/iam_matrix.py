"""Who may do what to which resource, according to every policy, and what has changed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from policies.changes import grants
from policies.changes.grants import Grant
from policies.templates.template import Resource, StackTemplate

NAMES = (
    *("RoleName", "BucketName", "QueueName", "TableName", "FunctionName", "TopicName"),
    *("LogGroupName", "AliasName", "Name"),
)
OWN = "(its own policy)"


class Cell(NamedTuple):
    """One action that one principal has, or is denied, on one resource."""

    region: str
    stack: str
    principal: str
    effect: str
    resource: str
    condition: str
    path: str
    action: str


def rows(
    now: Sequence[StackTemplate], base: Sequence[StackTemplate] | None
) -> list[Mapping[str, Any]]:
    """Return a row per state, principal and resource, with its actions.

    Without a base every row is unchanged.
    """
    current = {cell for stack in now for cell in _cells(stack)}
    before = current if base is None else {cell for stack in base for cell in _cells(stack)}
    actions: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for state, cells in (
        ("new", current - before),
        ("removed", before - current),
        ("unchanged", current & before),
    ):
        for cell in sorted(cells):
            actions[state, *cell[:-1]].append(cell.action)
    fields = ("state", *Cell._fields[:-1])
    return [
        {**dict(zip(fields, key, strict=True)), "actions": together}
        for key, together in actions.items()
    ]


def _cells(stack: StackTemplate) -> Iterator[Cell]:
    short = {f"<{id_}": _name(resource) for id_, resource in stack.by_id().items()}
    for grant in grants.of(stack):
        holder = _shortened(grant.holder, short)
        yield Cell(
            region=stack.region,
            stack=stack.name,
            principal=grant.principal or holder,
            effect=grant.effect.lower(),
            resource=_on(grant, holder, short),
            condition=grant.condition,
            path=grant.owner.path,
            action=grant.action,
        )


def _on(grant: Grant, holder: str, short: Mapping[str, str]) -> str:
    """Return the resource of a grant: for a resource policy, the one that it belongs to."""
    return holder if grant.principal else _shortened(grant.resource, short) or OWN


def _shortened(text: str, short: Mapping[str, str]) -> str:
    """Replace the references in ``<LogicalId.Arn>/*`` by the names of the resources."""
    head, opened, rest = text.partition("<")
    reference, closed, tail = rest.partition(">")
    name = short.get(f"<{reference.partition('.')[0]}")
    if not opened or not closed or name is None:
        return text
    return f"{head}{name}{_shortened(tail, short)}"


def _name(resource: Resource) -> str:
    written = (resource.properties.get(name) for name in NAMES)
    return next((name for name in written if isinstance(name, str)), resource.local)
