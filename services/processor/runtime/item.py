"""The way of a record, 4: a row becomes an item, accepted or rejected, the same every time."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import msgspec

from services.processor.runtime.attributes import Attribute, Plain, attribute
from services.processor.runtime.contracts.base import Contract
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.excerpts import beginning, bounded
from services.processor.runtime.keys import record_id, shard
from services.processor.runtime.parsing import BadRow, JsonRow, Row
from services.processor.runtime.sizes import MAX_ITEM_BYTES, item_bytes
from services.processor.runtime.source_file import SourceFile

Item = dict[str, Attribute]

MAX_RAW_BYTES: Final = 4096
# No value takes more than twice its canonical JSON, and the rest of an item is small.
_SURELY_FITS_BYTES: Final = MAX_ITEM_BYTES // 2 - 8 * 1024
_CANONICAL: Final = msgspec.json.Encoder(order="sorted", decimal_format="number")


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a row is no record, in short texts; ``code`` is stable, ``field`` a path in the row.

    No exception: the traceback of one would keep all that was built of its row.
    """

    code: str
    message: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class RecordItem:
    """An item as the table stores it; ``rejection`` says why the row is no record, if so."""

    row: int
    item: Item
    rejection: Rejection | None = None


def record_item(file: SourceFile, contract: Contract[Any], row: Row) -> RecordItem:
    """Build the item of a row; there is one whatever the row is."""
    try:
        return RecordItem(row.number, _accepted(file, row.number, _standard_form(contract, row)))
    except RejectedRowError as error:
        field = None if error.field is None else bounded(error.field)
        return rejected_item(file, row, Rejection(error.code, bounded(error.message), field))


def rejected_item(file: SourceFile, row: Row, rejection: Rejection) -> RecordItem:
    """Build the item of a row that is no record, whatever else it might have been."""
    return RecordItem(row.number, _rejected(file, row, rejection), rejection)


def canonical_json(data: dict[str, Plain]) -> bytes:
    """Write a standard form in one way only: sorted names, no blanks, shortest numbers."""
    return _CANONICAL.encode(data)


def _standard_form(contract: Contract[Any], row: Row) -> dict[str, Plain]:
    if isinstance(row, BadRow):
        raise RejectedRowError(row.code, row.message, row.field)
    if isinstance(row, JsonRow):
        return contract.from_json(row.raw)
    return contract.from_csv(row.fields)


def _accepted(file: SourceFile, row: int, data: dict[str, Plain]) -> Item:
    # First the limits of the table: they bound the depth of what is then written as JSON.
    stored = attribute(data)
    canonical = canonical_json(data)
    content: Item = {"data": stored, "digest": {"S": sha256(canonical).hexdigest()}}
    item = _item(file, row, "ACCEPTED", content)
    if len(canonical) > _SURELY_FITS_BYTES:
        _refuse_size(item_bytes(item))
    return item


def _rejected(file: SourceFile, row: Row, rejection: Rejection) -> Item:
    error: Item = {"code": {"S": rejection.code}, "message": {"S": rejection.message}}
    if rejection.field is not None:
        error["field"] = {"S": rejection.field}
    raw_bytes = row.raw_bytes if isinstance(row, BadRow) else len(row.raw)
    content: Item = {
        "error": {"M": error},
        "raw": {"S": beginning(row.raw, MAX_RAW_BYTES)},
        "rawBytes": {"N": str(raw_bytes)},
    }
    return _item(file, row.number, "REJECTED", content)


def _refuse_size(size_bytes: int) -> None:
    if size_bytes > MAX_ITEM_BYTES:
        problem = f"{size_bytes} bytes is over the limit of {MAX_ITEM_BYTES}"
        raise RejectedRowError("ITEM_TOO_LARGE", problem)


def _item(file: SourceFile, row: int, status: str, content: Item) -> Item:
    key = record_id(file.id, row)
    return {
        "recordId": {"S": key},
        "timestamp": {"S": file.timestamp},
        "itemType": {"S": "RECORD"},
        "status": {"S": status},
        "shard": {"N": str(shard(key))},
        **file.origin,
        "source": {"M": {**file.source, "row": {"N": str(row)}}},
        **content,
    }
