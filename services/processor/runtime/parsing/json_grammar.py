import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from services.processor.runtime.parsing.json_patterns import nested

_FAST_DEPTH: Final = 4


class Place(NamedTuple):
    """A place between two values: what may stand there, by its first byte, and what follows."""

    wanted: str
    values: bytes = b""
    after_value: str = ""
    marks: Mapping[int, str] = {}
    error: str = "NOT_JSON"
    may_end_file: bool = False
    # Takes a whole value, with what separates it, and stays in the same place.
    fast: re.Pattern[bytes] | None = None


Grammar = Mapping[str, Place]
"""Places by name; the first is named ``start``."""


_BLANKS: Final = rb"[ \t\r\n]*+"
_VALUE: Final = rb"(" + nested(_FAST_DEPTH) + rb")"
# N and I begin NaN and Infinity, which some writers produce: bad rows, but rows.
_VALUE_STARTS: Final = b'{["-0123456789tfnNI'
_COMMA, _OPEN, _CLOSE = b",[]"

ARRAY: Final[Grammar] = {
    "start": Place("'['", marks={_OPEN: "first"}),
    "first": Place("a value or ']'", _VALUE_STARTS, "separator", {_CLOSE: "end"}),
    "separator": Place(
        "',' or ']'",
        marks={_COMMA: "next", _CLOSE: "end"},
        fast=re.compile(_BLANKS + rb"," + _BLANKS + _VALUE, re.DOTALL),
    ),
    "next": Place("a value", _VALUE_STARTS, "separator"),
    "end": Place("the end of the file", error="TRAILING_DATA", may_end_file=True),
}

DOCUMENTS: Final[Grammar] = {
    "start": Place("'{'", b"{", "more"),
    "more": Place(
        "'{', '[' or the end of the file",
        b"{[",
        "more",
        error="TRAILING_DATA",
        may_end_file=True,
        fast=re.compile(_BLANKS + _VALUE, re.DOTALL),
    ),
}
