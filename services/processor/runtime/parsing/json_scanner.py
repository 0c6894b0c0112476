"""The end of one JSON value that may span blocks.

How it works: the scanner counts open brackets and skips strings; it does not look at anything else,
so ``[}`` is a value to it. Whether the value is valid inside is for its decoder to say.

It is in one of three states: in a scalar, which ends before the first byte that cannot belong to
it; in a string, maybe right after a backslash; or outside strings, ``_depth`` brackets deep. One
match skips all that is closed within the block: text without brackets and quotes, whole strings,
and brackets nested at most three deep. So the scanner is called upon only for a bracket or a quote
whose partner is further off: each such byte costs one step.

Time is linear. The patterns can match a text in one way only, and a match that fails has gone at
most three levels of brackets deep, so each byte is examined a fixed number of times. Memory is
four fields: nesting is counted, not stacked. The worst case is text of opening brackets only, which
costs a step of Python for every byte.

Character sets in the patterns are possessive, groups are not: CPython before 3.11.5 ends a
possessive group too early.
"""

import re

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*"'


def nested(depth: int) -> bytes:
    """Return a pattern for a bracket and its partner, at most ``depth`` levels in between."""
    plain = rb'[^"{}\[\]]*+'
    inside = _STRING if depth == 0 else _STRING + rb"|" + nested(depth - 1)
    return rb"[{\[]" + plain + rb"(?:(?:" + inside + rb")" + plain + rb")*[}\]]"


_STRING_REST = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*', re.DOTALL)
_CLOSED = rb'[^"{}\[\]]++|' + _STRING + rb"|" + nested(2)
_ALL_CLOSED = re.compile(rb"(?:" + _CLOSED + rb")*", re.DOTALL)
_SCALAR_END = re.compile(rb'[ \t\r\n,{}\[\]"]')
_QUOTE, _BACKSLASH = b'"\\'
_OPENING = b"{["


class ValueScanner:
    """Finds the end of one JSON value after another."""

    def __init__(self) -> None:
        self._depth = 0
        self._is_scalar = False
        self._is_in_string = False
        self._is_escaped = False

    @property
    def is_in_string(self) -> bool:
        """Return whether the text so far ends inside a string."""
        return self._is_in_string

    def begin(self, block: bytes, pos: int) -> int:
        """Start a value at ``pos``; return from where to look for its end."""
        self._is_in_string = block[pos] == _QUOTE
        self._depth = 1 if block[pos] in _OPENING else 0
        self._is_scalar = not self._is_in_string and self._depth == 0
        return pos + 1

    def end(self, block: bytes, pos: int) -> int:
        """Return the offset after the value, or -1 if it continues in the next block."""
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
    return match.end() if match else 0  # both patterns match any text, even none
