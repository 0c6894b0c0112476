import re
from collections.abc import Generator, Iterator
from operator import methodcaller
from typing import Final

from services.processor.runtime.parsing.csv_scanner import FIELD, RecordScanner
from services.processor.runtime.parsing.pieces import Piece, PieceBuffer, bounded

_RECORD: Final = re.compile(FIELD + rb"(?:," + FIELD + rb")*\n")
_LINE_END: Final = b"\r\n"
_without_line_end: Final = methodcaller("rstrip", _LINE_END)


class CsvSplitter:
    """Cuts a text into CSV records, in linear time and bounded memory; blank lines are left out."""

    def __init__(self) -> None:
        self._scanner = RecordScanner()
        self._unfinished = PieceBuffer(blank_after=_LINE_END)

    @property
    def ends_in_quotes(self) -> bool:
        """After the last record: one more began, and its quote was never closed."""
        return self._scanner.is_in_quotes

    def split(self, blocks: Iterator[bytes]) -> Iterator[Piece]:
        """Yield the records without their line ends."""
        for block in blocks:
            pos = 0
            if not self._unfinished.is_empty:
                pos = yield from self._record(block, pos)
            yield from self._whole_records(block[pos:])
        if not self.ends_in_quotes:
            yield from self._finished()

    def _record(self, block: bytes, pos: int) -> Generator[Piece, None, int]:
        """Go on with one record, up to its end or the block's."""
        end = self._scanner.end(block, pos)
        if end < 0:
            self._unfinished.add(block[pos:])
            return len(block)
        self._unfinished.add(block[pos : end - 1])
        yield from self._finished()
        return end

    def _finished(self) -> Iterator[Piece]:
        record = self._unfinished.take()
        if record:
            yield record

    def _whole_records(self, block: bytes) -> Iterator[Piece]:
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
                yield bounded(_without_line_end(found[0]))
            else:
                pos = yield from self._record(block, pos)
