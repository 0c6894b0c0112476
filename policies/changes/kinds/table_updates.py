"""A table changes more than one index or replica at once; CloudFormation fails half-way."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.changes.update import Action, Update
from policies.finding import Finding, at
from policies.templates.template import Resource, as_list

REMEDY = "split it: one index or replica per deployment"

TABLES = ("AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table")
INDEXES, REPLICAS = "GlobalSecondaryIndexes", "Replicas"
# An index that differs in these is deleted and created again.
SHAPE = ("KeySchema", "Projection")


def check(update: Update) -> Iterator[Finding]:
    before = {table.logical_id: table for table in update.before.resources(*TABLES)}
    for change in update.changes:
        old = before.get(change.resource.logical_id)
        if old and change.action == Action.MODIFIED:
            steps = [*_indexes(old, change.resource), *_replicas(old, change.resource)]
            if len(steps) > 1:
                yield at(
                    change.resource,
                    f"{len(steps)} changes of indexes and replicas in one update of the table",
                    exact=", ".join(steps),
                )


def _indexes(before: Resource, after: Resource) -> Iterator[str]:
    old, new = _by(before, INDEXES, "IndexName"), _by(after, INDEXES, "IndexName")
    same = old.keys() & new.keys()
    reshaped = {name for name in same if any(old[name].get(k) != new[name].get(k) for k in SHAPE)}
    yield from (f"-index {name}" for name in sorted(old.keys() - new.keys() | reshaped))
    yield from (f"+index {name}" for name in sorted(new.keys() - old.keys() | reshaped))


def _replicas(before: Resource, after: Resource) -> Iterator[str]:
    old, new = _by(before, REPLICAS, "Region"), _by(after, REPLICAS, "Region")
    yield from (f"-replica {name}" for name in sorted(old.keys() - new.keys()))
    yield from (f"+replica {name}" for name in sorted(new.keys() - old.keys()))


def _by(table: Resource, property_: str, key: str) -> dict[str, Mapping[str, Any]]:
    return {each[key]: each for each in as_list(table.properties.get(property_))}
