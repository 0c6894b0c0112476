"""The oracle of items: each built as a tree, value by value, and its canonical JSON by msgspec.

It is how the processor built them before it wrote their text at once: what is stored must not have
changed by that.
"""

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal, DecimalException, Inexact, Overflow, Subnormal
from hashlib import sha256
from typing import Any
from zlib import crc32

import msgspec

from services.processor.runtime.attributes import Attribute, Item, Plain
from services.processor.runtime.corrections import without_marks
from services.processor.runtime.declaration import Contract
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.identity import Identity, identity
from services.processor.runtime.item_size import item_bytes
from services.processor.runtime.keys import file_precedence, precedence, record_id, shard
from services.processor.runtime.parsing import BadRow, JsonRow, Row
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.text_truncation import truncate, truncate_bytes

LEVELS = 30
ITEM_BYTES = 400 * 1024 - 1024
EXACT = Context(prec=38, Emin=-130, Emax=125, traps=[Inexact, Overflow, Subnormal])
CANONICAL = msgspec.json.Encoder(order="sorted", decimal_format="number")


def expected_item(file: SourceFile, contract: Contract[Any], row: Row) -> Item:
    own, corrects = without_marks(row)
    try:
        if isinstance(own, BadRow):
            raise RejectedRowError(own.code, own.message, own.field)  # noqa: TRY301
        if isinstance(own, JsonRow):
            data = contract.from_json(own.raw)
        else:
            data = contract.from_csv(own.fields)
        return accepted(file, contract, row.number, data, corrects)
    except RejectedRowError as error:
        return rejected(file, row, error, corrects)


def accepted(
    file: SourceFile, contract: Contract[Any], row: int, data: dict[str, Plain], corrects: str
) -> Item:
    stored = attribute(data)
    try:
        digest = sha256(CANONICAL.encode(normal_form(data))).hexdigest()
    except UnicodeEncodeError as error:
        problem = "the contract made a text of it with half a character, which cannot be stored"
        advice = "tell the processor's operators"
        raise RejectedRowError("CONTRACT_ERROR", f"{problem}; {advice}") from error
    address = record_id(file.id, row), file.timestamp
    if contract.key:
        address = identity(contract.dataset, contract.key, contract.time, data)
    item = common(file, row, address, "ACCEPTED", corrects)
    item |= {"data": stored, "digest": {"S": digest}}
    if (size_bytes := item_bytes(item)) > ITEM_BYTES:
        problem = f"item of {size_bytes} bytes exceeds the limit of {ITEM_BYTES}"
        raise RejectedRowError("ITEM_TOO_LARGE", problem)
    return item


def rejected(file: SourceFile, row: Row, why: RejectedRowError, corrects: str) -> Item:
    error: Item = {
        "code": {"S": why.code},
        "message": {"S": truncate(why.message)},
        "line": {"N": str(row.line)},
    }
    if why.field is not None:
        error["field"] = {"S": truncate(why.field)}
    raw_bytes = row.raw_bytes if isinstance(row, BadRow) else len(row.raw)
    address = record_id(file.id, row.number), file.timestamp
    return {
        **common(file, row.number, address, "REJECTED", corrects),
        "error": {"M": error},
        "raw": {"S": truncate_bytes(row.raw, 4096)},
        "rawBytes": {"N": str(raw_bytes)},
        **file.expiry,
    }


def common(file: SourceFile, row: int, address: Identity, status: str, corrects: str) -> Item:
    item_id, timestamp = address
    source: Item = {**file.source, "row": {"N": str(row)}}
    if corrects:
        source["corrects"] = {"S": truncate(corrects)}
    of_file = file_precedence(
        last_modified=file.timestamp,
        sequencer=file.sequencer,
        version=file.version,
        contract_version=file.contract_version,
    )
    in_shard = shard(item_id) if status == "REJECTED" else crc32(item_id.encode()) % 64
    return {
        "recordId": {"S": item_id},
        "timestamp": {"S": timestamp},
        "itemType": {"S": "RECORD"},
        "status": {"S": status},
        "shard": {"N": str(in_shard)},
        "precedence": {"S": precedence(of_file, row)},
        **file.origin,
        "source": {"M": source},
    }


def attribute(value: Plain, levels: int = LEVELS) -> Attribute:
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int | Decimal):
        return {"N": number_text(value)}
    if value is None:
        return {"NULL": True}
    if isinstance(value, dict):
        return {"M": _map(value, levels)}
    if isinstance(value, list | tuple):
        return {"L": _list(value, levels)}
    raise _not_plain(value)


def normal(number: Decimal) -> int | Decimal:
    try:
        short = number.normalize(EXACT)
        return int(short) if short == short.to_integral_value() else short
    except (DecimalException, ValueError, OverflowError):
        return number


def normal_form(data: Mapping[str, Plain]) -> dict[str, Plain]:
    return {n: each if type(each) is str else _normal(each) for n, each in data.items()}


def _normal(value: Plain) -> Plain:
    if isinstance(value, Decimal):
        return normal(value)
    # Most values are texts: asking for them here saves them a call.
    if isinstance(value, dict):
        return {n: each if type(each) is str else _normal(each) for n, each in value.items()}
    if isinstance(value, list | tuple):
        return [each if type(each) is str else _normal(each) for each in value]
    return value


def number_text(number: int | Decimal) -> str:
    if isinstance(number, int) and -(10**38) < number < 10**38:
        return str(number)
    try:
        short = Decimal(number).normalize(EXACT)
    except DecimalException as error:
        problem = "more than 38 digits, or outside 1E-130 to 9.99E+125"
        raise RejectedRowError("NUMBER_OUT_OF_RANGE", problem) from error
    if not short.is_finite():
        raise RejectedRowError("NUMBER_OUT_OF_RANGE", f"{short} is not a finite number")
    if not short:  # perhaps negative
        return "0"
    return f"{short:f}" if abs(short.adjusted()) < 38 else str(short)


def _map(values: Mapping[str, Plain], levels: int) -> dict[str, Attribute]:
    _reject_depth(levels)
    encoded: dict[str, Attribute] = {}
    for name, value in values.items():
        if not (isinstance(name, str) and 0 < len(name) < 16_383):
            _reject_name(name)
        if isinstance(value, str):  # most values are: this saves them a call
            encoded[name] = {"S": value}
            continue
        try:
            encoded[name] = attribute(value, levels - 1)
        except RejectedRowError as rejected:
            raise rejected.inside(name) from None
    return encoded


def _list(values: Sequence[Plain], levels: int) -> list[Attribute]:
    _reject_depth(levels)
    encoded: list[Attribute] = []
    for index, value in enumerate(values):
        try:
            encoded.append(attribute(value, levels - 1))
        except RejectedRowError as rejected:
            raise rejected.inside(f"[{index}]") from None
    return encoded


def _reject_depth(levels: int) -> None:
    if levels == 0:
        raise RejectedRowError("NESTED_TOO_DEEP", f"more than {LEVELS} levels of nesting")


def _not_plain(value: object) -> RejectedRowError:
    problem = f"the contract made a {type(value).__name__} of it, which cannot be stored"
    return RejectedRowError("CONTRACT_ERROR", f"{problem}; tell the processor's operators")


def _reject_name(name: object) -> None:
    if not isinstance(name, str):
        raise _not_plain(name)
    if not name:
        raise RejectedRowError("EMPTY_FIELD_NAME", "empty field name")
    if len(name.encode()) > 65_535:
        problem = f"field name longer than {65_535} bytes"
        raise RejectedRowError("FIELD_NAME_TOO_LONG", problem)
