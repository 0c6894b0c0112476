"""What CloudFormation creates before what, and what it can't delete."""

import re
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter

from policies.templates.template import Resource, StackTemplate, as_list, nested

# As tables, databases and load balancers spell it.
PROTECTIONS = ("DeletionProtectionEnabled", "DeletionProtection")
SUBSTITUTED = re.compile(r"\$\{([^.!}]+)")


def ancestors(stack: StackTemplate) -> Mapping[str, frozenset[str]]:
    """Return what must exist before each resource, by logical ids; a cycle raises ``CycleError``.

    All of it is deleted after the resource, and not at all if the resource can't be deleted.
    """
    bodies = {each.logical_id: each.body for each in stack.resources()}
    direct = {
        id_: {*references(body), *as_list(body.get("DependsOn"))} & bodies.keys()
        for id_, body in bodies.items()
    }
    found: dict[str, frozenset[str]] = {}
    for id_ in TopologicalSorter(direct).static_order():
        found[id_] = frozenset(direct[id_]).union(*(found[each] for each in direct[id_]))
    return found


def references(node: object) -> Iterator[str]:
    """Yield the logical ids, and other names, that a part of a template refers to."""
    for part in nested(node):
        match part:
            case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
                yield name
            case {"Fn::Sub": str(text)} | {"Fn::Sub": [str(text), *_]}:
                yield from SUBSTITUTED.findall(text)


def is_protected(resource: Resource) -> bool:
    """Return whether any part of the resource, such as one replica, is protected."""
    parts = (part for part in nested(resource.properties) if isinstance(part, dict))
    return any(part.get(name) is True for part in parts for name in PROTECTIONS)
