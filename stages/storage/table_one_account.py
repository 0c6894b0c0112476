"""The global table in one account: one resource in the primary, looked up in the standby."""

import hashlib

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import custom_resources as cr
from constructs import Construct

import naming
from services.deployment_target import Target
from services.service_function import function_logs
from stages.storage import table_schema as schema


class RecordsTable(Construct):
    """The table and its replica in the peer region, both protected, recoverable and streamed."""

    def __init__(self, scope: Construct, id_: str, *, target: Target, rows_expire: bool) -> None:
        super().__init__(scope, id_)
        self._table = schema.table(
            self,
            rows_expire=rows_expire,
            encryption=dynamodb.TableEncryptionV2.aws_managed_key(),
            replicas=[
                dynamodb.ReplicaTableProps(
                    region=target.peer_region,
                    deletion_protection=True,
                    point_in_time_recovery_specification=schema.POINT_IN_TIME_RECOVERY,
                )
            ],
        )

    @property
    def stream_arn(self) -> str:
        return schema.stream_arn(self._table)


class RecordsReplica(Construct):
    """The standby's replica, created by the primary's stack.

    CDK returns a replica's stream as ``…/stream/*``, which no event source mapping accepts, so a
    custom resource reads the ARN from this region's own table during the deployment.
    """

    def __init__(self, scope: Construct, id_: str, *, target: Target) -> None:
        super().__init__(scope, id_)
        log_group = function_logs(self, "LookupLogs", naming.STREAM_LOOKUP)
        self._lookup = cr.AwsCustomResource(
            self,
            "StreamArn",
            resource_type="Custom::TableStreamArn",
            on_update=cr.AwsSdkCall(
                service="DynamoDB",
                action="describeTable",
                parameters={"TableName": naming.TABLE},
                output_paths=["Table.LatestStreamArn"],
                # A new key or view makes a new stream; a new id makes CloudFormation look it up.
                physical_resource_id=cr.PhysicalResourceId.of(_schema_digest()),
            ),
            role=self._lookup_role(target, log_group),
            install_latest_aws_sdk=False,
            log_group=log_group,
            function_name=naming.STREAM_LOOKUP,
        )

    @property
    def stream_arn(self) -> str:
        return self._lookup.get_response_field("Table.LatestStreamArn")

    def _lookup_role(self, target: Target, log_group: logs.LogGroup) -> iam.Role:
        role = iam.Role(
            self,
            "LookupRole",
            role_name=naming.stream_lookup_role(target.region),
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        for actions, resource in (
            (["dynamodb:DescribeTable"], target.table_arn),
            (["logs:CreateLogStream", "logs:PutLogEvents"], log_group.log_group_arn),
        ):
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
        return role


def _schema_digest() -> str:
    names = (naming.TABLE, schema.PARTITION_KEY.name, schema.SORT_KEY.name)
    text = " ".join((*names, schema.STREAM_VIEW.value))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
