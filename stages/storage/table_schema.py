"""The table's keys, index and stream: the same in both regions and for one or two accounts."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

import naming

PARTITION_KEY = dynamodb.Attribute(name="recordId", type=dynamodb.AttributeType.STRING)
SORT_KEY = dynamodb.Attribute(name="timestamp", type=dynamodb.AttributeType.STRING)
STREAM_VIEW = dynamodb.StreamViewType.NEW_AND_OLD_IMAGES
# A status alone would be one partition of the index, and a throttled index throttles the table.
# The processor derives the shard from the record's id, 0 to 63 of an accepted row, 0 to 15 of all
# else; an item without one is not in the index.
STATUS = dynamodb.Attribute(name="status", type=dynamodb.AttributeType.STRING)
SHARD = dynamodb.Attribute(name="shard", type=dynamodb.AttributeType.NUMBER)
# What a query by status shows; the data itself is one GetItem away and not paid for twice.
INDEXED_ATTRIBUTES = ["itemType", "dataset", "source", "error", "failure"]
# The processor sets it on rejected rows if the deployer wants them to expire.
EXPIRES_AT = "expiresAt"
POINT_IN_TIME_RECOVERY = dynamodb.PointInTimeRecoverySpecification(
    point_in_time_recovery_enabled=True
)


def table(
    scope: Construct,
    *,
    encryption: dynamodb.TableEncryptionV2,
    replicas: Sequence[dynamodb.ReplicaTableProps] = (),
    settings_replication: dynamodb.GlobalTableSettingsReplicationMode | None = None,
    rows_expire: bool,
) -> dynamodb.TableV2:
    """Make the table with its keys, index and stream, protected and recoverable in this region."""
    return dynamodb.TableV2(
        scope,
        "Table",
        table_name=naming.TABLE,
        partition_key=PARTITION_KEY,
        sort_key=SORT_KEY,
        billing=dynamodb.Billing.on_demand(),
        dynamo_stream=STREAM_VIEW,
        encryption=encryption,
        deletion_protection=True,
        point_in_time_recovery_specification=POINT_IN_TIME_RECOVERY,
        removal_policy=RemovalPolicy.RETAIN,
        global_secondary_indexes=[_status_index()],
        replicas=replicas or None,
        time_to_live_attribute=EXPIRES_AT if rows_expire else None,
        global_table_settings_replication_mode=settings_replication,
    )


def stream_arn(table: dynamodb.TableV2) -> str:
    """Return the ARN of the stream that ``table`` has in its own region."""
    arn = table.table_stream_arn
    assert arn  # noqa: S101  # narrows the type: the stream is switched on above
    return arn


def _status_index() -> dynamodb.GlobalSecondaryIndexPropsV2:
    return dynamodb.GlobalSecondaryIndexPropsV2(
        index_name=naming.STATUS_INDEX,
        partition_keys=[STATUS, SHARD],
        sort_keys=[SORT_KEY],
        projection_type=dynamodb.ProjectionType.INCLUDE,
        non_key_attributes=INDEXED_ATTRIBUTES,
    )
