"""The rows of a JSON file: the elements of one array, or a stream of values.

A text that begins with ``[`` is one array. Any other text is a stream: values that follow one
another, on one line or on many, with or without blanks between them. What is no object is a row as
well, which its contract rejects.

How it works: most values are a line of their own, or an element with a comma before it, and are
held whole. They are taken in a loop each, where msgspec judges a whole value in one call. The first
that is anything else is read by ``JsonValues``, which reads one value of any kind, and the loop
resumes. A line is tried once, so a line of many values costs no more than one try.

The elements of a list mostly have the same characters between them, so the next one is looked for
up to where these come again, and is the right one if it is valid: no object or list begins with
another. Only if it is not, a pattern finds its end. Both pass a byte once, so time stays linear.
"""

import re
from collections.abc import Generator, Iterator

from services.processor.runtime.file_form import FileForm
from services.processor.runtime.parsing.json_envelope import (
    close_objects,
    objects_around,
    open_list,
    without_wrapper,
)
from services.processor.runtime.parsing.json_fault import Expected
from services.processor.runtime.parsing.json_tokens import element, pretty
from services.processor.runtime.parsing.json_valid import is_valid, json_row
from services.processor.runtime.parsing.json_values import JsonValues
from services.processor.runtime.parsing.json_window import Window
from services.processor.runtime.parsing.row_buffer import MAX_ROW_BYTES
from services.processor.runtime.parsing.rows import BadRow, JsonRow
from services.processor.runtime.parsing.text import Text
from services.processor.runtime.resume_point import Mark, no_mark

_OPEN, _COMMA, _CLOSE = b"[,]"

JsonRows = Iterator[JsonRow | BadRow]


def json_rows(text: Text, form: FileForm, mark: Mark = no_mark) -> JsonRows:
    """Yield the records of a file: of its array, its stream, or the list that ``form`` names.

    Raises:
        UnreadableFileError: the file ends too early, is no JSON, or has no such list; or it is one
            object around a list, which ``form`` refuses.

    """
    values = JsonValues(Window(text, mark))
    if values.next_byte() == _OPEN:
        values.at += 1
        return _array(values, Expected.FIRST_ELEMENT)
    if form.records_at:
        open_list(values, form.records_at)
        values.at += 1
        return _records(values, form.records_at, Expected.FIRST_ELEMENT)
    rows = _stream(values)
    return without_wrapper(rows) if form.refuses_wrappers else rows


def is_array(head: Text) -> bool:
    """Return whether a text, which is read for that, begins like an array."""
    return next(head.blocks)[0] == _OPEN


def resumed_json_rows(
    text: Text, row: int, form: FileForm, mark: Mark, *, in_array: bool
) -> JsonRows:
    """Yield the records of a file from where ``row`` begins; the file may be one array.

    Raises:
        UnreadableFileError: as :func:`json_rows` does.

    """
    values = JsonValues(Window(text, mark), row - 1)
    if in_array:
        return _array(values, Expected.VALUE)
    if form.records_at:
        return _records(values, form.records_at, Expected.VALUE)
    return _stream(values)


def _array(values: JsonValues, comes_next: Expected) -> JsonRows:
    yield from _elements(values, comes_next, b"]")
    _end(values)


def _records(values: JsonValues, path: str, comes_next: Expected) -> JsonRows:
    yield from _elements(values, comes_next, b"}")
    if not values.broken_end:
        close_objects(values, objects_around(path))
    _end(values)


def _end(values: JsonValues) -> None:
    if values.next_byte() is not None:
        fault = values.fault(Expected.END)
        raise values.refusal("TRAILING_DATA", fault, values.count + 1)


def _stream(values: JsonValues) -> JsonRows:
    tried = -1
    while values.next_byte() is not None:
        values.window.mark(values.at, values.count + 1)
        if values.at > tried:
            tried = yield from _whole_lines(values)
        else:
            yield values.read(is_apart=True)
            yield from _held_whole(values, pretty())


def _whole_lines(values: JsonValues) -> Generator[JsonRow | BadRow, None, int]:
    """Take the lines that are one object each.

    Return where the first other line ends, or -1 if there may be more of them in what follows.
    """
    window = values.window
    window.hold_line(values.at)
    data, pos, line = window.data, values.at - window.offset, window.line(values.at)
    while (end := data.find(b"\n", pos)) >= 0:
        value = data[pos:end].strip(b" \t\r")
        if value:
            if not (value.endswith(b"}") and is_valid(value) and len(value) <= MAX_ROW_BYTES):
                break
            values.count += 1
            yield json_row(values.count, value, line)
        pos = end + 1
        line += 1
    start, values.at = values.at, window.offset + pos
    if end < 0:
        return -1 if values.at > start else window.offset + len(data)
    return window.offset + end


def _elements(values: JsonValues, comes_next: Expected, file_end: bytes) -> JsonRows:
    """Yield the elements of the list that ``at`` is in, and stop behind it.

    Raises:
        UnreadableFileError: the list is not closed. It may be within a broken element that goes up
            to the end of the file, if that is ``file_end``.

    """
    while (byte := values.next_byte()) is not None:
        if byte == _CLOSE and comes_next != Expected.VALUE:
            values.at += 1
            return
        if byte == _CLOSE:
            yield _trailing_comma(values)
            return
        if byte == _COMMA and comes_next == Expected.IN_ARRAY:
            values.at += 1
            comes_next = Expected.VALUE
            continue
        fault = values.fault(Expected.IN_ARRAY) if comes_next == Expected.IN_ARRAY else None
        if fault is None:
            values.window.mark(values.at, values.count + 1)
        yield values.read(is_apart=False, mistake=fault)
        comes_next = Expected.FIRST_ELEMENT if values.has_resumed else Expected.IN_ARRAY
        yield from _held_whole(values, element())
    if values.broken_end != file_end:
        raise values.refusal("TRUNCATED_JSON", values.fault(comes_next), values.count + 1)


def _held_whole(values: JsonValues, pattern: re.Pattern[bytes]) -> JsonRows:
    """Take the objects and lists that are held whole, each with what comes before it."""
    window, gap = values.window, b""
    data, pos, line = window.data, values.at - window.offset, window.line(values.at)
    while True:
        start, end = _like_the_last(data, pos, gap)
        if not (end and is_valid(data[start:end])):
            found = pattern.match(data, pos)
            if not found or not is_valid(found[1]):
                break
            start, end = found.span(1)
        if end - start > MAX_ROW_BYTES:
            break
        values.count += 1
        line += data.count(b"\n", pos, start)
        yield json_row(values.count, data[start:end], line)
        line += data.count(b"\n", start, end)
        gap = data[pos - 1 : start + 1] if pos else b""
        pos = end
    values.at = window.offset + pos


def _like_the_last(data: bytes, pos: int, gap: bytes) -> tuple[int, int]:
    """Return where the next value is if the brackets around it and what is between come again."""
    if not gap or not data.startswith(gap, pos - 1):
        return 0, 0
    start = pos + len(gap) - 2
    return start, data.find(gap, start) + 1


def _trailing_comma(values: JsonValues) -> BadRow | JsonRow:
    fault = values.fault(Expected.VALUE)
    values.at += 1
    values.count += 1
    return json_row(values.count, b"]", fault.line, fault)
