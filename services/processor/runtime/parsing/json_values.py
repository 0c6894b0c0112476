"""One value of a JSON text after another, broken ones as well.

A broken value ends before the next line that begins with ``{``, indented no further than the line
on which the broken one began; all of it is one bad row. So no row is made of a part of a broken
one, unless that part begins such a line.

How it works: a value is tried in two ways.

1. A match of ``BALANCED`` finds the end of an object or list that is nested at most five deep and
   ends in the held text, by brackets and strings alone; msgspec then judges all of it.
2. ``ValueScanner`` reads any other value, across blocks: longer, deeper, scalar or wrong. It says
   where the value ends, or where it breaks.

A value that breaks at an offset, say 900, is cut at the next line that may begin a value. If that
line comes before 900, reading resumes there, in what has been scanned already. It is not scanned
over and over, because reading a container does not depend on what surrounds it. Of the containers
that begin before 900, those that were still open there must break there as well: ``_last_break``
has their offsets, and none of them is scanned again. The others ended before 900; they are valid
values, and reading goes on behind each that was read.

Time is linear. A byte is scanned once, and once more if it belongs to a value inside a broken one.
``BALANCED`` can match a text in one way only; when it fails, it has come to a sixth level, a line
that ends in a string, or the end of what is held. So the attempts pass a byte only for the six
innermost brackets around it. The search for where a broken value ends passes that value only.

Memory is bounded. What is held goes back to where the value begins; over the limit of a row, what
was scanned is let go but for the first 4 KiB. Such a value is one row that is too large, and if it
breaks, lines inside it are not found again. The worst cases are opening brackets only, 8 bytes each
up to the limit of a row; and a value that breaks before a long rest without such a line.
"""

from array import array
from bisect import bisect_left
from operator import attrgetter
from typing import NamedTuple

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.parsing.json_fault import Expected, Fault, fault_at
from services.processor.runtime.parsing.json_scalar import fault_of_scalar
from services.processor.runtime.parsing.json_scanner import ValueScanner
from services.processor.runtime.parsing.json_tokens import BALANCED, BLANKS, next_object_line
from services.processor.runtime.parsing.json_valid import is_valid, json_row
from services.processor.runtime.parsing.json_window import Window
from services.processor.runtime.parsing.row_buffer import (
    MAX_ROW_BYTES,
    Oversized,
    RawRow,
    RowBuffer,
    raw_row,
)
from services.processor.runtime.parsing.rows import BadRow, JsonRow
from services.processor.runtime.parsing.text import WHITESPACE

_OPENING = b"{["
_break_at = attrgetter("at")


class _Break(NamedTuple):
    """Where and why a value breaks, and the containers that are open there."""

    at: int
    fault: Fault
    containers: "array[int]"


class JsonValues:
    """Reads values, and counts them; ``at`` is where the next one is looked for."""

    def __init__(self, window: Window, count: int = 0) -> None:
        self.window = window
        self.at = 0
        self.count = count
        self.broken_end = b""  # the last byte of a broken value that ran to the end of the text
        self.has_resumed = False  # the last value was broken, and another may begin behind it
        self._last_break = _Break(-1, Fault(0, 0, "", Expected.VALUE), array("Q"))

    def next_byte(self) -> int | None:
        """Skip blanks and return the byte that is then at ``at``; ``None`` at the text's end.

        Raises:
            UnreadableFileError: the text ended in an error.

        """
        window = self.window
        while True:
            found = BLANKS.match(window.data, self.at - window.offset)
            here = found.end() if found else 0
            self.at = window.offset + here
            if here < len(window.data):
                return window.data[here]
            if window.is_whole:
                break
            window.keep = self.at
            window.grow()
        if window.failure:
            raise window.failure
        return None

    def read(self, *, is_apart: bool, mistake: Fault | None = None) -> JsonRow | BadRow:
        """Read what begins at ``at``, where no blank is: a value, or a broken one.

        A value ``is_apart`` if no comma separates it from the next. One that comes with a
        ``mistake`` is a bad row.

        Raises:
            UnreadableFileError: the text ends before the value does, or is no JSON at all.

        """
        window, start = self.window, self.at
        self.count += 1
        self.has_resumed, self.broken_end = False, b""
        window.keep = start
        window.look_ahead(start)
        line = window.line(start)
        found = None
        if mistake is None and self._known_break(start) is None:
            found = BALANCED.match(window.data, start - window.offset)
        if found and is_valid(found[0]):
            self.at = window.offset + found.end()
            return json_row(self.count, raw_row(found[0]), line)
        raw, fault = self._read_slowly(is_apart=is_apart)
        return json_row(self.count, raw, line, mistake or fault)

    def fault(self, expected: Expected) -> Fault:
        """Return the fault that something other than ``expected`` is at ``at``."""
        self.window.keep = self.at
        return fault_at(self.window, self.at, expected)

    def refusal(self, code: str, fault: Fault, row: int | None = None) -> UnreadableFileError:
        """Return the error for a fault that ends the file; the text may simply end there."""
        if not fault.is_end_of_file:
            return UnreadableFileError(code, str(fault), row)
        return self.window.failure or UnreadableFileError("TRUNCATED_JSON", str(fault), row)

    def _read_slowly(self, *, is_apart: bool) -> tuple[RawRow, Fault | None]:
        """Read a value, or a broken one up to where the next may begin; return what is wrong."""
        window, start, held = self.window, self.at, RowBuffer(blank_after=WHITESPACE)
        first = window.data[start - window.offset]
        indentation = window.indentation(start)
        is_text = is_apart and self.count == 1 and first not in _OPENING
        beginning = window.excerpt(start) if is_text else ""
        broken = self._known_break(start)
        if broken is None:
            scanner = ValueScanner(window, start)
            scanner.read_all(held)
            fault = scanner.fault or fault_of_scalar(scanner, window, first, is_apart=is_apart)
            if fault is None:
                held.add(window.take(scanner.at))
                self.at = scanner.at
                return self._judged(held.take(), scanner.at - start, scanner.mistake)
            if is_apart and scanner.at == start:
                fault = fault._replace(expected=Expected.OBJECT)
            broken = _Break(scanner.at, fault, scanner.containers)
            # A break within what has been scanned already says nothing about what is open there.
            self._last_break = max(self._last_break, broken, key=_break_at)
            window.no_mark_before = max(window.no_mark_before, broken.at)
        self._pass_broken(start, broken.at, held, indentation)
        if not self.has_resumed:
            self._refuse_rest(broken.fault, beginning)
        return self._judged(held.take(), broken.at - start, broken.fault)

    @staticmethod
    def _judged(raw: RawRow, read_bytes: int, fault: Fault | None) -> tuple[RawRow, Fault | None]:
        """Return a value and its fault, unless it was over the limit before: that comes first."""
        is_too_large = read_bytes > MAX_ROW_BYTES and isinstance(raw, Oversized)
        return raw, None if is_too_large else fault

    def _pass_broken(self, start: int, broken_at: int, held: RowBuffer, indentation: bytes) -> None:
        """Pass a broken value, up to where the next may begin or the text ends."""
        window, search, longest = self.window, start, len(indentation) + len(b"\n{")
        if broken_at - start > MAX_ROW_BYTES:
            search = max(window.keep, broken_at - longest)
        while (found := next_object_line(window.data, search - window.offset, indentation)) < 0:
            end = window.offset + len(window.data)
            self.at = end if window.is_whole else max(search, end - longest + 1)
            part = window.take(self.at)
            held.add(part)
            self.broken_end = part.rstrip(WHITESPACE)[-1:] or self.broken_end
            if window.is_whole:
                return
            search = self.at
            window.grow()
        self.at = window.offset + found + 1
        held.add(window.take(self.at))
        self.has_resumed, self.broken_end = True, b""

    def _refuse_rest(self, fault: Fault, beginning: str) -> None:
        """Raise an error if the file ends with the broken value that runs to its end."""
        if beginning:
            problem = f"the file begins with `{beginning}`, a JSON file with `{{` or `[`"
            raise self.window.failure or UnreadableFileError("NOT_JSON", problem)
        if fault.is_end_of_file:
            raise self.refusal("TRUNCATED_JSON", fault, self.count)

    def _known_break(self, start: int) -> _Break | None:
        """Return the last break if a container that begins at ``start`` was open there."""
        containers = self._last_break.containers
        index = bisect_left(containers, start << 1)
        is_open = index < len(containers) and containers[index] >> 1 == start
        return self._last_break if is_open else None
