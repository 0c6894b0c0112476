"""CSV records (RFC 4180), cut from a text that arrives in blocks.

How it works: a record ends at the first newline outside quotes. A quote opens quoting only at the
start of a field; inside quotes, two quotes stand for one. In each block it takes the fastest
of three ways:

1. Whole lines before the next quote of the block are records: they are split at newlines.
2. A record with quotes that ends in the block is one match of ``_RECORD``.
3. A record that does not end in the block goes to ``RecordScanner``, which remembers at the end of
   the block in which of its four states it is, and its bytes to a ``RowBuffer``. The next block
   resumes there.

The scanner's states:

    FIELD_START   a quote leads to IN_QUOTES, any other byte to UNQUOTED
    IN_QUOTES     a quote leads to AFTER_QUOTE
    AFTER_QUOTE   a quote was one of two, back to IN_QUOTES; any other byte leads to UNQUOTED
    UNQUOTED      a comma leads to FIELD_START, a newline ends the record

Time is linear in the text. The patterns can match a text in one way only, so a match that fails has
examined each byte a fixed number of times, and it fails only when the record does not end in the
block, that is once per block. Memory is what ``RowBuffer`` holds and the records of one block.

The worst case is a quote that is never closed: the rest of the file is one record. It is read to
its end in bounded memory, and no row after the quote is recovered.
"""

import re
from collections.abc import Generator, Iterator
from enum import Enum, auto
from operator import methodcaller

from services.processor.runtime.parsing.row_buffer import RawRow, RowBuffer, raw_row

_QUOTED = rb'"[^"]*+(?:""[^"]*+)*"(?!")'
_FIELD = rb"(?:" + _QUOTED + rb'|(?!"))[^,\n]*+'
_RECORD = re.compile(_FIELD + rb"(?:," + _FIELD + rb")*\n")
_WHOLE_FIELDS = re.compile(rb"(?:" + _FIELD + rb",)*")
_QUOTED_REST = re.compile(rb'[^"]*+(?:""[^"]*+)*')
_UNQUOTED_REST = re.compile(rb"[^,\n]*+")
_QUOTE = ord('"')
_NEWLINE = ord("\n")
_LINE_END = b"\r\n"
_without_line_end = methodcaller("rstrip", _LINE_END)


class CsvSplitter:
    """Cuts a text into CSV records; blank lines are left out."""

    def __init__(self) -> None:
        self._scanner = RecordScanner()
        self._unfinished = RowBuffer(blank_after=_LINE_END)

    @property
    def ends_in_quotes(self) -> bool:
        """Return, after the last record, whether another one began whose quote was never closed."""
        return self._scanner.is_in_quotes

    def split(self, blocks: Iterator[bytes]) -> Iterator[RawRow]:
        """Yield the records without their line ends."""
        for block in blocks:
            pos = 0
            if not self._unfinished.is_empty:
                pos = yield from self._record(block, pos)
            yield from self._whole_records(block[pos:])
        if not self.ends_in_quotes:
            yield from self._finished()

    def _record(self, block: bytes, pos: int) -> Generator[RawRow, None, int]:
        """Continue one record, up to its end or the block's."""
        end = self._scanner.end(block, pos)
        if end < 0:
            self._unfinished.add(block[pos:])
            return len(block)
        self._unfinished.add(block[pos : end - 1])
        yield from self._finished()
        return end

    def _finished(self) -> Iterator[RawRow]:
        record = self._unfinished.take()
        if record:
            yield record

    def _whole_records(self, block: bytes) -> Iterator[RawRow]:
        pos, size = 0, len(block)
        while pos < size:
            quote = block.find(b'"', pos)
            lines_end = block.rfind(b"\n", pos, size if quote < 0 else quote) + 1
            if lines_end:
                lines = block[pos:lines_end].split(b"\n")
                yield from filter(None, map(_without_line_end, lines))
                pos = lines_end
            found = _RECORD.match(block, pos)
            if found:
                pos = found.end()
                yield raw_row(_without_line_end(found[0]))
            else:
                pos = yield from self._record(block, pos)


class _State(Enum):
    FIELD_START = auto()
    IN_QUOTES = auto()
    AFTER_QUOTE = auto()
    UNQUOTED = auto()


class RecordScanner:
    """Finds the end of one CSV record that may span blocks."""

    def __init__(self) -> None:
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
                    pos = self._begin_field(block, _skip(_WHOLE_FIELDS, block, pos))
                case _State.IN_QUOTES:
                    pos = self._pass(_QUOTED_REST, block, pos, _State.AFTER_QUOTE)
                case _State.AFTER_QUOTE:
                    pos = self._begin_field(block, pos)
                case _State.UNQUOTED:
                    pos = self._pass(_UNQUOTED_REST, block, pos, _State.FIELD_START)
                    if block[pos - 1] == _NEWLINE:
                        return pos
        return -1

    def _begin_field(self, block: bytes, pos: int) -> int:
        """Enter or re-enter quotes if there is one, else continue unquoted."""
        if pos == len(block):
            return pos
        is_quote = block[pos] == _QUOTE
        self._state = _State.IN_QUOTES if is_quote else _State.UNQUOTED
        return pos + is_quote

    def _pass(self, skipped: re.Pattern[bytes], block: bytes, pos: int, after: _State) -> int:
        """Skip what matches and the byte that ends it; only then change the state."""
        end = _skip(skipped, block, pos)
        if end == len(block):
            return end
        self._state = after
        return end + 1


def _skip(pattern: re.Pattern[bytes], block: bytes, pos: int) -> int:
    found = pattern.match(block, pos)
    return found.end() if found else pos
