import re
from typing import Final

from services.processor.runtime.parsing.json_patterns import STRING, nested

_STRING_REST: Final = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*', re.DOTALL)
_CLOSED: Final = rb'[^"{}\[\]]++|' + STRING + rb"|" + nested(2)
_ALL_CLOSED: Final = re.compile(rb"(?:" + _CLOSED + rb")*", re.DOTALL)
_SCALAR_END: Final = re.compile(rb'[ \t\r\n,{}\[\]"]')
_QUOTE, _BACKSLASH = b'"\\'
_OPENING: Final = b"{["


class ValueScanner:
    """Finds the end of one JSON value that may span blocks, in linear time.

    It counts brackets and skips strings; whether the value is right inside is not its business.
    """

    def __init__(self) -> None:
        self._depth = 0
        self._is_scalar = False
        self._is_in_string = False
        self._is_escaped = False

    @property
    def is_in_string(self) -> bool:
        return self._is_in_string

    def begin(self, block: bytes, pos: int) -> int:
        """Start a value at ``pos``; returns from where to look for its end."""
        self._is_in_string = block[pos] == _QUOTE
        self._depth = 1 if block[pos] in _OPENING else 0
        self._is_scalar = not self._is_in_string and self._depth == 0
        return pos + 1

    def end(self, block: bytes, pos: int) -> int:
        """Offset after the value, or -1 when it goes on in the next block."""
        if self._is_scalar:
            found = _SCALAR_END.search(block, pos)
            return found.start() if found else -1
        while pos < len(block):
            pos = self._in_string(block, pos) if self._is_in_string else self._outside(block, pos)
            if self._depth == 0 and not self._is_in_string:
                return pos
        return -1

    def _in_string(self, block: bytes, pos: int) -> int:
        if self._is_escaped:
            self._is_escaped = False
            return pos + 1
        pos = _end(_STRING_REST.match(block, pos))
        if pos < len(block):  # a quote, or a backslash as the last byte
            self._is_escaped = block[pos] == _BACKSLASH
            self._is_in_string = self._is_escaped
        return pos + 1

    def _outside(self, block: bytes, pos: int) -> int:
        pos = _end(_ALL_CLOSED.match(block, pos))
        if pos < len(block):  # a bracket or quote whose partner is not in sight
            byte = block[pos]
            self._is_in_string = byte == _QUOTE
            if not self._is_in_string:
                self._depth += 1 if byte in _OPENING else -1
        return pos + 1


def _end(match: re.Match[bytes] | None) -> int:
    return match.end() if match else 0  # both patterns match anything, nothing as well
