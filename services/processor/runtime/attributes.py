"""Plain values as DynamoDB stores them: their text in DynamoDB JSON, and its limits."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from json.encoder import encode_basestring as quote
from typing import TypeAlias, cast

import msgspec

from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.stored_numbers import WRITTEN_OUT, is_plain, number_text

Plain: TypeAlias = "str | bool | int | Decimal | Sequence[Plain] | Mapping[str, Plain] | None"
Attribute: TypeAlias = "dict[str, str | bool | list[str] | list[Attribute] | dict[str, Attribute]]"
Item = dict[str, Attribute]

# DynamoDB allows 32 levels; the item and the attribute that holds the data take one each.
MAX_LEVELS = 30
MAX_NAME_BYTES = 65_535
_SHORT_NAME = MAX_NAME_BYTES // 4  # in characters, of at most four bytes each
# The names of members that were written before, as many and as long as memory may go to.
_REMEMBERED_NAMES = 4096
_REMEMBERED_CHARACTERS = 128
_labels: dict[str, str] = {}
# Tuples, because a union is made anew each time that it is written in a function.
_NUMBERS = (int, Decimal)
_LISTS = (list, tuple)
_SECONDS = len("2026-01-31T23:59:59Z")


def attribute_text(value: Plain, levels: int = MAX_LEVELS) -> str:
    """Write a value of at most ``levels`` nested lists and maps as DynamoDB JSON.

    Raises:
        RejectedRowError: DynamoDB cannot hold it, or a faulty contract made it of another type;
            ``field`` is the path to the offending value.

    """
    if value is None:
        return '{"NULL":true}'
    if isinstance(value, str):
        return f'{{"S":{quote(value)}}}'
    if isinstance(value, bool):
        return '{"BOOL":true}' if value else '{"BOOL":false}'
    if isinstance(value, _NUMBERS):
        return f'{{"N":"{number_text(value)}"}}'
    if isinstance(value, dict):
        return f'{{"M":{_map(value, levels)}}}'
    if isinstance(value, _LISTS):
        return f'{{"L":[{_list(value, levels)}]}}'
    raise _not_plain(value)


def attributes_of(item: bytes) -> Item:
    """Return the attributes of an item in DynamoDB JSON."""
    return cast("Item", json.loads(item))


def utc_ms(moment: datetime) -> str:
    """Return a moment as ``2026-01-31T23:59:59.123Z``, truncated to milliseconds.

    Raises:
        OverflowError: the moment is outside the years 1 to 9999 in UTC.

    """
    if moment.tzinfo is not UTC:  # most moments are in UTC: this saves them a call
        moment = moment.astimezone(UTC)
    # msgspec writes it in a tenth of the time of isoformat, with six decimals or none.
    text: str = msgspec.to_builtins(moment)
    return f"{text[:23]}Z" if len(text) > _SECONDS else f"{text[:-1]}.000Z"


def _map(values: Mapping[str, Plain], levels: int) -> str:
    _reject_depth(levels)
    members: list[str] = []
    for name, value in values.items():
        label = _labels.get(name) or _label(name)
        # Most values are of these types: this saves them a call or two.
        if type(value) is str:
            members.append(f'{label}{{"S":{quote(value)}}}')
        elif type(value) is int and -WRITTEN_OUT < value < WRITTEN_OUT:
            members.append(f'{label}{{"N":"{value}"}}')
        elif type(value) is Decimal and is_plain(text := str(value)):
            members.append(f'{label}{{"N":"{text}"}}')
        else:
            try:
                members.append(label + attribute_text(value, levels - 1))
            except RejectedRowError as rejected:
                raise rejected.inside(name) from None
    return f"{{{','.join(members)}}}"


def _label(name: str) -> str:
    """Return a name as it begins a member; short ones are remembered, as every row has them."""
    if not (isinstance(name, str) and 0 < len(name) < _SHORT_NAME):
        _reject_name(name)
    label = f"{quote(name)}:"
    if len(name) <= _REMEMBERED_CHARACTERS:
        if len(_labels) == _REMEMBERED_NAMES:
            _labels.clear()
        _labels[name] = label
    return label


def _list(values: Sequence[Plain], levels: int) -> str:
    _reject_depth(levels)
    elements: list[str] = []
    for index, value in enumerate(values):
        try:
            elements.append(attribute_text(value, levels - 1))
        except RejectedRowError as rejected:
            raise rejected.inside(f"[{index}]") from None
    return ",".join(elements)


def _reject_depth(levels: int) -> None:
    if levels == 0:
        raise RejectedRowError("NESTED_TOO_DEEP", f"more than {MAX_LEVELS} levels of nesting")


def _not_plain(value: object) -> RejectedRowError:
    problem = f"the contract made a {type(value).__name__} of it, which cannot be stored"
    return RejectedRowError("CONTRACT_ERROR", f"{problem}; tell the processor's operators")


def _reject_name(name: object) -> None:
    if not isinstance(name, str):
        raise _not_plain(name)
    if not name:
        raise RejectedRowError("EMPTY_FIELD_NAME", "empty field name")
    if len(name.encode(errors="replace")) > MAX_NAME_BYTES:
        problem = f"field name longer than {MAX_NAME_BYTES} bytes"
        raise RejectedRowError("FIELD_NAME_TOO_LONG", problem)
