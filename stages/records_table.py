"""The global table: written as one resource in the primary region, found by name in the standby."""

import hashlib

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import custom_resources as cr
from constructs import Construct

from services.service_function import LOGS_KEPT
from stages import naming

PARTITION_KEY = dynamodb.Attribute(name="recordId", type=dynamodb.AttributeType.STRING)
SORT_KEY = dynamodb.Attribute(name="timestamp", type=dynamodb.AttributeType.STRING)
STREAM_VIEW = dynamodb.StreamViewType.NEW_AND_OLD_IMAGES
# A status alone would be one partition of the index, and a throttled index throttles the table.
# The shard is a number from 0 to 15 that the processor derives from the record's id: 16,000 write
# units a second.
STATUS = dynamodb.Attribute(name="status", type=dynamodb.AttributeType.STRING)
SHARD = dynamodb.Attribute(name="shard", type=dynamodb.AttributeType.NUMBER)
# What a person who asks by status wants to see; the data is a GetItem away and not paid twice.
INDEXED_ATTRIBUTES = ["itemType", "dataset", "source", "error", "failure"]


class RecordsTable(Construct):
    """The table and its replica in ``replica_region``: both protected, recoverable and streamed."""

    def __init__(self, scope: Construct, id_: str, *, replica_region: str) -> None:
        super().__init__(scope, id_)
        self._table = dynamodb.TableV2(
            self,
            "Table",
            table_name=naming.TABLE,
            partition_key=PARTITION_KEY,
            sort_key=SORT_KEY,
            billing=dynamodb.Billing.on_demand(),
            dynamo_stream=STREAM_VIEW,
            encryption=dynamodb.TableEncryptionV2.aws_managed_key(),
            deletion_protection=True,
            point_in_time_recovery_specification=_POINT_IN_TIME_RECOVERY,
            removal_policy=RemovalPolicy.RETAIN,
            global_secondary_indexes=[_status_index()],
            replicas=[
                dynamodb.ReplicaTableProps(
                    region=replica_region,
                    deletion_protection=True,
                    point_in_time_recovery_specification=_POINT_IN_TIME_RECOVERY,
                )
            ],
        )

    @property
    def stream_arn(self) -> str:
        stream_arn = self._table.table_stream_arn
        assert stream_arn  # noqa: S101  # narrows the type: the stream is switched on above
        return stream_arn


class RecordsReplica(Construct):
    """This region's replica of the table, which the primary region's stack has made.

    CDK gives a replica's stream as ``…/stream/*``, which no event source mapping accepts, so the
    ARN is read when the stack is deployed, from this region's own table.
    """

    def __init__(self, scope: Construct, id_: str, *, region: str, account: str) -> None:
        super().__init__(scope, id_)
        table_arn = naming.table_arn(region, account)
        log_group = self._lookup_logs()
        self._lookup = cr.AwsCustomResource(
            self,
            "StreamArn",
            resource_type="Custom::TableStreamArn",
            on_update=cr.AwsSdkCall(
                service="DynamoDB",
                action="describeTable",
                parameters={"TableName": naming.TABLE},
                output_paths=["Table.LatestStreamArn"],
                # Another key or view makes another stream, and a changed id a new look-up.
                physical_resource_id=cr.PhysicalResourceId.of(_schema_digest()),
            ),
            role=self._lookup_role(table_arn, region, log_group),
            install_latest_aws_sdk=False,
            log_group=log_group,
            function_name=naming.STREAM_LOOKUP,
        )

    @property
    def stream_arn(self) -> str:
        return self._lookup.get_response_field("Table.LatestStreamArn")

    def _lookup_logs(self) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            "LookupLogs",
            log_group_name=f"/aws/lambda/{naming.STREAM_LOOKUP}",
            retention=LOGS_KEPT,
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )

    def _lookup_role(self, table_arn: str, region: str, log_group: logs.LogGroup) -> iam.Role:
        role = iam.Role(
            self,
            "LookupRole",
            role_name=naming.stream_lookup_role(region),
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        for actions, resource in (
            (["dynamodb:DescribeTable"], table_arn),
            (["logs:CreateLogStream", "logs:PutLogEvents"], log_group.log_group_arn),
        ):
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
        return role


_POINT_IN_TIME_RECOVERY = dynamodb.PointInTimeRecoverySpecification(
    point_in_time_recovery_enabled=True
)


def _status_index() -> dynamodb.GlobalSecondaryIndexPropsV2:
    return dynamodb.GlobalSecondaryIndexPropsV2(
        index_name=naming.STATUS_INDEX,
        partition_keys=[STATUS, SHARD],
        sort_keys=[SORT_KEY],
        projection_type=dynamodb.ProjectionType.INCLUDE,
        non_key_attributes=INDEXED_ATTRIBUTES,
    )


def _schema_digest() -> str:
    schema = f"{naming.TABLE} {PARTITION_KEY.name} {SORT_KEY.name} {STREAM_VIEW.value}"
    return hashlib.sha256(schema.encode()).hexdigest()[:16]
