"""The limits of the services, as their documentation gives them for us-east-1 and us-west-2.

Read in November 2026; docs/scale.md names the page of each.
"""

from dataclasses import dataclass

# DynamoDB: one partition of a table or an index, in write units a second.
PARTITION_UNITS = 1_000
# DynamoDB, on demand: what a new table or index takes a second, and its quota.
NEW_TABLE_UNITS = 4_000
TABLE_UNITS = 40_000
# DynamoDB, on demand: more than twice the previous peak within this time may be throttled.
DOUBLING_S = 30 * 60
# DynamoDB keeps as much unused throughput for a burst; a partition's own limit stays.
BURST_S = 300
# DynamoDB Streams: one GetRecords returns as many changes, and Lambda calls it as often a second.
CHANGES_PER_READ = 1_000
READS_PER_S = 4
# Lambda: executions at once in a region, and how many more a function gets each second.
CONCURRENCY = 1_000
MORE_PER_S = 100
# Lambda: batches of one shard at once, and the changes in a batch.
MOST_BATCHES = 10
MOST_CHANGES = 10_000
# EventBridge: requests a second, the events in one, and the targets invoked a second.
PUT_EVENTS = 10_000
EVENTS_PER_REQUEST = 10
INVOCATIONS = 18_750
# S3: objects put a second under one prefix.
PUTS_PER_PREFIX = 3_500


@dataclass(frozen=True, kw_only=True)
class Quotas:
    """What a deployer can have raised in an account, and how warm the table is."""

    table_units: float = TABLE_UNITS
    warm_units: float = NEW_TABLE_UNITS
    warm_index_units: float = NEW_TABLE_UNITS
    concurrency: int = CONCURRENCY
    put_events: float = PUT_EVENTS
