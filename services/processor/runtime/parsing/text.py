import codecs
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, NamedTuple

from services.processor.runtime.parsing import gzip_text
from services.processor.runtime.parsing.blocks import blocks
from services.processor.runtime.parsing.unreadable import UnreadableFileError

WHITESPACE: Final = b" \t\r\n"
# UTF-16 and binary formats show a NUL early; further on it is one row's problem.
_NUL_SEARCH_BYTES: Final = 1024
_OTHER_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Text(NamedTuple):
    """Uncompressed text that begins with its first byte that is not blank."""

    start: int  # how many uncompressed bytes stand before it
    blocks: Iterator[bytes]


def open_text(chunks: Iterable[bytes]) -> Text:
    """Take off gzip, the byte order mark and leading blanks.

    Raises UnreadableFileError when the file is empty or its beginning is not UTF-8 text.
    """
    source = _uncompressed(blocks(chunks))
    first = next(source, b"")
    _refuse_other_encodings(first)
    mark_bytes = len(codecs.BOM_UTF8) if first.startswith(codecs.BOM_UTF8) else 0
    return _without_leading_blanks(mark_bytes, chain((first[mark_bytes:],), source))


def _uncompressed(source: Iterator[bytes]) -> Iterator[bytes]:
    first = next(source, b"")
    whole = chain((first,), source)
    return blocks(gzip_text.gunzip(whole)) if first.startswith(gzip_text.MAGIC) else whole


def _refuse_other_encodings(first: bytes) -> None:
    if first.startswith(_OTHER_MARKS) or b"\0" in first[:_NUL_SEARCH_BYTES]:
        raise UnreadableFileError("NOT_UTF8", "the file is UTF-16, UTF-32 or binary, not UTF-8")


def _without_leading_blanks(start: int, source: Iterator[bytes]) -> Text:
    for block in source:
        text = block.lstrip(WHITESPACE)
        start += len(block) - len(text)
        if text:
            return Text(start, chain((text,), source))
    raise UnreadableFileError("EMPTY_FILE", "the file has no content")
