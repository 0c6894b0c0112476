"""One call for each action that the emulator authorizes: harmless, and on a resource that is given.

A call may fail for any other reason than a denial, such as an item or a receipt that is not there.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from naming import PRIMARY, STATUS_INDEX, STREAM_CONSUMER, TAKEOVER_ALIAS
from tests.e2e.identities import Identity

# An item's id that the conditions on ids admit, by the action; it is never written.
NOTE, ENTRY = "audit:probe", "f" + 31 * "0"
NOT_THERE = {"ConditionExpression": "attribute_exists(recordId)"}
SEEN = ("recordId", "timestamp", "status", "shard", "itemType", "dataset", "source")
Call: TypeAlias = Callable[[Identity, str], object]


def _client(identity: Identity, service: str, arn: str) -> Any:  # noqa: ANN401  # boto3's
    parts = arn.split(":")
    region = parts[3] if len(parts) > 3 else ""
    return identity.client(service, region_name=region or PRIMARY)


def _key(record_id: str) -> dict[str, Any]:
    return {"recordId": {"S": record_id}, "timestamp": {"S": "probe"}}


def _table(method: str, **arguments: object) -> Call:
    def call(identity: Identity, arn: str) -> object:
        name = arn.split("/")[1]
        return getattr(_client(identity, "dynamodb", arn), method)(TableName=name, **arguments)

    return call


def _query(identity: Identity, arn: str) -> object:
    if "/index/" not in arn:
        return _table(
            "query",
            KeyConditionExpression="recordId = :id",
            ExpressionAttributeValues={":id": {"S": "probe"}},
        )(identity, arn)
    return _table(
        "query",
        IndexName=STATUS_INDEX,
        KeyConditionExpression="#status = :status AND #shard = :shard",
        ExpressionAttributeNames={f"#{name}": name for name in SEEN},
        ExpressionAttributeValues={":status": {"S": "FAILED"}, ":shard": {"N": "0"}},
        ProjectionExpression=", ".join(f"#{name}" for name in SEEN),
        Select="SPECIFIC_ATTRIBUTES",
    )(identity, arn)


def _batch_get(identity: Identity, arn: str) -> object:
    wanted = {arn.split("/")[1]: {"Keys": [_key("probe")]}}
    return _client(identity, "dynamodb", arn).batch_get_item(RequestItems=wanted)


def _object(method: str, **arguments: object) -> Call:
    def call(identity: Identity, arn: str) -> object:
        place, _, key = arn.removeprefix("arn:aws:s3:::").partition("/")
        bucket = {"Bucket": place, "Key": key.replace("*", "probe.json")}
        return getattr(identity.client("s3"), method)(**bucket, **arguments)

    return call


def _versions(identity: Identity, arn: str) -> object:
    bucket = arn.removeprefix("arn:aws:s3:::")
    return identity.client("s3").list_object_versions(Bucket=bucket, MaxKeys=1)


def _queue(method: str, **arguments: object) -> Call:
    def call(identity: Identity, arn: str) -> object:
        region, account, name = arn.split(":")[3:]
        sqs = identity.client("sqs", region_name=region)
        url = f"{sqs.meta.endpoint_url}/{account}/{name}"
        return getattr(sqs, method)(QueueUrl=url, **arguments)

    return call


def _alarms(identity: Identity, arn: str) -> object:
    return _client(identity, "cloudwatch", arn).describe_alarms(MaxRecords=1)


def _stacks(identity: Identity, arn: str) -> object:
    return _client(identity, "cloudformation", arn).describe_stacks(StackName=arn.split("/")[1])


def _executions(identity: Identity, arn: str) -> object:
    return _client(identity, "stepfunctions", arn).list_executions(stateMachineArn=arn)


def _invoke(identity: Identity, arn: str) -> object:
    functions = _client(identity, "lambda", arn)
    return functions.invoke(FunctionName=arn, InvocationType="DryRun")


def _mappings(identity: Identity, _: str) -> object:
    return identity.client("lambda").list_event_source_mappings(MaxItems=1)


def _mapping(identity: Identity, arn: str) -> tuple[Any, Mapping[str, Any]]:
    """Return a client, and the mapping of a takeover, the only one that operators switch."""
    functions = _client(identity, "lambda", arn)
    found = functions.list_event_source_mappings()["EventSourceMappings"]
    ours = (
        each
        for each in found
        if each["FunctionArn"].endswith(f":{STREAM_CONSUMER}:{TAKEOVER_ALIAS}")
    )
    return functions, next(ours)


def _get_mapping(identity: Identity, arn: str) -> object:
    functions, mapping = _mapping(identity, arn)
    return functions.get_event_source_mapping(UUID=mapping["UUID"])


def _update_mapping(identity: Identity, arn: str) -> object:
    functions, mapping = _mapping(identity, arn)
    same = {name: mapping[name] for name in ("UUID", "BatchSize")}
    return functions.update_event_source_mapping(**same)


CALLS: Mapping[str, Call] = {
    "cloudformation:DescribeStacks": _stacks,
    "cloudwatch:DescribeAlarms": _alarms,
    "dynamodb:BatchGetItem": _batch_get,
    "dynamodb:DescribeContinuousBackups": _table("describe_continuous_backups"),
    "dynamodb:DescribeTable": _table("describe_table"),
    "dynamodb:GetItem": _table("get_item", Key=_key("probe")),
    "dynamodb:PutItem": _table("put_item", Item=_key(NOTE), **NOT_THERE),
    "dynamodb:Query": _query,
    "dynamodb:Scan": _table("scan", Limit=1),
    "dynamodb:UpdateItem": _table("update_item", Key=_key(ENTRY), **NOT_THERE),
    "lambda:GetEventSourceMapping": _get_mapping,
    "lambda:InvokeFunction": _invoke,
    "lambda:ListEventSourceMappings": _mappings,
    "lambda:UpdateEventSourceMapping": _update_mapping,
    "s3:GetObject": _object("get_object"),
    "s3:GetObjectVersion": _object("get_object", VersionId="probe"),
    "s3:ListBucketVersions": _versions,
    "sqs:ChangeMessageVisibility": _queue(
        "change_message_visibility", ReceiptHandle="probe", VisibilityTimeout=0
    ),
    "sqs:DeleteMessage": _queue("delete_message", ReceiptHandle="probe"),
    "sqs:GetQueueAttributes": _queue("get_queue_attributes", AttributeNames=["QueueArn"]),
    "sqs:ReceiveMessage": _queue("receive_message", VisibilityTimeout=0),
    "states:ListExecutions": _executions,
}
