"""What can't be undone is created when all else exists, and what acts by itself after that.

A deployment that fails is rolled back: everything it created is deleted. A protected table can't
be, and neither can a bucket once a schedule or a pipeline has put a file in it. While nothing but
them is left to be created, nothing but them can fail.
"""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from policies import patterns
from policies.finding import Finding, at, few
from policies.rules.retained import is_protected
from policies.templates.template import Resource, StackTemplate, as_list, references

REMEDY, ACTING = patterns.beside(__file__).values()


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        last = [each for each in stack.resources() if _is_acting(each) or is_protected(each)]
        try:
            before = ancestors(stack) if last else {}
        except CycleError as error:
            waiting = sorted({*error.args[1]})
            yield at(stack.by_id()[waiting[0]], f"waits for itself: {', '.join(waiting)}")
            continue
        for resource in last:
            own = resource.logical_id
            # What needs a protected one may come after it.
            after = {id_ for id_, earlier in before.items() if own in earlier}
            known = before[own] | ({own} if _is_acting(resource) else {own, *after})
            if others := sorted(before.keys() - known):
                yield at(resource, f"may exist before {len(others)} that can fail: {few(others)}")


def _is_acting(resource: Resource) -> bool:
    timed = resource.type == "AWS::Events::Rule" and "ScheduleExpression" in resource.properties
    return resource.type in ACTING or timed


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
