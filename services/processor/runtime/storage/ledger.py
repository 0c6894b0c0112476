"""The ledger of each file's progress: a port, and its implementation with DynamoDB."""

import json
from collections.abc import Mapping
from typing import Any, Protocol, get_args

from msgspec.structs import replace

from services.aws_client.errors import AwsClientError
from services.processor.runtime.errors import NewerContractError, RefusedError
from services.processor.runtime.keys import shard
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.ledger_attributes import (
    OPTIONAL,
    Values,
    counts,
    encoded,
    resume_point,
    sequencer,
)
from services.processor.runtime.storage.ledger_entry import Counts, Entry, Status
from services.processor.runtime.storage.sending import CONDITION_FAILED, Sending

_STATUSES = get_args(Status)
_IS_NEW = "attribute_not_exists(recordId) OR contractVersion < :contractVersion"
_IS_NOT_EARLIER = (
    "contractVersion = :contractVersion AND #status <> :completed AND "
    "(rowsRead < :rowsRead OR (rowsRead = :rowsRead AND #status IN ({not_higher})))"
)


class Ledger(Protocol):
    """One entry for each file; an entry only ever moves forward.

    Of two entries the later one has the newer contract version, then more rows read, then the
    higher status: PROCESSING, IGNORED, SUSPENDED, FAILED, COMPLETED. Saving an entry that is
    earlier than the stored one changes nothing, so overlapping deliveries of one file may save in
    any order.
    After COMPLETED only a newer contract version reopens the file.
    """

    def open(self, file: SourceFile, deadline: Deadline) -> Entry:
        """Create the file's entry, or return the stored one to resume from.

        Raises:
            NewerContractError: a newer contract version has started the file and not completed it.
            OutOfTimeError: the entry may have been created; repeating is safe.
            RefusedError: nothing is changed.

        """

    def save(self, file: SourceFile, entry: Entry, deadline: Deadline) -> None:
        """Store the entry unless the stored one is later.

        Raises:
            OutOfTimeError: the entry may have been saved; repeating is safe.
            RefusedError: nothing is changed.

        """


class DynamoDbLedger:
    """Keeps the entry in the file's own item; needs GetItem and UpdateItem only."""

    def __init__(self, sending: Sending, table_name: str) -> None:
        self._sending = sending
        self._table_name = table_name

    def open(self, file: SourceFile, deadline: Deadline) -> Entry:
        new = Entry("PROCESSING", Counts())
        stored = self._update(
            file, {**_identity(file), **encoded(new, file)}, _IS_NEW, {}, deadline
        )
        if stored is not None:
            return replace(new, sequencer=sequencer(stored))
        stored = self._stored(file, deadline)
        status, version = stored["status"]["S"], int(stored["contractVersion"]["N"])
        if version > file.contract_version and status != "COMPLETED":
            raise NewerContractError(f"{file.id} was started with contract version {version}")
        resume = resume_point(stored, file)
        return Entry(status, counts(stored), sequencer=sequencer(stored), resume=resume)

    def save(self, file: SourceFile, entry: Entry, deadline: Deadline) -> None:
        not_higher = _STATUSES[: _STATUSES.index(entry.status) + 1]
        condition = _IS_NOT_EARLIER.format(not_higher=", ".join(f":{name}" for name in not_higher))
        compared: Values = {
            ":contractVersion": {"N": str(file.contract_version)},
            ":completed": {"S": "COMPLETED"},
            **{f":{name}": {"S": name} for name in not_higher},
        }
        self._update(file, encoded(entry, file), condition, compared, deadline)

    def _update(
        self,
        file: SourceFile,
        values: Values,
        condition: str,
        compared: Values,
        deadline: Deadline,
    ) -> Mapping[str, Any] | None:
        """Set the values if the condition holds and return the whole item, else ``None``."""
        request = {
            "TableName": self._table_name,
            "Key": _key(file),
            "UpdateExpression": _expression(values),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {f"#{name}": name for name in values},
            "ExpressionAttributeValues": {
                **{f":{name}": value for name, value in values.items()},
                **compared,
            },
            "ReturnValues": "ALL_NEW",
        }
        try:
            answer = self._ask("UpdateItem", request, deadline)
        except AwsClientError as error:
            if error.code != CONDITION_FAILED:
                raise _refused(error) from error
            return None
        item: Mapping[str, Any] = answer["Attributes"]
        return item

    def _stored(self, file: SourceFile, deadline: Deadline) -> Mapping[str, Any]:
        request = {"TableName": self._table_name, "Key": _key(file), "ConsistentRead": True}
        try:
            answer = self._ask("GetItem", request, deadline)
        except AwsClientError as error:
            raise _refused(error) from error
        item: Mapping[str, Any] = answer["Item"]
        return item

    def _ask(
        self, operation: str, request: Mapping[str, object], deadline: Deadline
    ) -> Mapping[str, Any]:
        body = self._sending.ask(operation, json.dumps(request).encode(), deadline)
        answer: Mapping[str, Any] = json.loads(body)
        return answer


def _refused(error: AwsClientError) -> RefusedError:
    return RefusedError(f"ledger entry of the file: {error}")


def _key(file: SourceFile) -> Values:
    return {"recordId": {"S": file.id}, "timestamp": {"S": file.timestamp}}


def _identity(file: SourceFile) -> Values:
    return {
        "itemType": {"S": "FILE"},
        "shard": {"N": str(shard(file.id))},
        "source": {"M": file.source},
        "sizeBytes": {"N": str(file.size_bytes)},
        "sequencer": {"S": file.sequencer},
        **file.origin,
    }


def _expression(values: Values) -> str:
    removed = ", ".join(name for name in OPTIONAL if name not in values)
    assigned = "SET " + ", ".join(_assignment(name) for name in values)
    return f"{assigned} REMOVE {removed}" if removed else assigned


def _assignment(name: str) -> str:
    """Return the assignment of a value; the first sequencer stays, as rows carry it already."""
    value = f"if_not_exists(#{name}, :{name})" if name == "sequencer" else f":{name}"
    return f"#{name} = {value}"
