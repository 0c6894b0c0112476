"""The way of a record, 5: an item is stored once, however often it is sent."""

from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Final, Protocol

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from services.processor.runtime.deadline import Deadline
from services.processor.runtime.errors import RefusedError
from services.processor.runtime.item import RecordItem
from services.processor.runtime.retry import Retry, may_work_later

WORKERS: Final = 32
CONDITION_FAILED: Final = "ConditionalCheckFailedException"
# A record stands until a newer contract says something else of it, in whatever order they come.
_NOT_STORED_YET: Final = "attribute_not_exists(recordId) OR contractVersion < :contractVersion"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The rows that the table holds now, and how often a request had to be repeated."""

    rows: frozenset[int]
    retries: int


class Writer(Protocol):
    def write(self, batch: Sequence[RecordItem], deadline: Deadline) -> Acknowledged:
        """Store every item; one that the table already holds changes nothing and is acknowledged.

        Raises:
            OutOfTimeError: some may be stored, nothing is under way any more.
            RefusedError: the same; the table takes no such item from this function.

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
        retries = {row: future.result() for row, future in sent.items() if not future.cancelled()}
        return Acknowledged(frozenset(retries), sum(retries.values()))

    def _send(self, record: RecordItem, deadline: Deadline) -> int:
        _, retries = self._retry(lambda: self._put(record), deadline)
        return retries

    def _put(self, record: RecordItem) -> None:
        try:
            self._client.put_item(
                TableName=self._table_name,
                Item=record.item,
                ConditionExpression=_NOT_STORED_YET,
                ExpressionAttributeValues={":contractVersion": record.item["contractVersion"]},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == CONDITION_FAILED:
                return
            if may_work_later(error):
                raise
            raise RefusedError(f"row {record.row}: {error}") from error


def _settle(futures: Sequence[Future[int]]) -> None:
    """Wait for all; after a failure begin nothing more, but let end what is under way."""
    wait(futures, return_when=FIRST_EXCEPTION)
    for future in futures:
        future.cancel()
    wait(futures)
