"""A table changes more than one index or replica at once; CloudFormation fails half-way."""

from collections.abc import Iterator

from policies.changes.update import Action, Update
from policies.finding import Finding, at
from policies.templates.template import Resource, as_list

REMEDY = "commit and deploy one index or replica, wait until it is there, then the next"
TABLES = ("AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table")
PARTS = (("index", "GlobalSecondaryIndexes", "IndexName"), ("replica", "Replicas", "Region"))


def check(update: Update) -> Iterator[Finding]:
    before = {table.logical_id: table for table in update.before.resources(*TABLES)}
    for change in update.changes:
        old = before.get(change.resource.logical_id)
        if old and change.action == Action.MODIFIED:
            steps = [*_steps(old, change.resource)]
            if len(steps) > 1:
                message = f"{len(steps)} changes of indexes and replicas in one update of the table"
                yield at(change.resource, message, exact=", ".join(steps))


def _steps(before: Resource, after: Resource) -> Iterator[str]:
    for what, property_, key in PARTS:
        old, new = (
            {each[key] for each in as_list(table.properties.get(property_)) if key in each}
            for table in (before, after)
        )
        yield from (f"-{what} {name}" for name in sorted(old - new))
        yield from (f"+{what} {name}" for name in sorted(new - old))
