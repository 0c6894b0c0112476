"""What a deployment changes: the stacks of two assemblies, and the resources in them.

Stacks are paired as CloudFormation does: by account, region and name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from policies.changes.resource_spec import Replacement, Spec
from policies.templates.template import Resource, StackTemplate, as_list

# These are compared by their own rules, or, like Metadata, change nothing.
ASIDE = ("Metadata", "Properties", "Type")
KEPT = ("Retain", "RetainExceptOnCreate", "Snapshot")
TYPE = "Type"
ATTRIBUTES = "AttributeDefinitions"
# The template on the side that does not have the stack.
EMPTY: Mapping[str, Any] = {"Resources": {}}


class Action(StrEnum):
    """What a deployment does with a resource; a replacement is a modification."""

    ADDED = "added"
    REMOVED = "removed"
    MODIFIED = "modified"


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceChange:
    """``properties`` are those that differ, each with whether it makes CloudFormation replace."""

    action: Action
    resource: Resource
    properties: Mapping[str, Replacement]
    stateful: bool
    data_loss: bool

    @property
    def replacement(self) -> Replacement:
        """Whether the resource is replaced, by the property that demands most."""
        found = set(self.properties.values())
        order = (Replacement.YES, Replacement.MAYBE)
        return next((each for each in order if each in found), Replacement.NO)

    def as_data(self) -> Mapping[str, Any]:
        return {
            "action": self.action,
            "stack": self.resource.stack.name,
            "region": self.resource.stack.region,
            "path": self.resource.path,
            "logical_id": self.resource.logical_id,
            "type": self.resource.type,
            "properties": dict(sorted(self.properties.items())),
            "replacement": self.replacement,
            "stateful": self.stateful,
            "data_loss": self.data_loss,
        }


def added(resource: Resource, spec: Spec) -> ResourceChange:
    """Return the change that creates ``resource``."""
    return ResourceChange(
        action=Action.ADDED,
        resource=resource,
        properties={},
        stateful=resource.type in spec.stateful,
        data_loss=False,
    )


def removed(resource: Resource, spec: Spec) -> ResourceChange:
    """Return the change that removes ``resource``; data is lost unless it is retained."""
    stateful = resource.type in spec.stateful
    return ResourceChange(
        action=Action.REMOVED,
        resource=resource,
        properties={},
        stateful=stateful,
        data_loss=stateful and resource.body.get("DeletionPolicy") not in KEPT,
    )


def modified(before: Resource, after: Resource, spec: Spec) -> ResourceChange | None:
    """Return the change, or None if CloudFormation sees no difference."""
    properties = dict(_differences(before, after, spec))
    if not properties:
        return None
    stateful = bool({before.type, after.type} & spec.stateful)
    replaced = {Replacement.YES, Replacement.MAYBE} & {*properties.values()}
    kept = all(each.body.get("UpdateReplacePolicy") in KEPT for each in (before, after))
    return ResourceChange(
        action=Action.MODIFIED,
        resource=after,
        properties=properties,
        stateful=stateful,
        data_loss=stateful and bool(replaced) and not kept,
    )


def _differences(
    before: Resource, after: Resource, spec: Spec
) -> Iterator[tuple[str, Replacement]]:
    if before.type != after.type:
        yield TYPE, Replacement.YES
    for name in {*before.properties, *after.properties}:
        old, new = before.properties.get(name), after.properties.get(name)
        if old != new:
            retyped = name == ATTRIBUTES and _retyped(old, new)
            yield name, Replacement.YES if retyped else spec.replacement(after.type, name)
    for name in {*before.body, *after.body} - {*ASIDE}:
        if before.body.get(name) != after.body.get(name):
            yield name, Replacement.NO


def _retyped(before: object, after: object) -> bool:
    """Return whether an attribute has another type, for which CloudFormation replaces the table."""
    old, new = (
        {each["AttributeName"]: each["AttributeType"] for each in as_list(attributes)}
        for attributes in (before, after)
    )
    return any(old[name] != new[name] for name in old.keys() & new.keys())


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
    old, new = before.by_id(), after.by_id()
    for logical_id in old.keys() - new.keys():
        yield removed(old[logical_id], spec)
    for logical_id in new.keys() - old.keys():
        yield added(new[logical_id], spec)
    for logical_id in old.keys() & new.keys():
        change = modified(old[logical_id], new[logical_id], spec)
        if change:
            yield change


def _identity(stack: StackTemplate) -> tuple[str, str, str]:
    return stack.account, stack.region, stack.name


def _empty(stack: StackTemplate) -> StackTemplate:
    return replace(stack, template=EMPTY, paths={})
