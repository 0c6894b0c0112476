"""The global table has a replica in both regions, each with recovery, protection and a stream."""

from collections.abc import Iterator, Sequence

from naming import REGIONS
from policies.finding import Finding, at_stack, each_at
from policies.templates.global_table import SOURCE, GlobalTable, global_tables, replicas
from policies.templates.template import Resource, StackTemplate

REMEDY = "set it on the table and on every replica: the packs have no rules for global tables"
STREAM_VIEW = "NEW_AND_OLD_IMAGES"
LONGEST = 35


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    tables = list(global_tables(stacks))
    if not tables:
        yield at_stack(stacks[0], "no stack has a global table", exact="no-table")
    for table in tables:
        yield from each_at(table.source, _whole(table))
        for part in table.parts:
            yield from each_at(part, _part(part, table.indexes))


def _whole(table: GlobalTable) -> Iterator[str]:
    stream = table.source.properties.get("StreamSpecification", {})
    if stream.get("StreamViewType") != STREAM_VIEW:
        yield f"the stream does not carry {STREAM_VIEW}"
    for region in sorted({*REGIONS} ^ table.regions):
        yield f"{region} {'has no replica' if region in REGIONS else 'is not a region of the app'}"


def _part(part: Resource, indexes: frozenset[str]) -> Iterator[str]:
    for replica in replicas(part):
        recovery = replica.get("PointInTimeRecoverySpecification", {})
        features = {
            "point-in-time recovery": recovery.get("PointInTimeRecoveryEnabled") is True,
            "recovery of 35 days": recovery.get("RecoveryPeriodInDays", LONGEST) == LONGEST,
            "deletion protection": replica.get("DeletionProtectionEnabled") is True,
        }
        missing = [name for name, is_present in features.items() if not is_present]
        if SOURCE not in part.properties:
            held = {index["IndexName"] for index in replica.get("GlobalSecondaryIndexes", [])}
            missing += [f"index {name}" for name in sorted(indexes - held)]
        elif replica.get("GlobalTableSettingsReplicationMode") != "ENABLED":
            missing.append("the source's indexes and stream")
        for name in missing:
            yield f"the replica in {replica['Region']} lacks {name}"
