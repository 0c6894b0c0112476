"""The global table has a replica in both regions, each recoverable, protected and streamed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.finding import Breach, breach, stack_breach
from policies.template import Resource, StackTemplate

REMEDY = "set it on the table and on every replica: the packs have no rule for a global table"
REGIONS = frozenset({"us-east-1", "us-west-2"})
STREAM_VIEW = "NEW_AND_OLD_IMAGES"
TABLE = "AWS::DynamoDB::GlobalTable"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Breach]:
    tables = [table for stack in stacks for table in stack.resources(TABLE)]
    if not tables:
        yield stack_breach(stacks[0], "no stack has a global table", exact="no-table")
    for table in tables:
        for message in (*_table(table), *_replicas(table)):
            yield breach(table, message, exact=message)


def _table(table: Resource) -> Iterator[str]:
    properties = table.properties
    if properties.get("StreamSpecification", {}).get("StreamViewType") != STREAM_VIEW:
        yield f"the stream does not carry {STREAM_VIEW}"
    if properties.get("SSESpecification", {}).get("SSEEnabled") is not True:
        yield "the table is not encrypted with a KMS key"
    regions = {replica["Region"] for replica in properties["Replicas"]}
    for region in sorted(REGIONS ^ regions):
        yield f"{region} {'has no replica' if region in REGIONS else 'is no region of ours'}"


def _replicas(table: Resource) -> Iterator[str]:
    indexes = {index["IndexName"] for index in table.properties.get("GlobalSecondaryIndexes", [])}
    for replica in table.properties["Replicas"]:
        missing = [name for name, present in _features(replica).items() if not present]
        held = {index["IndexName"] for index in replica.get("GlobalSecondaryIndexes", [])}
        missing += [f"index {name}" for name in sorted(indexes - held)]
        for name in missing:
            yield f"the replica in {replica['Region']} lacks {name}"


def _features(replica: Mapping[str, Any]) -> Mapping[str, bool]:
    recovery = replica.get("PointInTimeRecoverySpecification", {})
    return {
        "point-in-time recovery": recovery.get("PointInTimeRecoveryEnabled") is True,
        "deletion protection": replica.get("DeletionProtectionEnabled") is True,
    }
