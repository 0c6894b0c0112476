"""The rows of a JSON file, whatever the layout of its values."""

import re
from collections.abc import Iterator
from itertools import chain, count
from operator import methodcaller

import msgspec

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_form import FileForm
from services.processor.runtime.parsing.json_layout import has_one_value_per_line, take_head
from services.processor.runtime.parsing.json_scanner import ValueScanner
from services.processor.runtime.parsing.json_splitter import ARRAY, DOCUMENTS, JsonSplitter
from services.processor.runtime.parsing.row_buffer import Oversized, RawRow, RowBuffer
from services.processor.runtime.parsing.rows import BadRow, JsonRow, not_utf8, too_large
from services.processor.runtime.parsing.text import WHITESPACE, Text

_BLANKS = b" \t\r"
_SHOWN_BYTES = 20
_LONG_SCALAR = re.compile(rb'".*|-?[0-9][-+.0-9eE]*', re.DOTALL)
_strip = methodcaller("strip", _BLANKS)


def json_rows(text: Text, form: FileForm) -> Iterator[JsonRow | BadRow]:  # noqa: ARG001  # not yet
    """Yield the elements of an array, the value of each line, or one value after another.

    Raises:
        UnreadableFileError: the file is none of these, or its frame is broken.

    """
    return map(_row, count(1), _values(text))


def _values(text: Text) -> Iterator[RawRow]:
    head, rest = take_head(text.blocks)
    source = chain((head,), rest)
    if head.startswith(b"["):
        return JsonSplitter(ARRAY, text.start).split(source)
    if not head.startswith(b"{"):
        return iter((_only_scalar(head, rest),))
    if has_one_value_per_line(head):
        return _lines(source)
    return JsonSplitter(DOCUMENTS, text.start).split(source)


def _row(number: int, value: RawRow) -> JsonRow | BadRow:
    if isinstance(value, Oversized):
        return too_large(number, value)
    if not value.isascii():
        # Decoding into a struct skips unknown fields without looking at their bytes.
        try:
            value.decode()
        except UnicodeDecodeError as error:
            return not_utf8(number, value, error)
    return JsonRow(number, value)


def _lines(blocks: Iterator[bytes]) -> Iterator[RawRow]:
    """Yield every line that is not blank, without the blanks around it."""
    unfinished = RowBuffer(_BLANKS, _BLANKS)
    for block in blocks:
        head, newline, rest = block.partition(b"\n")
        unfinished.add(head)
        if newline:
            yield from _finished(unfinished)
            whole, _, tail = rest.rpartition(b"\n")
            yield from filter(None, map(_strip, whole.split(b"\n")))
            unfinished.add(tail)
    yield from _finished(unfinished)


def _finished(line: RowBuffer) -> Iterator[RawRow]:
    stripped = line.take()
    if stripped:
        yield stripped


def _only_scalar(head: bytes, rest: Iterator[bytes]) -> RawRow:
    """Return the string, number or literal that is the whole file; ``head`` begins it."""
    scanner, scalar = ValueScanner(), RowBuffer()
    pos = scanner.begin(head, 0)
    for block in chain((head,), rest, (b"\n",)):  # a number has no end mark of its own
        end = scanner.end(block, pos)
        if end >= 0:
            scalar.add(block[:end])
            value = scalar.take()
            if _is_json(value) and not _has_more(block[end:], rest):
                return value
            break
        scalar.add(block)
        pos = 0
    start = head.partition(b"\n")[0].rstrip()[:_SHOWN_BYTES]
    problem = f"expected a JSON array, objects or a single value, found {start!r}"
    raise UnreadableFileError("NOT_JSON", problem)


def _has_more(after: bytes, rest: Iterator[bytes]) -> bool:
    return any(block.strip(WHITESPACE) for block in chain((after,), rest))


def _is_json(value: RawRow) -> bool:
    """Return whether it is JSON; for a value over the limit, whether it begins like JSON."""
    if isinstance(value, Oversized):
        return _LONG_SCALAR.fullmatch(value.prefix) is not None
    try:
        msgspec.json.decode(value, type=msgspec.Raw)
    except msgspec.DecodeError:
        return False
    return True
