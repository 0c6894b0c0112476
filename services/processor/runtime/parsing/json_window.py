"""The part of a JSON text that is held, and where in the file it is.

How it works: the text's blocks are appended to ``data`` as they are needed, and what lies before
``keep`` is let go with each block. What was let go lives on in three counts, which are enough to
say where a byte is: the line at which ``data`` begins, how many characters of that line came
before, and the blanks at its beginning.

Offsets count bytes from the beginning of the text, so they stay valid when bytes are let go. Memory
is what lies behind ``keep``, and one block. Time is linear as long as at most as much is kept, each
time a block is appended, as a row may have.
"""

import re
from collections.abc import Iterator

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.parsing.row_buffer import MAX_ROW_BYTES
from services.processor.runtime.parsing.text import BLOCK_BYTES, Text
from services.processor.runtime.resume_point import Mark, ResumePoint, no_mark

AHEAD_BYTES = BLOCK_BYTES
_BLANKS = re.compile(rb"[ \t\r]*+")
_CONTINUATION = bytes(range(0x80, 0xC0))  # the bytes of a UTF-8 character after its first
_EXCERPT_BYTES = 32
_MARKED_INDENTATION_BYTES = 256  # a point is stored with each checkpoint, so it has to be small


class Window:
    """A text that is read once, from its beginning to its end.

    ``data`` are the bytes from ``offset`` on; ``keep`` says from where on they are still needed,
    and ``is_whole`` that nothing follows them. An ``UnreadableFileError`` of the text ends it and
    is kept in ``failure``, so that what came before it can be read. ``no_mark_before`` is the next
    offset at which reading might resume.
    """

    def __init__(self, text: Text, mark: Mark = no_mark) -> None:
        self.data = b""
        self.offset = 0
        self.keep = 0
        self.is_whole = False
        self.failure: UnreadableFileError | None = None
        self.no_mark_before = BLOCK_BYTES
        self._mark = mark
        self._start = text.start
        self._blocks: Iterator[bytes] = text.blocks
        self._line, self._line_at = text.line, 0
        # The blanks at the beginning of the line that ``_indented_at`` is on, and whether there is
        # nothing else before it.
        self._indentation, self._indented_at = text.indentation, 0
        self._is_indented = len(text.indentation) == text.column - 1
        # Of the line that ``offset`` and ``_column_at`` are on, how many characters before them.
        self._first_characters = self._characters = text.column - 1
        self._column_at = 0

    def grow(self) -> None:
        """Append the next block, and let go of what lies before ``keep``."""
        self._let_go(self.keep - self.offset)
        try:
            self.data += next(self._blocks)
        except StopIteration:
            self.is_whole = True
        except UnreadableFileError as error:
            self.is_whole, self.failure = True, error

    def take(self, end: int) -> bytes:
        """Return the bytes from ``keep`` on, up to an offset, and keep them no longer."""
        taken = self.data[self.keep - self.offset : end - self.offset]
        self.keep = end
        return taken

    def look_ahead(self, at: int, size_bytes: int = AHEAD_BYTES) -> None:
        """Hold as many bytes from ``at`` on, or all that there are."""
        while len(self.data) + self.offset - at < size_bytes and not self.is_whole:
            self.grow()

    def hold_line(self, at: int) -> None:
        """Hold the line from ``at`` on, unless it is longer than a row may be."""
        self.keep = at
        while self.data.find(b"\n", at - self.offset) < 0 and not self.is_whole:
            if len(self.data) + self.offset - at > MAX_ROW_BYTES:
                break
            self.grow()

    def line(self, at: int) -> int:
        """Return the number of the line on which a byte is, from 1."""
        before, here = self._line_at - self.offset, at - self.offset
        if here >= before:
            self._line += self.data.count(b"\n", before, here)
        else:
            self._line -= self.data.count(b"\n", here, before)
        self._line_at = at
        return self._line

    def column(self, at: int) -> int:
        """Return which character of its line a byte is, from 1."""
        if at < self._column_at:
            self._column_at, self._characters = self.offset, self._first_characters
        before, here = self._column_at - self.offset, at - self.offset
        line_start = self.data.rfind(b"\n", before, here) + 1
        new = self.data[line_start or before : here].translate(None, _CONTINUATION)
        self._characters = len(new) + (0 if line_start else self._characters)
        self._column_at = at
        return self._characters + 1

    def indentation(self, at: int) -> bytes:
        """Return the blanks with which the line of a byte begins, before that byte.

        No byte before the last one that was asked for may be asked for.
        """
        before, here = self._indented_at - self.offset, at - self.offset
        line_start = self.data.rfind(b"\n", before, here) + 1
        if line_start:
            self._indentation, self._is_indented, before = b"", True, line_start
        found = _BLANKS.match(self.data, before, here)
        if self._is_indented and found:
            self._indentation = (self._indentation + found[0])[-BLOCK_BYTES:]
            self._is_indented = found.end() == here
        self._indented_at = at
        return self._indentation

    def excerpt(self, at: int) -> str:
        """Return the text from a byte on, at most 32 bytes of it, to the end of its line.

        It is empty at the end of the text, and a newline at the end of a line.
        """
        self.look_ahead(at, _EXCERPT_BYTES)
        start = at - self.offset
        text = self.data[start : start + _EXCERPT_BYTES]
        line = text.lstrip(b"\r").partition(b"\n")[0].rstrip()
        return line.decode(errors="replace") or ("\n" if text else "")

    def mark(self, at: int, row: int) -> None:
        """Mark that a row begins at an offset, unless another did within the block before it.

        What comes before ``no_mark_before`` is never marked, nor a row that is indented too far.
        """
        if at < self.no_mark_before:
            return
        self.no_mark_before = at + BLOCK_BYTES
        indentation = self.indentation(at)
        if len(indentation) <= _MARKED_INDENTATION_BYTES:
            place = (self._start + at, self.line(at), self.column(at), indentation)
            self._mark(ResumePoint(row, *place))

    def _let_go(self, size: int) -> None:
        end = self.offset + size
        if self._indented_at < end:
            self.indentation(end)
        if self._line_at < end:
            self.line(end)
        column_at, characters = self._column_at, self._characters
        self._first_characters = self.column(end) - 1
        if column_at > end:
            self._column_at, self._characters = column_at, characters
        self.data = self.data[size:]
        self.offset = end
