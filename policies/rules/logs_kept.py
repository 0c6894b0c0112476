"""Every function writes to a log group of its own stack whose retention is set."""

from collections.abc import Iterator, Sequence

from policies.finding import Finding, at
from policies.templates.template import Resource, StackTemplate, refers_to, resources

REMEDY = "give the function a log group that keeps 90 days or more: Lambda's own never expires"
SHORTEST_DAYS = 90


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for function in resources(stacks, "AWS::Lambda::Function"):
        kept = [each.properties.get("RetentionInDays") for each in _groups(function)]
        days = [each for each in kept if isinstance(each, int)]
        if not days:
            yield at(function, "the function's log group has no retention")
        elif min(days) < SHORTEST_DAYS:
            yield at(function, f"what explains a failure is deleted after {min(days)} days")


def _groups(function: Resource) -> Iterator[Resource]:
    named = function.properties.get("LoggingConfig", {}).get("LogGroup")
    for group in function.stack.resources("AWS::Logs::LogGroup"):
        if refers_to(named, group.logical_id) or named == group.properties.get("LogGroupName", ""):
            yield group
