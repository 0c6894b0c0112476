"""A global table as one unit, whether one stack declares all replicas or each account its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies.templates.template import Resource, StackTemplate, as_list, as_text, resources

GLOBAL_TABLE = "AWS::DynamoDB::GlobalTable"
SOURCE = "GlobalTableSourceArn"


@dataclass(frozen=True, kw_only=True, slots=True)
class GlobalTable:
    """Its ``source`` declares keys, indexes and stream; more ``parts`` are in other accounts."""

    parts: tuple[Resource, ...]

    @property
    def source(self) -> Resource:
        return self.parts[0]

    @property
    def name(self) -> str:
        return as_text(self.source.properties.get("TableName"))

    @property
    def indexes(self) -> frozenset[str]:
        written = as_list(self.source.properties.get("GlobalSecondaryIndexes"))
        return frozenset(index["IndexName"] for index in written if "IndexName" in index)

    @property
    def regions(self) -> frozenset[str]:
        return frozenset(replica["Region"] for part in self.parts for replica in replicas(part))


def replicas(table: Resource) -> Sequence[Mapping[str, Any]]:
    """Return the replicas that one resource declares, unless a function makes them."""
    return [each for each in as_list(table.properties.get("Replicas")) if "Region" in each]


def global_tables(stacks: Sequence[StackTemplate]) -> Iterator[GlobalTable]:
    """Yield each table with its replicas; a replica whose source is in no stack comes alone."""
    tables = [*resources(stacks, GLOBAL_TABLE)]
    arns = [_arn(table) for table in tables]
    for table in tables:
        if table.properties.get(SOURCE) not in arns:
            others = (other for other in tables if other.properties.get(SOURCE) == _arn(table))
            yield GlobalTable(parts=(table, *others))


def _arn(table: Resource) -> str:
    stack, name = table.stack, as_text(table.properties.get("TableName"))
    return f"arn:aws:dynamodb:{stack.region}:{stack.account}:table/{name}"
