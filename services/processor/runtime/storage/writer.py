"""Record path, step 5: an item is stored once, however often it is sent."""

from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from services.processor.runtime.corrections import RejectedRow
from services.processor.runtime.errors import RefusedError
from services.processor.runtime.item import RecordItem
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.retry import Retry, is_transient

WORKERS = 32
CONDITION_FAILED = "ConditionalCheckFailedException"
# These concern the one item, such as its size; table and permissions are in order.
_ITEM_CODES = frozenset({"ValidationException", "ItemCollectionSizeLimitExceededException"})
# The newer content wins, in whatever order they arrive. An item without precedence was stored by a
# version of the processor that did not know it yet.
# A rejected row that has been corrected since stays corrected.
_IS_NEWER = (
    "(attribute_not_exists(precedence) OR precedence < :precedence) "
    "AND attribute_not_exists(correctedBy)"
)
_IS_OPEN = (
    "dataset = :dataset AND "
    "(#status = :rejected OR (#status = :corrected AND correctedBy.precedence < :precedence))"
)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The rows that the table now holds, and how many retries that took.

    ``refused`` has the accepted rows whose items DynamoDB rejects as invalid, and its reasons.
    """

    rows: frozenset[int]
    retries: int
    refused: Mapping[int, str] = field(default_factory=dict)


Answer = tuple[str | None, int]
"""Why DynamoDB rejects an item as invalid, if it does, and the number of retries."""


class Writer(Protocol):
    """The store of the rows' items."""

    def write(self, batch: Sequence[RecordItem], deadline: Deadline) -> Acknowledged:
        """Store every item unless the table has the same or a newer one; acknowledge it either way.

        Raises:
            OutOfTimeError: some may be stored, no request is in flight any more.
            RefusedError: the same; DynamoDB refuses this function's writes, or even the item of a
                rejected row.

        """


class DynamoDbWriter:
    """Stores items in parallel by conditional writes; needs PutItem and UpdateItem.

    A rejected row is marked once the row that corrects it is stored; of several that do, the newest
    is named.
    """

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
        refusal, retries = self._retry(lambda: self._put(record), deadline)
        for rejected in record.corrects if refusal is None else ():
            _, more = self._retry(partial(self._mark_corrected, rejected, record), deadline)
            retries += more
        return refusal, retries

    def _put(self, record: RecordItem) -> str | None:
        """Store the item, or return why DynamoDB rejects it as invalid."""
        try:
            self._client.put_item(
                TableName=self._table_name,
                Item=record.item,
                ConditionExpression=_IS_NEWER,
                ExpressionAttributeValues={":precedence": record.item["precedence"]},
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == CONDITION_FAILED:
                return None
            if is_transient(error):
                raise
            if code in _ITEM_CODES and record.rejection is None:
                return str(error)
            raise RefusedError(f"row {record.row}: {error}") from error
        return None

    def _mark_corrected(self, rejected: RejectedRow, record: RecordItem) -> None:
        """Mark a rejected row of the same dataset; one that does not exist is left out."""
        names = ("recordId", "timestamp", "precedence")
        try:
            self._client.update_item(
                TableName=self._table_name,
                Key={
                    "recordId": {"S": rejected.record_id},
                    "timestamp": {"S": rejected.timestamp},
                },
                UpdateExpression="SET #status = :corrected, correctedBy = :by",
                ConditionExpression=_IS_OPEN,
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":by": {"M": {name: record.item[name] for name in names}},
                    ":precedence": record.item["precedence"],
                    ":dataset": record.item["dataset"],
                    ":corrected": {"S": "CORRECTED"},
                    ":rejected": {"S": "REJECTED"},
                },
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == CONDITION_FAILED:
                return
            if is_transient(error):
                raise
            problem = f"row {record.row}, which corrects {rejected.record_id}: {error}"
            raise RefusedError(problem) from error


def _settle(futures: Sequence[Future[Answer]]) -> None:
    """Wait for all; after a failure start nothing more, but let requests in flight finish."""
    wait(futures, return_when=FIRST_EXCEPTION)
    for future in futures:
        future.cancel()
    wait(futures)
