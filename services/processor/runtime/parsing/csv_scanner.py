import re
from enum import Enum, auto
from typing import Final

_QUOTED: Final = rb'"[^"]*+(?:""[^"]*+)*"(?!")'
FIELD: Final = rb"(?:" + _QUOTED + rb'|(?!"))[^,\n]*+'
_WHOLE_FIELDS: Final = re.compile(rb"(?:" + FIELD + rb",)*")
_QUOTED_REST: Final = re.compile(rb'[^"]*+(?:""[^"]*+)*')
_UNQUOTED_REST: Final = re.compile(rb"[^,\n]*+")
_QUOTE: Final = ord('"')
_NEWLINE: Final = ord("\n")


class _Place(Enum):
    FIELD_START = auto()
    IN_QUOTES = auto()
    AFTER_QUOTE = auto()  # the closing one, or the first of a doubled one
    UNQUOTED = auto()


class RecordScanner:
    """Finds the end of one CSV record that may span blocks, in linear time.

    A quote opens quoting only at the start of a field; a newline outside quotes ends the record.
    """

    def __init__(self) -> None:
        self._place = _Place.FIELD_START

    @property
    def is_in_quotes(self) -> bool:
        return self._place is _Place.IN_QUOTES

    def end(self, block: bytes, pos: int) -> int:
        """Offset after the record's newline, or -1 when it goes on in the next block."""
        while pos < len(block):
            match self._place:
                case _Place.FIELD_START:
                    pos = self._begin_field(block, _skip(_WHOLE_FIELDS, block, pos))
                case _Place.IN_QUOTES:
                    pos = self._pass(_QUOTED_REST, block, pos, _Place.AFTER_QUOTE)
                case _Place.AFTER_QUOTE:
                    pos = self._begin_field(block, pos)
                case _Place.UNQUOTED:
                    pos = self._pass(_UNQUOTED_REST, block, pos, _Place.FIELD_START)
                    if block[pos - 1] == _NEWLINE:
                        return pos
        return -1

    def _begin_field(self, block: bytes, pos: int) -> int:
        """Enter or re-enter quotes if there is one, else go on without."""
        if pos == len(block):
            return pos
        is_quote = block[pos] == _QUOTE
        self._place = _Place.IN_QUOTES if is_quote else _Place.UNQUOTED
        return pos + is_quote

    def _pass(self, skipped: re.Pattern[bytes], block: bytes, pos: int, after: _Place) -> int:
        """Skip what matches and the byte that ends it; only then the place changes."""
        end = _skip(skipped, block, pos)
        if end == len(block):
            return end
        self._place = after
        return end + 1


def _skip(pattern: re.Pattern[bytes], block: bytes, pos: int) -> int:
    found = pattern.match(block, pos)
    return found.end() if found else pos
