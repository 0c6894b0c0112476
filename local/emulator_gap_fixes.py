"""Fixes, after a deployment, for what the emulator's CloudFormation ignores in a template.

A fix does only what the template declares, so that a fault in the template is noticed. Every fix
can be repeated.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from local.clients import Clients


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource as its stack's template declares it."""

    stack: str
    logical_id: str
    properties: dict[str, Any]


def add_replicas(clients: Clients, region: str) -> None:
    """Create the other replicas of each global table, with their declared settings."""
    for table in _resources(clients, region, "AWS::DynamoDB::GlobalTable"):
        name = str(table.properties["TableName"])
        replicas = table.properties["Replicas"]
        _create_replicas(clients, region, name, {replica["Region"] for replica in replicas})
        for replica in replicas:
            _configure_replica(clients, name, replica)


def connect_dead_letter_queues(clients: Clients, region: str) -> None:
    """Give each function its declared dead-letter queue."""
    functions = clients.client("lambda", region)
    for resource in _resources(clients, region, "AWS::Lambda::Function"):
        config = resource.properties.get("DeadLetterConfig")
        if not config:
            continue
        queue_id, _ = config["TargetArn"]["Fn::GetAtt"]
        target = {"TargetArn": _queue_arn(clients, region, resource.stack, queue_id)}
        name = _physical_id(clients, region, resource.stack, resource.logical_id)
        current = functions.get_function_configuration(FunctionName=name)
        if current.get("DeadLetterConfig") != target:
            functions.update_function_configuration(FunctionName=name, DeadLetterConfig=target)


def _create_replicas(clients: Clients, region: str, table: str, wanted: set[str]) -> None:
    dynamodb = clients.client("dynamodb", region)
    described = dynamodb.describe_table(TableName=table)["Table"].get("Replicas", [])
    for missing in wanted - {region} - {replica["RegionName"] for replica in described}:
        update = {"Create": {"RegionName": missing}}
        dynamodb.update_table(TableName=table, ReplicaUpdates=[update])


def _configure_replica(clients: Clients, table: str, replica: dict[str, Any]) -> None:
    dynamodb = clients.client("dynamodb", replica["Region"])
    dynamodb.update_table(
        TableName=table,
        DeletionProtectionEnabled=replica.get("DeletionProtectionEnabled", False),
    )
    recovery = replica.get("PointInTimeRecoverySpecification")
    if recovery:
        dynamodb.update_continuous_backups(
            TableName=table,
            PointInTimeRecoverySpecification={
                "PointInTimeRecoveryEnabled": recovery["PointInTimeRecoveryEnabled"]
            },
        )


def _resources(clients: Clients, region: str, type_: str) -> Iterator[Resource]:
    cloudformation = clients.client("cloudformation", region)
    for stack in clients.stacks(region):
        name = stack["StackName"]
        template = cloudformation.get_template(StackName=name)["TemplateBody"]
        # Our stacks are JSON, which boto3 parses; the CDK's bootstrap stack is YAML text.
        declared = template["Resources"] if isinstance(template, dict) else {}
        for logical_id, resource in declared.items():
            if resource["Type"] == type_:
                yield Resource(name, logical_id, resource.get("Properties", {}))


def _physical_id(clients: Clients, region: str, stack: str, logical_id: str) -> str:
    cloudformation = clients.client("cloudformation", region)
    found = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId=logical_id)
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def _queue_arn(clients: Clients, region: str, stack: str, logical_id: str) -> str:
    url = _physical_id(clients, region, stack, logical_id)
    found = clients.client("sqs", region).get_queue_attributes(
        QueueUrl=url, AttributeNames=["QueueArn"]
    )
    return str(found["Attributes"]["QueueArn"])
