from collections.abc import Iterator
from itertools import chain, count
from typing import Final

import msgspec

from services.processor.runtime.parsing.bad_rows import not_utf8, too_large
from services.processor.runtime.parsing.json_grammar import ARRAY, DOCUMENTS
from services.processor.runtime.parsing.json_scanner import ValueScanner
from services.processor.runtime.parsing.json_splitter import JsonSplitter
from services.processor.runtime.parsing.lines import lines
from services.processor.runtime.parsing.pieces import Oversized, Piece, bounded
from services.processor.runtime.parsing.rows import MAX_ROW_BYTES, BadRow, JsonRow
from services.processor.runtime.parsing.text import WHITESPACE, Text
from services.processor.runtime.parsing.unreadable import UnreadableFileError

_SHOWN_BYTES: Final = 20


def json_rows(text: Text) -> Iterator[JsonRow | BadRow]:
    """Yield the elements of an array, the value of each line, or one value after another."""
    return map(_row, count(1), _values(text))


def _values(text: Text) -> Iterator[Piece]:
    head = _head(text.blocks)
    source = chain((head,), text.blocks)
    if head.startswith(b"["):
        return JsonSplitter(ARRAY, text.start).split(source)
    if not head.startswith(b"{"):
        return iter((_only_scalar(head, text.blocks),))
    if _holds_one_value_a_line(head):
        return lines(source)
    return JsonSplitter(DOCUMENTS, text.start).split(source)


def _head(blocks: Iterator[bytes]) -> bytes:
    """Take as much as tells the layout: all of the first line, if it is not over the limit."""
    head = bytearray()
    for block in blocks:
        head += block
        if b"\n" in block or head.startswith(b"[") or len(head) > MAX_ROW_BYTES:
            break
    return bytes(head)


def _holds_one_value_a_line(head: bytes) -> bool:
    line, newline, _ = head.partition(b"\n")
    if len(head) > MAX_ROW_BYTES and not newline:
        return False
    return line.rstrip(WHITESPACE).endswith(b"}") and not _holds_several_values(line)


def _holds_several_values(line: bytes) -> bool:
    """Tell whether a second object follows the first, as some log shippers write."""
    scanner = ValueScanner()
    end = scanner.end(line, scanner.begin(line, 0))
    return end >= 0 and line[end:].lstrip(WHITESPACE).startswith(b"{")


def _only_scalar(head: bytes, rest: Iterator[bytes]) -> Piece:
    """Give the one string, number or literal that is all of the file."""
    raw = head.rstrip(WHITESPACE)
    if not _is_json(raw) or any(block.strip(WHITESPACE) for block in rest):
        start = raw.partition(b"\n")[0].rstrip()[:_SHOWN_BYTES]
        problem = f"neither an array, nor objects, nor one JSON value: {start!r}"
        raise UnreadableFileError("NOT_JSON", problem)
    return bounded(raw)


def _is_json(raw: bytes) -> bool:
    try:
        msgspec.json.decode(raw, type=msgspec.Raw)
    except msgspec.DecodeError:
        return False
    return True


def _row(number: int, value: Piece) -> JsonRow | BadRow:
    if isinstance(value, Oversized):
        return too_large(number, value)
    if not value.isascii():
        # Decoding into a struct skips what it does not know without looking at its bytes.
        try:
            value.decode()
        except UnicodeDecodeError as error:
            return not_utf8(number, value, error)
    return JsonRow(number, value)
