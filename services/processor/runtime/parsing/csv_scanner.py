"""Where a CSV record ends (RFC 4180), in a text that arrives in blocks.

How it works: a record is matched whole by the pattern ``record`` if it ends in the block. If it
does not, ``RecordScanner`` goes through it from block to block, in one of four states:

    FIELD_START   a quote leads to IN_QUOTES, any other byte to UNQUOTED
    IN_QUOTES     a quote leads to AFTER_QUOTE
    AFTER_QUOTE   a quote was one of two, back to IN_QUOTES; any other byte leads to UNQUOTED
    UNQUOTED      a delimiter leads to FIELD_START, a newline ends the record

The patterns can match a text in one way only, so they examine each byte a fixed number of times,
also when they fail. The scanner's memory is its state.
"""

import re
from enum import Enum, auto
from typing import NamedTuple

_QUOTED = rb'"[^"]*+(?:""[^"]*+)*"(?!")'
_QUOTED_REST = re.compile(rb'[^"]*+(?:""[^"]*+)*')
_QUOTE = ord('"')
_NEWLINE = ord("\n")


class Patterns(NamedTuple):
    """How records and fields look whose delimiter is this one."""

    record: re.Pattern[bytes]
    whole_fields: re.Pattern[bytes]
    unquoted_rest: re.Pattern[bytes]

    @classmethod
    def of(cls, delimiter: bytes) -> "Patterns":
        end = re.escape(delimiter)
        rest = rb"[^" + end + rb"\n]*+" if len(delimiter) == 1 else rb"(?:(?!" + end + rb")[^\n])*+"
        field = rb"(?:" + _QUOTED + rb'|(?!"))' + rest
        return cls(
            record=re.compile(field + rb"(?:" + end + field + rb")*\n"),
            whole_fields=re.compile(rb"(?:" + field + end + rb")*"),
            unquoted_rest=re.compile(rest),
        )


class _State(Enum):
    FIELD_START = auto()
    IN_QUOTES = auto()
    AFTER_QUOTE = auto()
    UNQUOTED = auto()


class RecordScanner:
    """Finds the end of one CSV record that may span blocks."""

    def __init__(self, delimiter: bytes) -> None:
        self._delimiter_bytes = len(delimiter)
        self._patterns = Patterns.of(delimiter)
        self._state = _State.FIELD_START

    @property
    def is_in_quotes(self) -> bool:
        """Return whether the text so far ends inside quotes."""
        return self._state is _State.IN_QUOTES

    def end(self, block: bytes, pos: int) -> int:
        """Return the offset after the record's newline, or -1 if it continues in the next block."""
        while pos < len(block):
            match self._state:
                case _State.FIELD_START:
                    fields_end = _skip(self._patterns.whole_fields, block, pos)
                    pos = self._begin_field(block, fields_end)
                case _State.IN_QUOTES:
                    pos = _skip(_QUOTED_REST, block, pos)
                    if pos < len(block):
                        self._state = _State.AFTER_QUOTE
                        pos += 1
                case _State.AFTER_QUOTE:
                    pos = self._begin_field(block, pos)
                case _State.UNQUOTED:
                    pos = _skip(self._patterns.unquoted_rest, block, pos)
                    if pos < len(block):
                        self._state = _State.FIELD_START
                        if block[pos] == _NEWLINE:
                            return pos + 1
                        pos += self._delimiter_bytes
        return -1

    def _begin_field(self, block: bytes, pos: int) -> int:
        """Enter or re-enter quotes if there is one, else continue unquoted."""
        if pos == len(block):
            return pos
        is_quote = block[pos] == _QUOTE
        self._state = _State.IN_QUOTES if is_quote else _State.UNQUOTED
        return pos + is_quote


def _skip(pattern: re.Pattern[bytes], block: bytes, pos: int) -> int:
    found = pattern.match(block, pos)
    return found.end() if found else pos
