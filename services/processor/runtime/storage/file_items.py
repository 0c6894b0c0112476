"""The item of each file in the table: read and updated, under conditions, one at a time."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from services.aws_client.errors import AwsClientError
from services.processor.runtime.errors import RefusedError
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.ledger_attributes import Values
from services.processor.runtime.storage.sending import CONDITION_FAILED, Sending

Stored = Mapping[str, Any]
"""The attributes of a file's item, as DynamoDB has them."""


class Update(NamedTuple):
    """An update of an item, in DynamoDB's expressions; each name of ``names`` is used as ``#name``.

    ``values`` are used as ``:name``.
    """

    expression: str
    condition: str
    names: tuple[str, ...]
    values: Values


class FileItems:
    """Reads and updates files' items; needs GetItem and UpdateItem only."""

    def __init__(self, sending: Sending, table_name: str) -> None:
        self._sending = sending
        self._table_name = table_name

    def get(self, file: SourceFile, deadline: Deadline) -> Stored:
        """Return the file's item as it is at this moment.

        Raises:
            OutOfTimeError: it was not read.
            RefusedError: the same, or there is none.

        """
        request = {"TableName": self._table_name, "Key": _key(file), "ConsistentRead": True}
        answer = self._ask("GetItem", request, deadline)
        if "Item" not in answer:
            raise RefusedError("the file has no ledger entry")
        item: Stored = answer["Item"]
        return item

    def update(self, file: SourceFile, update: Update, deadline: Deadline) -> Stored | None:
        """Update the item and return all of it, or ``None`` if the condition does not hold.

        Raises:
            OutOfTimeError: it may have been updated.
            RefusedError: nothing is changed.

        """
        request = {
            "TableName": self._table_name,
            "Key": _key(file),
            "UpdateExpression": update.expression,
            "ConditionExpression": update.condition,
            "ExpressionAttributeNames": {f"#{name}": name for name in update.names},
            "ExpressionAttributeValues": {f":{name}": each for name, each in update.values.items()},
            "ReturnValues": "ALL_NEW",
        }
        try:
            item: Stored = self._ask("UpdateItem", request, deadline)["Attributes"]
        except _ConditionFailedError:
            return None
        return item

    def _ask(
        self, operation: str, request: Mapping[str, object], deadline: Deadline
    ) -> Mapping[str, Any]:
        try:
            body = self._sending.ask(operation, json.dumps(request).encode(), deadline)
        except AwsClientError as error:
            if error.code == CONDITION_FAILED:
                raise _ConditionFailedError from error
            raise RefusedError(f"ledger entry of the file: {error}") from error
        answer: Mapping[str, Any] = json.loads(body)
        return answer


class _ConditionFailedError(Exception):
    """The condition of an update does not hold."""


def _key(file: SourceFile) -> Values:
    return {"recordId": {"S": file.id}, "timestamp": {"S": file.timestamp}}
