"""Record path, step 5: an item is stored once, however often it is sent."""

from collections.abc import Callable
from typing import Protocol

from services.aws_client.errors import AwsClientError
from services.processor.runtime.corrections import RejectedRow
from services.processor.runtime.errors import RefusedError
from services.processor.runtime.item import RecordItem
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.request import Request
from services.processor.runtime.storage.row_requests import RowRequests
from services.processor.runtime.storage.sending import CONDITION_FAILED, Sending

# These concern the one item, such as its size; table and permissions are in order.
_ITEM_CODES = frozenset({"ValidationException", "ItemCollectionSizeLimitExceededException"})

Answered = Callable[[str | None], None]
"""Called once: with ``None`` when the table holds the item, else with why it is invalid."""


class Writer(Protocol):
    """The store of the rows' items; it takes them as fast as the table does."""

    @property
    def is_idle(self) -> bool:
        """Return whether every item that was sent has been answered."""

    @property
    def retries(self) -> int:
        """Return how many requests were sent again since the writer was made."""

    def send(self, record: RecordItem, answered: Answered, deadline: Deadline) -> None:
        """Store the item unless the table has the same or a newer one; acknowledge it either way.

        Return once it has been sent. ``answered`` is called during this or a later call. An item of
        an accepted row that DynamoDB rejects as invalid is answered with the reason.

        Raises:
            OutOfTimeError: it was not sent; earlier ones may be stored.
            RefusedError: the same; DynamoDB refuses this function's writes, or even the item of a
                rejected row.

        """

    def send_soon(self, record: RecordItem, answered: Answered) -> None:
        """Store an item in place of the one that is just being answered."""

    def collect(self) -> None:
        """Take the answers that have arrived, without waiting for any."""

    def wait(self, deadline: Deadline) -> None:
        """Wait for an answer, or until something that failed transiently is sent again.

        Raises:
            OutOfTimeError: what is not answered may be stored.
            RefusedError: the same.

        """

    def stop(self) -> None:
        """Send nothing again, and wait until what is in the air has been answered."""


class DynamoDbWriter:
    """Stores items by conditional writes, many at once; needs PutItem and UpdateItem.

    A rejected row is marked once the row that corrects it is stored; of several that do, the newest
    is named.
    """

    def __init__(self, sending: Sending, table_name: str) -> None:
        self._sending = sending
        self._requests = RowRequests(table_name)
        self._failure: RefusedError | None = None

    @property
    def is_idle(self) -> bool:
        return self._sending.is_idle

    @property
    def retries(self) -> int:
        return self._sending.retries

    def send(self, record: RecordItem, answered: Answered, deadline: Deadline) -> None:
        if self._failure:
            raise self._failure
        self._sending.send(self._put(record, answered), deadline)

    def send_soon(self, record: RecordItem, answered: Answered) -> None:
        self._sending.send_soon(self._put(record, answered))

    def collect(self) -> None:
        self._sending.collect()

    def wait(self, deadline: Deadline) -> None:
        if not self._failure:
            self._sending.wait(deadline)
        if self._failure:
            raise self._failure

    def stop(self) -> None:
        self._sending.stop()
        self._failure = None

    def mark(self, rejected: RejectedRow, put: "_Put") -> None:
        """Mark a rejected row that the row of ``put`` corrects."""
        body = self._requests.mark(rejected, put.record)
        self._sending.send_soon(_Mark(body, rejected, put, self))

    def refuse(self, row: str, error: AwsClientError) -> None:
        """Let the next call raise that DynamoDB refuses a request for this row."""
        self._failure = RefusedError(f"{row}: {error}")

    def _put(self, record: RecordItem, answered: Answered) -> "_Put":
        return _Put(self._requests.put(record), record, answered, self)


class _Put(Request):
    """The write of a row's item, and the marks on the rows that it corrects, one by one."""

    __slots__ = ("answer", "record", "to_mark", "writer")
    operation = "PutItem"

    def __init__(
        self, body: bytes, record: RecordItem, answer: Answered, writer: DynamoDbWriter
    ) -> None:
        super().__init__(body)
        self.record = record
        self.answer = answer
        self.writer = writer
        self.to_mark = list(record.corrects)

    def succeeded(self, _answer: bytes, /) -> None:
        if self.to_mark:
            self.writer.mark(self.to_mark.pop(), self)
        else:
            self.answer(None)

    def failed(self, error: AwsClientError) -> None:
        if error.code == CONDITION_FAILED:
            self.succeeded(b"")
        elif error.code in _ITEM_CODES and self.record.rejection is None:
            self.answer(error.in_full)
        else:
            self.writer.refuse(f"row {self.record.row}", error)


class _Mark(Request):
    """The mark on a rejected row of the same dataset; one that does not exist is left out."""

    __slots__ = ("put", "rejected", "writer")
    operation = "UpdateItem"

    def __init__(
        self, body: bytes, rejected: RejectedRow, put: _Put, writer: DynamoDbWriter
    ) -> None:
        super().__init__(body)
        self.rejected = rejected
        self.put = put
        self.writer = writer

    def succeeded(self, answer: bytes, /) -> None:
        self.put.succeeded(answer)

    def failed(self, error: AwsClientError) -> None:
        if error.code == CONDITION_FAILED:
            self.put.succeeded(b"")
        else:
            row = f"row {self.put.record.row}, which corrects {self.rejected.record_id}"
            self.writer.refuse(row, error)
