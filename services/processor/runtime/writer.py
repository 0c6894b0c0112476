"""The way of a record, 5: an item is stored once, however often it is sent."""

from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Final, Protocol

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from services.processor.runtime.deadline import Deadline
from services.processor.runtime.errors import RefusedError
from services.processor.runtime.item import RecordItem
from services.processor.runtime.retry import Retry, may_work_later

WORKERS: Final = 32
CONDITION_FAILED: Final = "ConditionalCheckFailedException"
# Said of one item, like its size: the table, and what this function may do, are in order.
_OF_THE_ITEM: Final = frozenset({"ValidationException", "ItemCollectionSizeLimitExceededException"})
# A record stands until a newer contract says something else of it, in whatever order they come.
_NOT_STORED_YET: Final = "attribute_not_exists(recordId) OR contractVersion < :contractVersion"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The rows that the table holds now, and how often a request had to be repeated.

    ``refused`` are the accepted rows whose items the table takes from nobody, and what it says.
    """

    rows: frozenset[int]
    retries: int
    refused: Mapping[int, str] = field(default_factory=dict)


Answer = tuple[str | None, int]
"""Why an item is refused, if it is, and the number of repetitions it took."""


class Writer(Protocol):
    def write(self, batch: Sequence[RecordItem], deadline: Deadline) -> Acknowledged:
        """Store every item; one that the table already holds changes nothing and is acknowledged.

        Raises:
            OutOfTimeError: some may be stored, nothing is under way any more.
            RefusedError: the same; the table takes no item from this function, or not even that
                of a rejected row.

        """


class DynamoDbWriter:
    def __init__(self, client: BaseClient, table_name: str, retry: Retry) -> None:
        self._client = client
        self._table_name = table_name
        self._retry = retry
        self._pool = ThreadPoolExecutor(WORKERS)

    def write(self, batch: Sequence[RecordItem], deadline: Deadline) -> Acknowledged:
        sent = {record.row: self._pool.submit(self._send, record, deadline) for record in batch}
        _settle(list(sent.values()))
        answers = {row: future.result() for row, future in sent.items() if not future.cancelled()}
        refused = {row: refusal for row, (refusal, _) in answers.items() if refusal is not None}
        retries = sum(retries for _, retries in answers.values())
        return Acknowledged(frozenset(answers.keys() - refused.keys()), retries, refused)

    def _send(self, record: RecordItem, deadline: Deadline) -> Answer:
        return self._retry(lambda: self._put(record), deadline)

    def _put(self, record: RecordItem) -> str | None:
        """Store it, or tell why the table does not take this item."""
        try:
            self._client.put_item(
                TableName=self._table_name,
                Item=record.item,
                ConditionExpression=_NOT_STORED_YET,
                ExpressionAttributeValues={":contractVersion": record.item["contractVersion"]},
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == CONDITION_FAILED:
                return None
            if may_work_later(error):
                raise
            if code in _OF_THE_ITEM and record.rejection is None:
                return str(error)
            raise RefusedError(f"row {record.row}: {error}") from error
        return None


def _settle(futures: Sequence[Future[Answer]]) -> None:
    """Wait for all; after a failure begin nothing more, but let end what is under way."""
    wait(futures, return_when=FIRST_EXCEPTION)
    for future in futures:
        future.cancel()
    wait(futures)
