"""Reads a row of JSON: quickly if nothing is doubtful about it, else exactly.

How it works: msgspec decodes and checks a row in one step, but it does not see everything. It keeps
the last of two values of a name, rounds moments to microseconds, does not take ``2.0`` for a whole
number, knows no declared forms, and its messages are for programmers. So its result counts only if
none of that can matter, and everything else about the row is left to the exact way: the row is
parsed into plain values and each is read by its kind, which refuses it with a sentence. Whatever
msgspec accepts without doubt, the exact way reads in the same way; tests compare the two.

A name twice is found by counting. Each name ends in a quote and a colon, so there are at least as
many of these as members, and if there are no more than the struct has fields that are set, no name
is there twice. Blanks between the two are taken out first, and in the same step digits become
zeros, so that a fraction which msgspec rounds is found as one constant text. Only a row with nulls,
or with such a pair of characters in a text, is parsed a second time. Each of these steps costs
linear time.
"""

import json
import re
from decimal import Decimal
from typing import Generic, TypeVar, cast

import msgspec

from services.processor.runtime.declaration.json_names import (
    has_unique_names,
    object_of,
    reject_name_twice,
)
from services.processor.runtime.declaration.kinds import Kind, MomentKind
from services.processor.runtime.declaration.member_check import member_counter
from services.processor.runtime.declaration.numbers import exact_number
from services.processor.runtime.declaration.objects import ListKind, ObjectKind
from services.processor.runtime.declaration.refusals import SYNTAX_ERRORS, syntax_error
from services.processor.runtime.declaration.sentences import seen
from services.processor.runtime.errors import RejectedRowError

Row = TypeVar("Row")

_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_BLANKS = b" \t\r\n"
_NAME_END = b'":'
# More decimals than msgspec keeps, also where a digit or the point is written as an escape.
_LONG_FRACTION = b".0000000"
_ESCAPE = b"\\u00"
_name_ends = re.compile(rb'"[ \t\r\n]*:').findall
_DOUBTS = (*SYNTAX_ERRORS, ValueError)
_ANY = msgspec.json.Decoder(float_hook=Decimal)


class JsonReader(Generic[Row]):
    """Reads JSON objects into the struct of ``kind``."""

    def __init__(self, kind: ObjectKind) -> None:
        self._kind = kind
        self._decode = msgspec.json.Decoder(kind.struct, float_hook=exact_number).decode
        self._count = member_counter(kind)
        self._has_moments = _has_moments(kind)

    def quick(self, raw: bytes) -> Row | None:
        """Return the row, or ``None`` if only :meth:`exact` can tell what it is."""
        try:
            row: Row = self._decode(raw)
        except _DOUBTS:
            return None
        members = self._count(row)
        text = raw.translate(_ZEROS, _BLANKS)
        if self._has_moments and (_LONG_FRACTION in text or (b"\\" in raw and _ESCAPE in raw)):
            return None
        if text.count(_NAME_END) == members:
            return row
        is_known = members >= 0 and (len(_name_ends(raw)) == members or has_unique_names(raw))
        return row if is_known else None

    def exact(self, raw: bytes) -> Row:
        """Return the row.

        Raises:
            RejectedRowError: it is not valid JSON, has a name twice, or breaks the declaration.

        """
        value = _parsed(raw)
        if not isinstance(value, dict):
            problem = f"is {seen(value)}; expected {self._kind.wanted}"
            raise RejectedRowError("NOT_AN_OBJECT", problem)
        return cast("Row", self._kind.from_json(value))


def _parsed(raw: bytes) -> object:
    """Return the plain value of JSON text in which no name is twice, or raise the rejection."""
    try:
        _ANY.decode(raw)  # the stricter parser, and the one whose words are known
        value = json.loads(raw, parse_float=Decimal, object_pairs_hook=object_of)
        reject_name_twice(value)
    except SYNTAX_ERRORS as error:
        raise syntax_error(error, raw) from error
    return cast("object", value)


def _has_moments(kind: Kind) -> bool:
    match kind:
        case ObjectKind(members=members):
            return any(_has_moments(member.kind) for member in members)
        case ListKind(element=element):
            return _has_moments(element)
    return isinstance(kind, MomentKind)
