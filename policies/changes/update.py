"""What a deployment changes: the stacks of two assemblies, and the resources in them.

Stacks are paired as CloudFormation does: by account, region and name.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import product
from typing import Any

from policies.changes import grants
from policies.changes.grants import Grant
from policies.changes.resource_spec import Replacement, Spec
from policies.templates.template import Resource, StackTemplate, as_list, as_text

# These are compared by their own rules, or, like Metadata, change nothing.
ASIDE = ("Metadata", "Properties", "Type")
# Those of stores, by which policies, alarms, functions and builds know them.
NAMES = ("BucketName", "LogGroupName", "QueueName", "TableName", "TopicName")
KEPT = ("Retain", "RetainExceptOnCreate", "Snapshot")
# What a condition on a tag says: the tag's key follows, or may be any.
TAG = re.compile(r"Tag/([\w.:=+@-]*)|TagKeys")
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
    def causes(self) -> list[str]:
        """The properties by which the resource is replaced, or may be."""
        return sorted(name for name, how in self.properties.items() if how != Replacement.NO)

    @property
    def replacement(self) -> Replacement:
        """Whether the resource is replaced, by the property that demands most."""
        return max(self.properties.values(), key=[*Replacement].index, default=Replacement.NO)

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


def _change(before: Resource | None, after: Resource | None, spec: Spec) -> ResourceChange | None:
    """Return the change of a resource, or None if CloudFormation sees no difference.

    Data is lost with a stateful one that is removed or replaced, unless it is retained.
    """
    sides = [each for each in (before, after) if each]
    properties: dict[str, Replacement] = {}
    if before and after:
        action, properties = Action.MODIFIED, dict(_properties(before, after, spec))
        if not properties:
            return None
        goes = not {*properties.values()} <= {Replacement.NO}
        kept = all(each.body.get("UpdateReplacePolicy") in KEPT for each in sides)
    else:
        action, goes = (Action.REMOVED, True) if before else (Action.ADDED, False)
        kept = sides[0].body.get("DeletionPolicy") in KEPT
    stateful = any(each.type in spec.stateful for each in sides)
    return ResourceChange(
        action=action,
        resource=sides[-1],
        properties=properties,
        stateful=stateful,
        data_loss=stateful and goes and not kept,
    )


def _properties(before: Resource, after: Resource, spec: Spec) -> Iterator[tuple[str, Replacement]]:
    if before.type != after.type:
        yield "Type", Replacement.YES
    for name in {*before.properties, *after.properties}:
        old, new = before.properties.get(name), after.properties.get(name)
        if old != new:
            retyped = name == "AttributeDefinitions" and _retyped(old, new)
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


@dataclass(frozen=True, kw_only=True)
class Update:
    """One stack before and after; without resources where an assembly does not contain it.

    ``tags`` are the keys by which policies of any stack allow or deny; of an empty one, any key.
    """

    before: StackTemplate
    after: StackTemplate
    changes: tuple[ResourceChange, ...]
    tags: frozenset[str] = frozenset()

    @cached_property
    def grants(self) -> tuple[list[Grant], list[Grant]]:
        """The grants before and after, which several kinds compare."""
        return grants.of(self.before), grants.of(self.after)

    @cached_property
    def new_grants(self) -> list[Grant]:
        """The grants that those before do not imply."""
        before, after = self.grants
        return grants.uncovered(after, by=before)


def updates(
    before: Sequence[StackTemplate], after: Sequence[StackTemplate], spec: Spec
) -> Sequence[Update]:
    """Return an update for each stack of either assembly, sorted."""
    old, new = (
        {(stack.account, stack.region, stack.name): stack for stack in stacks}
        for stacks in (before, after)
    )
    empty = {key: replace(one, template=EMPTY, paths={}) for key, one in (old | new).items()}
    tags = _tags(after)
    pairs = ((old.get(key, none), new.get(key, none)) for key, none in sorted(empty.items()))
    return _following([replace(update(*each, spec), tags=tags) for each in pairs])


def update(before: StackTemplate, after: StackTemplate, spec: Spec) -> Update:
    """Return the changes of one stack, sorted by construct path."""
    old, new = before.by_id(), after.by_id()
    found = (_change(old.get(id_), new.get(id_), spec) for id_ in {**old, **new})
    changes = sorted(filter(None, found), key=lambda change: change.resource.path)
    return Update(before=before, after=after, changes=tuple(changes), tags=_tags([after]))


def _following(found: Sequence[Update]) -> Sequence[Update]:
    """Return the updates as if each store that gets another name had had it before.

    That it is replaced is told of the store, and not of all that goes by its name and follows. A
    stack or a key with the name of a store keeps its own.
    """
    names = {was: is_ for each in found for *_, was, is_ in _renamed(each)}
    if not names:
        return found
    known = re.compile(rf"(?<![\w-])(?<!stack/|alias/)({'|'.join(map(re.escape, names))})(?![\w-])")
    following = []
    for each in found:
        whole = json.dumps(each.before.template)
        template = json.loads(known.sub(lambda old: names[old[1]], whole))
        for id_, name, was, _ in _renamed(each):
            template["Resources"][id_]["Properties"][name] = was
        following.append(replace(each, before=replace(each.before, template=template)))
    return following


def _renamed(update: Update) -> Iterator[tuple[str, str, str, str]]:
    """Yield logical id and property of each store that gets another name, and both names."""
    old, new = update.before.by_id(), update.after.by_id()
    stores = {each.resource.logical_id for each in update.changes if each.stateful}
    for id_, name in product(sorted(stores & old.keys() & new.keys()), NAMES):
        was, is_ = (of[id_].properties.get(name) for of in (old, new))
        if was != is_ and isinstance(was, str) and isinstance(is_, str):
            yield id_, name, was, is_


def _tags(stacks: Sequence[StackTemplate]) -> frozenset[str]:
    return frozenset(key for each in stacks for key in TAG.findall(as_text(each.template)))
