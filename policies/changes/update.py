"""The stacks of two assemblies, paired as CloudFormation does: by account, region and name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from policies.changes import resource_change
from policies.changes.resource_change import ResourceChange
from policies.changes.resource_spec import Spec
from policies.templates.template import Resource, StackTemplate


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """One stack before and after; without resources where an assembly does not contain it."""

    before: StackTemplate
    after: StackTemplate
    changes: tuple[ResourceChange, ...]


def updates(
    before: Sequence[StackTemplate], after: Sequence[StackTemplate], spec: Spec
) -> list[Update]:
    """Return an update for each stack of either assembly, sorted."""
    old, new = ({_identity(stack): stack for stack in stacks} for stacks in (before, after))
    return [
        update(
            old[key] if key in old else _empty(new[key]),
            new[key] if key in new else _empty(old[key]),
            spec,
        )
        for key in sorted(old.keys() | new.keys())
    ]


def update(before: StackTemplate, after: StackTemplate, spec: Spec) -> Update:
    """Return the changes of one stack, sorted by construct path."""
    changes = sorted(_changes(before, after, spec), key=lambda change: change.resource.path)
    return Update(before=before, after=after, changes=tuple(changes))


def _changes(before: StackTemplate, after: StackTemplate, spec: Spec) -> Iterator[ResourceChange]:
    old, new = _by_id(before), _by_id(after)
    for logical_id in old.keys() - new.keys():
        yield resource_change.removed(old[logical_id], spec)
    for logical_id in new.keys() - old.keys():
        yield resource_change.added(new[logical_id], spec)
    for logical_id in old.keys() & new.keys():
        change = resource_change.modified(old[logical_id], new[logical_id], spec)
        if change:
            yield change


def _by_id(stack: StackTemplate) -> dict[str, Resource]:
    return {resource.logical_id: resource for resource in stack.resources()}


def _identity(stack: StackTemplate) -> tuple[str, str, str]:
    return stack.account, stack.region, stack.name


def _empty(stack: StackTemplate) -> StackTemplate:
    return replace(stack, template={"Resources": {}}, paths={})
