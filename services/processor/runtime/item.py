"""Record path, step 4: a row becomes an item, accepted or rejected, the same every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from services.processor.runtime.attributes import (
    MAX_ITEM_BYTES,
    Attribute,
    Plain,
    attribute,
    item_bytes,
    normal_form,
)
from services.processor.runtime.corrections import RejectedRow, referenced, without_marks
from services.processor.runtime.declaration import Contract
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.identity import Identity, identity
from services.processor.runtime.keys import record_id, shard
from services.processor.runtime.parsing import BadRow, JsonRow, Row
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.text_truncation import truncate, truncate_bytes

Item = dict[str, Attribute]

MAX_RAW_BYTES = 4096
# No value takes more than twice its canonical JSON, and the rest of an item is small.
_SURELY_FITS_BYTES = MAX_ITEM_BYTES // 2 - 8 * 1024
_CANONICAL = msgspec.json.Encoder(order="sorted", decimal_format="number")


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a row is rejected, in short texts; ``code`` is stable, ``field`` is a path in the row.

    Not an exception, because its traceback would keep alive all that was built for the row.
    """

    code: str
    message: str
    field: str | None = None


# A msgspec struct, because a frozen dataclass takes five times as long to create.
class RecordItem(msgspec.Struct, frozen=True):
    """The item of one row as the table stores it; a rejected row has a ``rejection``.

    ``corrects`` are the rejected rows that an accepted row corrects.
    """

    row: int
    item: Item
    rejection: Rejection | None = None
    line: int = 0
    corrects: Sequence[RejectedRow] = ()


def record_item(file: SourceFile, contract: Contract[Any], row: Row) -> RecordItem:
    """Return the item of a row: every row has one, accepted or rejected.

    The same file, contract and row give the same item. No item exceeds DynamoDB's limits.
    """
    own, corrects = without_marks(row)
    try:
        data = _standard_form(contract, own)
        item = _accepted(file, contract, row.number, data, corrects)
        marked = referenced(corrects) if corrects else ()
        return RecordItem(row.number, item, line=row.line, corrects=marked)
    except RejectedRowError as error:
        field = None if error.field is None else truncate(error.field)
        return rejected_item(file, row, Rejection(error.code, truncate(error.message), field))


def rejected_item(file: SourceFile, row: Row, rejection: Rejection) -> RecordItem:
    """Return the item of a rejected row, whatever its accepted item would have been."""
    return RecordItem(row.number, _rejected(file, row, rejection), rejection, row.line)


def canonical_json(data: dict[str, Plain]) -> bytes:
    """Return equal data as equal bytes: sorted names, no blanks, shortest numbers."""
    return _CANONICAL.encode(data)


def _standard_form(contract: Contract[Any], row: Row) -> dict[str, Plain]:
    if isinstance(row, BadRow):
        raise RejectedRowError(row.code, row.message, row.field)
    if isinstance(row, JsonRow):
        return contract.from_json(row.raw)
    return contract.from_csv(row.fields)


def _accepted(
    file: SourceFile, contract: Contract[Any], row: int, data: dict[str, Plain], corrects: str
) -> Item:
    # The table's limits come first: they bound how deeply nested the canonical JSON is.
    stored = attribute(data)
    canonical = _canonical(data)
    address = _address(file, contract, row, data)
    item = _item(file, row, address, "ACCEPTED", corrects)
    item["data"] = stored
    item["digest"] = {"S": sha256(canonical).hexdigest()}
    if len(canonical) > _SURELY_FITS_BYTES:
        _reject_size(item_bytes(item))
    return item


def _canonical(data: dict[str, Plain]) -> bytes:
    """Return the canonical JSON of the data as it is stored, whatever a contract computed."""
    try:
        text = canonical_json(data)
        # A number in another form than the stored one is written so; few rows have such a text.
        is_doubtful = b"0," in text or b"0}" in text or b"0]" in text
        if is_doubtful or b"0E" in text or b"E+" in text:
            text = canonical_json(normal_form(data))
    except UnicodeEncodeError as error:  # no reader lets one pass, so the contract made it
        problem = "the contract made a text of it with half a character, which cannot be stored"
        advice = "tell the processor's operators"
        raise RejectedRowError("CONTRACT_ERROR", f"{problem}; {advice}") from error
    return text


def _address(
    file: SourceFile, contract: Contract[Any], row: int, data: dict[str, Plain]
) -> Identity:
    if contract.key:
        return identity(contract.dataset, contract.key, contract.time, data)
    return _row_address(file, row)


def _row_address(file: SourceFile, row: int) -> Identity:
    return Identity(record_id(file.id, row), file.timestamp)


def _rejected(file: SourceFile, row: Row, rejection: Rejection) -> Item:
    error: Item = {
        "code": {"S": rejection.code},
        "message": {"S": rejection.message},
        "line": {"N": str(row.line)},
    }
    if rejection.field is not None:
        error["field"] = {"S": rejection.field}
    raw_bytes = row.raw_bytes if isinstance(row, BadRow) else len(row.raw)
    content: Item = {
        "error": {"M": error},
        "raw": {"S": truncate_bytes(row.raw, MAX_RAW_BYTES)},
        "rawBytes": {"N": str(raw_bytes)},
        **file.expiry,
    }
    address = _row_address(file, row.number)
    _, corrects = without_marks(row)
    return _item(file, row.number, address, "REJECTED", corrects) | content


def _reject_size(size_bytes: int) -> None:
    if size_bytes > MAX_ITEM_BYTES:
        problem = f"item of {size_bytes} bytes exceeds the limit of {MAX_ITEM_BYTES}"
        raise RejectedRowError("ITEM_TOO_LARGE", problem)


def _item(file: SourceFile, row: int, address: Identity, status: str, corrects: str) -> Item:
    source: Item = {**file.source, "row": {"N": str(row)}}
    if corrects:
        source["corrects"] = {"S": truncate(corrects)}
    return {
        "recordId": {"S": address.record_id},
        "timestamp": {"S": address.timestamp},
        "itemType": {"S": "RECORD"},
        "status": {"S": status},
        "shard": {"N": str(shard(address.record_id))},
        "precedence": {"S": file.precedence(row)},
        **file.origin,
        "source": {"M": source},
    }
