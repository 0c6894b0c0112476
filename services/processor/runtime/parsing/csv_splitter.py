"""CSV records (RFC 4180), cut from a text that arrives in blocks, with the lines they begin on.

How it works: a record ends at the first newline outside quotes. A quote opens quoting only at the
start of a field; inside quotes, two quotes stand for one. In each block it takes the fastest
of three ways:

1. Whole lines before the next quote of the block are records: they are split at newlines.
2. A record with quotes that ends in the block is one match of ``record``.
3. A record that does not end in the block goes to ``RecordScanner``, which remembers where in a
   record the block ends, and its bytes to a ``RowBuffer``. The next block resumes there.

A delimiter of several bytes, such as that of UTF-8 for a section sign, is never cut: its beginning
at the end of a block is moved to the next one.

Time is linear in the text. The patterns can match a text in one way only, so a match that fails has
examined each byte a fixed number of times, and it fails only when the record does not end in the
block, that is once per block. Memory is what ``RowBuffer`` holds and the records of one block.

The worst case is a quote that is never closed: the rest of the file is one record. It is read to
its end in bounded memory, and no row after the quote is recovered.
"""

from collections.abc import Generator, Iterator

from services.processor.runtime.parsing.csv_scanner import Patterns, RecordScanner
from services.processor.runtime.parsing.row_buffer import RawRow, RowBuffer, raw_row
from services.processor.runtime.parsing.text import Text

_LINE_END = b"\r\n"


# A plain tuple, because a named one takes three times as long to create.
Record = tuple[int, RawRow]
"""The line that a record begins on, from 1, and its bytes without the line end."""


# Plain for the same reason.
Place = tuple[int, int]
"""A line, from 1, and the offset at which it begins."""


class CsvSplitter:
    """Cuts a text into CSV records.

    Blank lines, and lines of nothing but delimiters, are left out. ``place`` is where the first
    record began in the block that the last one came from, or before it if that spans blocks; no
    other object says the same as long as it is the same place.
    """

    def __init__(self, delimiter: bytes, text: Text) -> None:
        self._delimiter = delimiter
        self._record_pattern = Patterns.of(delimiter).record
        self._scanner = RecordScanner(delimiter)
        self._unfinished = RowBuffer(blank_after=_LINE_END)
        self._blocks = _uncut(delimiter, text.blocks)
        self._line = text.line  # on which the unfinished record begins, or else the next one
        self._unfinished_lines = 0
        self.place: Place = (text.line, text.start)

    def records(self) -> Iterator[Record]:
        """Yield the records."""
        _, start = self.place
        for block in self._blocks:
            pos = 0
            if not self._unfinished.is_empty:
                pos = yield from self._record(block, pos)
            if self._unfinished.is_empty:
                self.place = (self._line, start + pos)
            yield from self._whole_records(block[pos:])
            start += len(block)
        if not self._scanner.is_in_quotes:
            yield from self._finished()

    def unclosed(self) -> Record | None:
        """Return, after the last record, another one that began and whose quote never closed."""
        if self._scanner.is_in_quotes:
            return (self._line, self._unfinished.take())
        return None

    def _record(self, block: bytes, pos: int) -> Generator[Record, None, int]:
        """Continue one record, up to its end or the block's."""
        end = self._scanner.end(block, pos)
        part = block[pos:] if end < 0 else block[pos : end - 1]
        self._unfinished.add(part)
        self._unfinished_lines += part.count(b"\n")
        if end < 0:
            return len(block)
        yield from self._finished()
        self._line += self._unfinished_lines + 1
        self._unfinished_lines = 0
        return end

    def _finished(self) -> Iterator[Record]:
        yield from self._if_content(self._line, self._unfinished.take())

    def _whole_records(self, block: bytes) -> Iterator[Record]:
        pos, size = 0, len(block)
        while pos < size:
            quote = block.find(b'"', pos)
            lines_end = block.rfind(b"\n", pos, size if quote < 0 else quote) + 1
            if lines_end:
                yield from self._lines(block[pos:lines_end])
                pos = lines_end
            found = self._record_pattern.match(block, pos)
            if found:
                pos = found.end()
                yield from self._if_content(self._line, raw_row(found[0].rstrip(_LINE_END)))
                self._line += found[0].count(b"\n")
            else:
                pos = yield from self._record(block, pos)

    def _lines(self, lines: bytes) -> Iterator[Record]:
        for line in lines.split(b"\n")[:-1]:
            record = line.rstrip(_LINE_END)
            if record and not (record.startswith(self._delimiter) and self._is_blank(record)):
                yield self._line, record
            self._line += 1

    def _if_content(self, line: int, record: RawRow) -> Iterator[Record]:
        if not isinstance(record, bytes) or not self._is_blank(record):
            yield line, record

    def _is_blank(self, record: bytes) -> bool:
        return not record.replace(self._delimiter, b"")


def _uncut(delimiter: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Move the beginning of a delimiter from the end of a block to the next block."""
    if len(delimiter) == 1:
        yield from blocks
        return
    beginnings = tuple(delimiter[:size] for size in range(1, len(delimiter)))
    held = b""
    for block in blocks:
        text = held + block
        held = next((each for each in beginnings if text.endswith(each)), b"")
        yield text[: len(text) - len(held)]
    yield held
