"""JSON values, cut from a text that arrives in blocks.

How it works: between two values the splitter is at a place of its grammar. A place says which bytes
may begin a value, which marks (brackets and commas) may come there, and where each of them leads:

    ARRAY       start -[-> first -value-> separator -,-> next -value-> separator -]-> end
                first may lead to end at once
    DOCUMENTS   start -value-> more -value-> more, one object or array after another

Anything else is an error in the file's frame: reading stops, with the byte and the row. What is
inside a value is not examined, so a value that is invalid inside is one bad row.

In a place after a value, one regular-expression match takes the separator and the next value, if it
ends in the block and is nested at most five deep. Any other value goes to ``ValueScanner``, and its
bytes to a ``RowBuffer``, up to its end in this block or a later one.

Time is linear in the text: the pattern can match in one way only, a value on which it fails is
scanned once more, and a value that does not end in the block ends the block. Memory is what
``RowBuffer`` holds and one block. The worst case is values nested deeper than the pattern goes, or
a file of values of a few bytes: either costs steps of Python for every few bytes.
"""

import re
from collections.abc import Generator, Iterator, Mapping
from typing import NamedTuple

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.parsing.json_scanner import ValueScanner, nested
from services.processor.runtime.parsing.row_buffer import RawRow, RowBuffer, raw_row

_FAST_DEPTH = 4
_BLANKS = rb"[ \t\r\n]*+"
_NOT_BLANK = re.compile(rb"[^ \t\r\n]")
_VALUE = rb"(" + nested(_FAST_DEPTH) + rb")"
# N and I begin NaN and Infinity, which some writers produce: bad rows, but rows.
_VALUE_STARTS = b'{["-0123456789tfnNI'
_COMMA, _OPEN, _CLOSE = b",[]"


class Place(NamedTuple):
    """A place between two values: what may come next, by its first byte, and where it leads."""

    expected: str
    values: bytes = b""
    after_value: str = ""
    marks: Mapping[int, str] = {}
    error: str = "NOT_JSON"
    may_end_file: bool = False
    # Takes a whole value with what separates it from the last one, and leads to the same place.
    fast: re.Pattern[bytes] | None = None


Grammar = Mapping[str, Place]
"""Places by name; the first is named ``start``."""

ARRAY: Grammar = {
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

DOCUMENTS: Grammar = {
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


class JsonSplitter:
    """Cuts a text into the values of its grammar.

    ``start`` is the offset of the text's first byte, for messages.
    """

    def __init__(self, grammar: Grammar, start: int) -> None:
        self._grammar = grammar
        self._place = grammar["start"]
        self._offset = start
        self._count = 0
        self._scanner = ValueScanner()
        self._unfinished = RowBuffer()

    def split(self, blocks: Iterator[bytes]) -> Iterator[RawRow]:
        """Yield the values, without their separators.

        Raises:
            UnreadableFileError: the text does not follow the grammar, or ends too early.

        """
        for block in blocks:
            yield from self._values(block)
            self._offset += len(block)
        if not self._place.may_end_file or not self._unfinished.is_empty:
            raise self._error("TRUNCATED_JSON", "unexpected end of file", 0)

    def _values(self, block: bytes) -> Iterator[RawRow]:
        pos = 0
        if not self._unfinished.is_empty:
            pos = yield from self._value(block, 0, 0)
        while pos < len(block):
            pos = yield from self._fast_values(block, pos)
            found = _NOT_BLANK.search(block, pos)
            if found is None:
                return
            pos = found.start()
            if block[pos] in self._place.values:
                pos = yield from self._value(block, pos, self._scanner.begin(block, pos))
            else:
                self._pass_mark(block, pos)
                pos += 1

    def _fast_values(self, block: bytes, pos: int) -> Generator[RawRow, None, int]:
        """Take the values that end in this block, one match each."""
        if self._place.fast is None:
            return pos
        match = self._place.fast.match
        while found := match(block, pos):
            pos = found.end()
            self._count += 1
            yield raw_row(found[1])
        return pos

    def _value(self, block: bytes, start: int, pos: int) -> Generator[RawRow, None, int]:
        """Continue a value whose bytes in this block begin at ``start``."""
        end = self._scanner.end(block, pos)
        if end < 0:
            self._unfinished.add(block[start:])
            return len(block)
        self._unfinished.add(block[start:end])
        self._count += 1
        self._place = self._grammar[self._place.after_value]
        yield self._unfinished.take()
        return end

    def _pass_mark(self, block: bytes, pos: int) -> None:
        name = self._place.marks.get(block[pos])
        if name is None:
            problem = f"expected {self._place.expected}, found {block[pos : pos + 1]!r}"
            raise self._error(self._place.error, problem, pos)
        self._place = self._grammar[name]

    def _error(self, code: str, problem: str, pos: int) -> UnreadableFileError:
        row = self._count + 1
        message = f"{problem} at byte {self._offset + pos}, row {row}"
        return UnreadableFileError(code, message, row)
