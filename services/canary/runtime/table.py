"""Signs of life in one region's replica of the table."""

import json
from datetime import datetime
from typing import Protocol

from services.aws_client.errors import AwsClientError
from services.aws_client.json_service import JsonService, Outcome

# Where the processor stores what a file of the dataset "canary" brings: see its contract.
DATASET = "canary"
NO_TIME = "0001-01-01T00:00:00.000Z"
_POLL_S = 1.0


class Table(Protocol):
    """Where signs of life are stored."""

    def put_at(self, region: str) -> datetime | None:
        """Return when the file was put whose sign of life a region stored last, ``None`` if never.

        Raises ``AwsClientError`` if there is no trustworthy answer.
        """


class DynamoDbTable:
    """A replica; each sign of life is read consistently, in one call that is not repeated."""

    def __init__(self, dynamodb: JsonService, table_name: str) -> None:
        self._dynamodb = dynamodb
        self._table_name = table_name

    def put_at(self, region: str) -> datetime | None:
        key = {"recordId": {"S": f"{DATASET}:{region}"}, "timestamp": {"S": NO_TIME}}
        request = {"TableName": self._table_name, "Key": key, "ConsistentRead": True}
        item = json.loads(self._call(json.dumps(request).encode())).get("Item")
        return datetime.fromisoformat(item["data"]["M"]["putAt"]["S"]) if item else None

    def _call(self, body: bytes) -> bytes:
        outcomes: list[Outcome] = []
        self._dynamodb.call("GetItem", body, outcomes.append)
        while not outcomes:
            self._dynamodb.transport.poll(_POLL_S)
        [outcome] = outcomes
        if isinstance(outcome, AwsClientError):
            raise outcome
        return outcome
