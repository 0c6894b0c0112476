import re
from collections.abc import Generator, Iterator
from typing import Final

from services.processor.runtime.parsing.json_grammar import Grammar
from services.processor.runtime.parsing.json_scanner import ValueScanner
from services.processor.runtime.parsing.pieces import Piece, PieceBuffer, bounded
from services.processor.runtime.parsing.unreadable import UnreadableFileError

_NOT_BLANK: Final = re.compile(rb"[^ \t\r\n]")


class JsonSplitter:
    """Cuts a text into the values its grammar has, in linear time and bounded memory."""

    def __init__(self, grammar: Grammar, start: int) -> None:
        self._grammar = grammar
        self._place = grammar["start"]
        self._offset = start
        self._count = 0
        self._scanner = ValueScanner()
        self._unfinished = PieceBuffer()

    def split(self, blocks: Iterator[bytes]) -> Iterator[Piece]:
        for block in blocks:
            yield from self._values(block)
            self._offset += len(block)
        if not self._place.may_end_file or not self._unfinished.is_empty:
            raise self._error("TRUNCATED_JSON", "the file ends", 0)

    def _values(self, block: bytes) -> Iterator[Piece]:
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

    def _fast_values(self, block: bytes, pos: int) -> Generator[Piece, None, int]:
        """Take the values that end in this block, one match each."""
        if self._place.fast is None:
            return pos
        match = self._place.fast.match
        while found := match(block, pos):
            pos = found.end()
            self._count += 1
            yield bounded(found[1])
        return pos

    def _value(self, block: bytes, start: int, pos: int) -> Generator[Piece, None, int]:
        """Go on with a value whose bytes in this block begin at ``start``."""
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
            found = f"{self._place.wanted} is missing before {block[pos : pos + 1]!r}"
            raise self._error(self._place.error, found, pos)
        self._place = self._grammar[name]

    def _error(self, code: str, problem: str, pos: int) -> UnreadableFileError:
        row = self._count + 1
        message = f"{problem} at byte {self._offset + pos}, row {row}"
        return UnreadableFileError(code, message, row)
