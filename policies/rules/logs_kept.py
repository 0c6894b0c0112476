"""Every function writes to a log group of its own stack whose retention is set."""

from collections.abc import Iterator, Sequence

from policies.finding import Finding, at
from policies.templates.template import Resource, StackTemplate, refers_to

REMEDY = "give the function a log group with a retention: Lambda's own never expires"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        for function in stack.resources("AWS::Lambda::Function"):
            if not any("RetentionInDays" in group.properties for group in _groups(function)):
                yield at(function, "the function's log group has no retention")


def _groups(function: Resource) -> Iterator[Resource]:
    named = function.properties.get("LoggingConfig", {}).get("LogGroup")
    for group in function.stack.resources("AWS::Logs::LogGroup"):
        if refers_to(named, group.logical_id) or named == group.properties.get("LogGroupName", ""):
            yield group
