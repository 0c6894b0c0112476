"""Record path, step 4: a row becomes an item, accepted or rejected, the same every time.

An item is written at once as the DynamoDB JSON in which it is sent. What all rows of a file share
is in the file's own texts; the data and its digest come from one pass over the standard form.
"""

from collections.abc import Sequence
from hashlib import sha256
from json.encoder import encode_basestring as quote
from typing import Any

import msgspec

from services.processor.runtime.attributes import Plain, attribute_text, attributes_of
from services.processor.runtime.canonical import canonical_form
from services.processor.runtime.corrections import RejectedRow, referenced, without_marks
from services.processor.runtime.declaration import Contract
from services.processor.runtime.declaration.nesting import too_deep
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.identity import Identity, identity
from services.processor.runtime.item_size import MAX_ITEM_BYTES, item_bytes
from services.processor.runtime.keys import record_id, shard
from services.processor.runtime.parsing import BadRow, JsonRow, Row
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.text_truncation import truncate, truncate_bytes

MAX_RAW_BYTES = 4096
# No value takes more than twice its canonical JSON, and the rest of an item is small.
_SURELY_FITS_BYTES = MAX_ITEM_BYTES // 2 - 8 * 1024


class Rejection(msgspec.Struct, frozen=True):
    """Why a row is rejected, in short texts; ``code`` is stable, ``field`` is a path in the row.

    Not an exception, because its traceback would keep alive all that was built for the row.
    """

    code: str
    message: str
    field: str | None = None


# A msgspec struct, because a frozen dataclass takes five times as long to create.
class RecordItem(msgspec.Struct, frozen=True, gc=False):
    """The item of one row as the table stores it; a rejected row has a ``rejection``.

    ``item`` is DynamoDB JSON; ``record_id``, ``timestamp`` and ``dataset`` are attributes of it, as
    is ``precedence``, which is JSON text in quotes. ``source`` is the row that it was made of.
    ``corrects`` are the rejected rows that an accepted row corrects.
    """

    item: bytes
    record_id: str
    timestamp: str
    precedence: bytes
    dataset: str
    source: Row
    rejection: Rejection | None = None
    corrects: Sequence[RejectedRow] = ()

    @property
    def row(self) -> int:
        """Return the number of the row in its file, from 1."""
        return self.source.number

    @property
    def line(self) -> int:
        """Return the line of the file on which the row begins, from 1."""
        return self.source.line

    @property
    def held_bytes(self) -> int:
        """Return about how much memory the row takes while it is sent, on the high side."""
        # The item is copied into a request and encrypted; a byte of a row may be a value of it.
        return 4 * len(self.item) + 8 * len(self.source.raw)


def record_item(file: SourceFile, contract: Contract[Any], row: Row) -> RecordItem:
    """Return the item of a row: every row has one, accepted or rejected.

    The same file, contract and row give the same item. No item exceeds DynamoDB's limits.
    """
    own, corrects = without_marks(row)
    try:
        data = _standard_form(contract, own)
        return _accepted(file, contract, row, data, corrects)
    except RejectedRowError as error:
        return rejected_item(file, row, _rejection(own, error))


def rejected_item(file: SourceFile, row: Row, rejection: Rejection) -> RecordItem:
    """Return the item of a rejected row, whatever its accepted item would have been."""
    _, corrects = without_marks(row)
    content = _rejected(file, row, rejection)
    address = _row_address(file, row.number)
    return _record(file, row, address, "REJECTED", corrects, content, rejection)


def _rejection(row: Row, error: RejectedRowError) -> Rejection:
    told = (too_deep(row.raw) if isinstance(row, JsonRow) else None) or error
    field = None if told.field is None else truncate(told.field)
    return Rejection(told.code, truncate(told.message), field)


def _standard_form(contract: Contract[Any], row: Row) -> dict[str, Plain]:
    if isinstance(row, BadRow):
        raise RejectedRowError(row.code, row.message, row.field)
    if isinstance(row, JsonRow):
        return contract.from_json(row.raw)
    return contract.from_cells(row.header, row.cells)


def _accepted(
    file: SourceFile, contract: Contract[Any], row: Row, data: dict[str, Plain], corrects: str
) -> RecordItem:
    # The table's limits come first: they bound how deeply nested the canonical JSON is.
    stored, canonical = contract.write(data) or (attribute_text(data), canonical_form(data))
    if contract.key:
        address = identity(contract.dataset, contract.key, contract.time, data)
    else:
        address = _row_address(file, row.number)
    content = f'"data":{stored},"digest":{{"S":"{sha256(canonical).hexdigest()}"}}'
    record = _record(file, row, address, "ACCEPTED", corrects, content)
    if len(canonical) > _SURELY_FITS_BYTES:
        _reject_size(item_bytes(attributes_of(record.item)))
    return record


def _row_address(file: SourceFile, row: int) -> Identity:
    return record_id(file.id, row), file.timestamp


def _rejected(file: SourceFile, row: Row, rejection: Rejection) -> str:
    error = (
        f'"code":{{"S":{quote(rejection.code)}}},"message":{{"S":{quote(rejection.message)}}},'
        f'"line":{{"N":"{row.line}"}}'
    )
    if rejection.field is not None:
        error += f',"field":{{"S":{quote(rejection.field)}}}'
    raw_bytes = row.raw_bytes if isinstance(row, BadRow) else len(row.raw)
    raw = quote(truncate_bytes(row.raw, MAX_RAW_BYTES))
    content = f'"error":{{"M":{{{error}}}}},"raw":{{"S":{raw}}},"rawBytes":{{"N":"{raw_bytes}"}}'
    return f"{content},{file.expiry_json}" if file.expiry_json else content


def _reject_size(size_bytes: int) -> None:
    if size_bytes > MAX_ITEM_BYTES:
        problem = f"item of {size_bytes} bytes exceeds the limit of {MAX_ITEM_BYTES}"
        raise RejectedRowError("ITEM_TOO_LARGE", problem)


def _record(  # noqa: PLR0917  # each is an attribute
    file: SourceFile,
    row: Row,
    address: Identity,
    status: str,
    corrects: str,
    content: str,
    rejection: Rejection | None = None,
) -> RecordItem:
    item_id, timestamp = address
    in_shard = shard(item_id) if rejection else file.accepted_shard(item_id)
    indexed = "" if in_shard is None else f'"shard":{{"N":"{in_shard}"}},'
    precedence = file.precedence_json(row.number)
    corrected = f',"corrects":{{"S":{quote(truncate(corrects))}}}' if corrects else ""
    item = (
        f'{{"recordId":{{"S":{quote(item_id)}}},"timestamp":{{"S":"{timestamp}"}},'
        f'"itemType":{{"S":"RECORD"}},"status":{{"S":"{status}"}},'
        f'{indexed}"precedence":{{"S":{precedence}}},{file.origin_json},'
        f'"source":{{"M":{{{file.source_json},"row":{{"N":"{row.number}"}}{corrected}}}}},{content}}}'
    )
    return RecordItem(
        item.encode(),
        item_id,
        timestamp,
        precedence.encode(),
        file.dataset,
        row,
        rejection,
        referenced(corrects) if corrects and rejection is None else (),
    )
