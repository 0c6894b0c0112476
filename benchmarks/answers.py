"""What the endpoints of the benchmarks answer: the smallest bodies that every SDK accepts."""

import json
from collections.abc import Mapping
from zlib import crc32

SEQUENCER = "0055AED6DCD90281E5"
NOTHING = "{}"
THROTTLED = json.dumps(
    {
        "__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException",
        "message": "Rate of requests exceeds the allowed throughput.",
    }
)
# PutEvents is always called with ten events here.
EVENTS_A_CALL = 10
# awswrangler asks for the key, to see that every item has it; a row of the file has this one.
_TABLE = {
    "TableName": "records",
    "TableStatus": "ACTIVE",
    "KeySchema": [{"AttributeName": "timestamp", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "timestamp", "AttributeType": "S"}],
    "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0},
}
ANSWERS: Mapping[str, str] = {
    "PutItem": NOTHING,
    "BatchWriteItem": json.dumps({"UnprocessedItems": {}}),
    # The entry of a file that this is the first event of.
    "UpdateItem": json.dumps({"Attributes": {"sequencer": {"S": SEQUENCER}}}),
    "DescribeTable": json.dumps({"Table": _TABLE}),
    "PutEvents": json.dumps({"FailedEntryCount": 0, "Entries": [{"EventId": "e"}] * EVENTS_A_CALL}),
}


def answer(operation: str) -> str:
    """Return the body of the answer to an operation, of DynamoDB or EventBridge."""
    return ANSWERS.get(operation, NOTHING)


def checksum(body: str) -> int:
    """Return what DynamoDB puts in the header ``x-amz-crc32``."""
    return crc32(body.encode())
