"""Stateful resources survive the deletion of their stack, their removal and their replacement.

They do not survive a failed deployment that has created them: they hold nothing yet, cost or keep a
name, and would stop the next one. CloudFormation can't delete a protected one. Were it to try, all
that had been created before it would be left as well, so that one is retained in every case, and so
is the key that it is encrypted with: without it, nobody could read it, or lift its protection.
"""

from collections.abc import Collection, Iterator, Sequence

from policies import patterns
from policies.finding import Finding, at
from policies.templates.template import Resource, StackTemplate, objects, references

REMEDY, STATEFUL, PROTECTIONS, KEPT = patterns.beside(__file__).values()
UNLESS_CREATED = "RetainExceptOnCreate"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        protected = [each for each in stack.resources() if is_protected(each)]
        needed = {name for each in protected for name in references(each.properties)}
        for resource in stack.resources(*STATEFUL):
            wrong = [
                f"{key} is {resource.body.get(key, 'Delete')}"
                for key, kept in KEPT.items()
                if resource.body.get(key) not in kept
            ]
            if wrong:
                yield at(resource, f"{resource.type} can be lost: {', '.join(wrong)}")
                continue
            outlives = is_protected(resource) or resource.logical_id in needed
            if outlives == (resource.body["DeletionPolicy"] == UNLESS_CREATED):
                yield at(resource, _of_a_failed_creation(resource, needed))
        for eraser in stack.resources("Custom::S3AutoDeleteObjects"):
            yield at(eraser, "empties a bucket when its stack is deleted")


def _of_a_failed_creation(resource: Resource, needed: Collection[str]) -> str:
    if is_protected(resource):
        return f"{resource.type} is protected, so a rollback that tries to delete it fails"
    if resource.logical_id in needed:
        return f"a rollback deletes {resource.type}, and what needs it is protected and stays"
    return f"{resource.type} outlives a failed deployment that has created it"


def is_protected(resource: Resource) -> bool:
    """Return whether any part of the resource, such as one replica, is protected."""
    parts = objects(resource.properties)
    return any(part.get(name) is True for part in parts for name in PROTECTIONS)
