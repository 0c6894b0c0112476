"""The global table across two accounts: a table in each account's stack.

DynamoDB copies keys, indexes and the stream's view from the source. Encryption, recovery and
protection belong to each replica. Each must allow the other before the second one is created.
"""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

import naming
from services.deployment_target import Target
from stages.storage import table_schema as schema

REPLICATION = "replication.dynamodb.amazonaws.com"
USE = (
    *("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"),
    *("kms:GenerateDataKey*", "kms:ReEncrypt*"),
)


class SourceTable(Construct):
    """The table in the primary's account, of which the standby's account may make a replica."""

    def __init__(self, scope: Construct, id_: str, *, target: Target, rows_expire: bool) -> None:
        super().__init__(scope, id_)
        key, alias = _key(self, target)
        self._table = schema.table(
            self,
            rows_expire=rows_expire,
            encryption=dynamodb.TableEncryptionV2.customer_managed_key(key),
            settings_replication=dynamodb.GlobalTableSettingsReplicationMode.ALL,
        )
        self._table.node.add_dependency(alias)
        self._table.grants.multi_account_replication_to(target.peer_table_arn)

    @property
    def stream_arn(self) -> str:
        return schema.stream_arn(self._table)


class AccountReplica(Construct):
    """The replica in the standby's account, made from the primary account's table.

    It is a CloudFormation resource because CDK's construct needs the source as a construct in the
    same stage, and leaves out the encryption of the table as a whole.
    """

    def __init__(self, scope: Construct, id_: str, *, target: Target) -> None:
        super().__init__(scope, id_)
        key, alias = _key(self, target)
        self._table = dynamodb.CfnGlobalTable(
            Construct(self, "Table"),  # the same path, so the same logical id, as the source's
            "Resource",
            table_name=naming.TABLE,
            global_table_source_arn=target.peer_table_arn,
            sse_specification=dynamodb.CfnGlobalTable.SSESpecificationProperty(
                sse_enabled=True, sse_type="KMS"
            ),
            replicas=[
                dynamodb.CfnGlobalTable.ReplicaSpecificationProperty(
                    region=target.region,
                    deletion_protection_enabled=True,
                    global_table_settings_replication_mode="ENABLED",
                    point_in_time_recovery_specification=_RECOVERED,
                    resource_policy=dynamodb.CfnGlobalTable.ResourcePolicyProperty(
                        policy_document=iam.PolicyDocument(statements=[_replication(target)])
                    ),
                    sse_specification=dynamodb.CfnGlobalTable.ReplicaSSESpecificationProperty(
                        kms_master_key_id=key.key_arn
                    ),
                )
            ],
        )
        self._table.apply_removal_policy(RemovalPolicy.RETAIN)
        self._table.node.add_dependency(alias)

    @property
    def stream_arn(self) -> str:
        return self._table.attr_stream_arn


_RECOVERED = dynamodb.CfnGlobalTable.PointInTimeRecoverySpecificationProperty(
    point_in_time_recovery_enabled=True
)


def _replication(target: Target) -> iam.PolicyStatement:
    """Allow DynamoDB to copy data and settings between the two accounts' tables."""
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal(REPLICATION)],
        actions=[
            "dynamodb:ReadDataForReplication",
            "dynamodb:ReplicateSettings",
            "dynamodb:WriteDataForReplication",
        ],
        resources=["*"],
        conditions=_between(target),
    )


def _key(scope: Construct, target: Target) -> tuple[kms.IKey, kms.Alias]:
    """Make a customer-managed key, because an AWS-managed one can't allow replication.

    The key is returned as an import, so that CDK can't extend its policy to the replication
    of any account's tables.
    """
    key = kms.Key(
        scope,
        "Key",
        description=f"Encrypts {naming.TABLE}",
        enable_key_rotation=True,
        # As the table, which nobody could read or delete without it.
        removal_policy=RemovalPolicy.RETAIN,
    )
    alias = kms.Alias(scope, "KeyAlias", alias_name=naming.TABLE_KEY_ALIAS, target_key=key)
    for statement in (_use_by_callers(target), _use_by_replication(target)):
        key.add_to_resource_policy(statement)
    return kms.Key.from_key_arn(scope, "KeyAsItIs", key.key_arn), alias


def _use_by_callers(target: Target) -> iam.PolicyStatement:
    """Allow everyone who may use the table to use its key through it, like an AWS-managed key."""
    by_the_table = {
        "kms:CallerAccount": target.account,
        "kms:ViaService": f"dynamodb.{target.region}.amazonaws.com",
    }
    return iam.PolicyStatement(
        principals=[iam.AnyPrincipal()],
        actions=[*USE, "kms:CreateGrant"],
        resources=["*"],
        conditions={"StringEquals": by_the_table},
    )


def _use_by_replication(target: Target) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal(REPLICATION)],
        actions=list(USE),
        resources=["*"],
        conditions=_between(target),
    )


def _between(target: Target) -> dict[str, dict[str, list[str]]]:
    return {"StringEquals": {"aws:SourceAccount": [target.account, target.peer_account]}}
