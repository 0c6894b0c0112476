"""Reopening of a file: the processor reads it again from its start, though it was complete."""

from botocore.exceptions import ClientError

from ops import items
from ops.items import Item
from ops.region import Region
from services.processor.runtime.storage.ledger_attributes import OPTIONAL

_COUNTS = ("rowsRead", "rowsAccepted", "rowsRejected", "itemsWritten")
_SEEN = ("status", "contractVersion", *_COUNTS)
_CONDITION_FAILED = "ConditionalCheckFailedException"


def reopen(region: Region, entry: Item) -> bool:
    """Set a file's entry back to no row read, unless it has changed since ``entry`` was read.

    Return whether it was set back. A run that is still in progress may move the entry forward again
    without these rows, so look once more after the next run.
    """
    counts = {name: {"N": "0"} for name in _COUNTS}
    new = {"status": {"S": "PROCESSING"}, "rejections": {"M": {}}, **counts}
    assigned = ", ".join(f"#{name} = :{name}" for name in new)
    removed = ", ".join(OPTIONAL)
    try:
        region.client("dynamodb").update_item(
            TableName=region.table,
            Key=items.key_of(entry).attributes,
            UpdateExpression=f"SET {assigned} REMOVE {removed}",
            ConditionExpression=" AND ".join(f"#{name} = :seen_{name}" for name in _SEEN),
            ExpressionAttributeNames={f"#{name}": name for name in (*new, *_SEEN)},
            ExpressionAttributeValues={
                **{f":{name}": value for name, value in new.items()},
                **{f":seen_{name}": entry[name] for name in _SEEN},
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != _CONDITION_FAILED:
            raise
        return False
    return True
