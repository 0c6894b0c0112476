"""The ledger of each file's progress: a port, and its implementation with DynamoDB."""

from typing import Protocol, get_args

from msgspec.structs import replace

from services.processor.runtime.errors import NewerContractError
from services.processor.runtime.keys import shard
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.file_items import FileItems, Update
from services.processor.runtime.storage.ledger_attributes import (
    HANDED_OVER,
    Values,
    assigned,
    encoded,
    entered,
    entry_of,
    reason,
    sequencer,
)
from services.processor.runtime.storage.ledger_entry import (
    LARGE_FILE,
    Counts,
    Entry,
    Failure,
    Status,
)
from services.processor.runtime.storage.sending import Sending

_STATUSES = get_args(Status)
_IS_NEW = "attribute_not_exists(recordId) OR contractVersion < :contractVersion"
_IS_OPEN = "contractVersion = :contractVersion AND #status IN (:PROCESSING, :SUSPENDED)"
_IS_NOT_EARLIER = (
    "contractVersion = :contractVersion AND #status <> :completed AND "
    "(rowsRead < :rowsRead OR (rowsRead = :rowsRead AND #status IN ({not_higher})))"
)
_TO_BE_DIVIDED = "the file is larger than what one run stores; its ranges are stored one by one"


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

    def hand_over(self, file: SourceFile, deadline: Deadline) -> None:
        """Leave an open file to the state machine: SUSPENDED as ``LARGE_FILE``, which starts it.

        It starts once more each time; one that is at work already is not disturbed. What is stored,
        and counted, stays. A file that is FAILED or COMPLETED is left alone.

        Raises:
            OutOfTimeError: it may have been handed over; repeating is safe.
            RefusedError: nothing is changed.

        """


class DynamoDbLedger:
    """Keeps the entry in the file's own item; needs GetItem and UpdateItem only."""

    def __init__(self, sending: Sending, table_name: str) -> None:
        self._items = FileItems(sending, table_name)

    def open(self, file: SourceFile, deadline: Deadline) -> Entry:
        new = Entry("PROCESSING", Counts())
        values = {**_identity(file), **encoded(new, file)}
        update = Update(entered(values), _IS_NEW, tuple(values), values)
        stored = self._items.update(file, update, deadline)
        if stored is not None:
            return replace(new, sequencer=sequencer(stored))
        stored = self._items.get(file, deadline)
        status, version = stored["status"]["S"], int(stored["contractVersion"]["N"])
        if version > file.contract_version and status != "COMPLETED":
            raise NewerContractError(f"{file.id} was started with contract version {version}")
        return entry_of(stored, file)

    def save(self, file: SourceFile, entry: Entry, deadline: Deadline) -> None:
        not_higher = _STATUSES[: _STATUSES.index(entry.status) + 1]
        condition = _IS_NOT_EARLIER.format(not_higher=", ".join(f":{name}" for name in not_higher))
        values = encoded(entry, file)
        compared: Values = {
            "contractVersion": {"N": str(file.contract_version)},
            "completed": {"S": "COMPLETED"},
            **{name: {"S": name} for name in not_higher},
        }
        update = Update(entered(values), condition, tuple(values), {**values, **compared})
        self._items.update(file, update, deadline)

    def hand_over(self, file: SourceFile, deadline: Deadline) -> None:
        values: Values = {
            "status": {"S": "SUSPENDED"},
            "failure": reason(Failure(LARGE_FILE, _TO_BE_DIVIDED)),
        }
        compared: Values = {
            "one": {"N": "1"},
            "contractVersion": {"N": str(file.contract_version)},
            "PROCESSING": {"S": "PROCESSING"},
            "SUSPENDED": {"S": "SUSPENDED"},
        }
        # Each time another number, so that each time the stream has a change to announce.
        expression = f"{assigned(values)} ADD {HANDED_OVER} :one"
        update = Update(expression, _IS_OPEN, tuple(values), {**values, **compared})
        self._items.update(file, update, deadline)


def _identity(file: SourceFile) -> Values:
    return {
        "itemType": {"S": "FILE"},
        "shard": {"N": str(shard(file.id))},
        "source": {"M": file.source},
        "sizeBytes": {"N": str(file.size_bytes)},
        "sequencer": {"S": file.sequencer},
        **file.origin,
    }
