"""What CloudFormation creates before what, and what it can't delete."""

from collections.abc import Mapping
from graphlib import TopologicalSorter

from policies.templates.template import Resource, StackTemplate, as_list, objects, references

# As tables, databases and load balancers spell it.
PROTECTIONS = ("DeletionProtectionEnabled", "DeletionProtection")


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


def is_protected(resource: Resource) -> bool:
    """Return whether any part of the resource, such as one replica, is protected."""
    parts = objects(resource.properties)
    return any(part.get(name) is True for part in parts for name in PROTECTIONS)
