"""A file that is one string, number or literal."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

import msgspec

from services.processor.runtime.parsing.json_scanner import ValueScanner
from services.processor.runtime.parsing.pieces import Oversized, Piece, PieceBuffer
from services.processor.runtime.parsing.text import WHITESPACE
from services.processor.runtime.parsing.unreadable import UnreadableFileError

_SHOWN_BYTES: Final = 20
_LONG_SCALAR: Final = re.compile(rb'".*|-?[0-9][-+.0-9eE]*', re.DOTALL)


def only_scalar(head: bytes, rest: Iterator[bytes]) -> Piece:
    """Give the scalar that is all of the file, or raise UnreadableFileError; ``head`` begins it."""
    scanner, scalar = ValueScanner(), PieceBuffer()
    pos = scanner.begin(head, 0)
    for block in chain((head,), rest, (b"\n",)):  # a number has no end of its own
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
    problem = f"neither an array, nor objects, nor one JSON value: {start!r}"
    raise UnreadableFileError("NOT_JSON", problem)


def _has_more(after: bytes, rest: Iterator[bytes]) -> bool:
    return any(block.strip(WHITESPACE) for block in chain((after,), rest))


def _is_json(value: Piece) -> bool:
    """Tell whether it is; of a value over the limit only whether it begins like one."""
    if isinstance(value, Oversized):
        return _LONG_SCALAR.fullmatch(value.prefix) is not None
    try:
        msgspec.json.decode(value, type=msgspec.Raw)
    except msgspec.DecodeError:
        return False
    return True
