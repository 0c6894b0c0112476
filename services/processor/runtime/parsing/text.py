"""The bytes of a file as UTF-8 text: uncompressed, without byte order mark or leading blanks.

How it works: generators, each of which reads from the one before it,

    chunks -> blocks -> gunzip -> blocks -> in_utf8 -> blocks -> text

where ``gunzip`` takes part only if the file begins with gzip's magic number, and ``in_utf8`` only
if its producer declares another encoding, each with the ``blocks`` after it. ``blocks`` cuts
whatever arrives anew into blocks of 64 KiB, so that what the first block shows (a byte order mark,
the NULs of UTF-16) does not depend on how the bytes arrived.

``gunzip`` is in one of two states. Inside a member it hands input to zlib and takes at most one
block of output a call; input that zlib has not consumed is handed over again. Between members it
skips NUL padding; any other byte begins a new member. At the end of the input, zlib may still hold
output of a member, which is drained; a member without its end mark by then is truncated.

Time is linear in the size of input and output together: a call copies no more than a block of
either. Memory is a few blocks, for a zip bomb as well, because output is produced only as it is
read. The worst cases are a bomb, which costs the time of its uncompressed size, and a file of empty
members, where each member of 20 bytes costs a decompressor of its own.
"""

import codecs
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.parsing.encoding import in_utf8, is_utf8
from services.processor.runtime.resume_point import ResumePoint

BLOCK_BYTES = 64 * 1024
WHITESPACE = b" \t\r\n"
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WBITS = 31
_DAMAGED = "the file is compressed by gzip, but its data is damaged"
_CUT_OFF = "the file is compressed by gzip, but ends before its end mark: it was cut off"
_SEND_AGAIN = "compress it again and send the whole file"


class Text(NamedTuple):
    """Uncompressed text from its first byte that is not blank, or from where reading resumes.

    ``start`` is the number of uncompressed bytes before it. It begins on ``line`` with character
    ``column``, both from 1, and ``indentation`` are the blanks at the beginning of that line. If
    it ``is_plain``, its bytes are the file's own, so offsets in it lead to offsets in the file.
    """

    start: int
    blocks: Iterator[bytes]
    line: int = 1
    column: int = 1
    indentation: bytes = b""
    is_plain: bool = True


def open_text(chunks: Iterable[bytes], encoding: str) -> Text:
    """Remove gzip compression, the byte order mark and leading blanks; return UTF-8.

    Raises:
        UnreadableFileError: the file has no content, or begins like one in another encoding; or,
            while reading the blocks, its gzip data is corrupt or truncated, or the text is not in
            ``encoding``. Bytes that are not UTF-8 in a text declared as UTF-8 are left to the rows.

    """
    raw = blocks(chunks)
    beginning = next(raw, b"")
    whole = chain((beginning,), raw)
    is_compressed = is_gzip(beginning)
    source = in_utf8(blocks(gunzip(whole)) if is_compressed else whole, encoding)
    if not is_utf8(encoding):
        source = blocks(source)
    first = next(source, b"")
    mark_bytes = len(codecs.BOM_UTF8) if first.startswith(codecs.BOM_UTF8) else 0
    text = _without_leading_blanks(mark_bytes, chain((first[mark_bytes:],), source))
    return text._replace(is_plain=is_utf8(encoding) and not is_compressed)


def is_gzip(beginning: bytes) -> bool:
    """Return whether a file that begins like this is compressed by gzip."""
    return beginning.startswith(_GZIP_MAGIC)


def text_from(point: ResumePoint, chunks: Iterable[bytes]) -> Text:
    """Return the text of a plain file from a point on, of which ``chunks`` are the bytes."""
    return Text(point.byte, blocks(chunks), point.line, point.column, point.indentation)


def blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in blocks of 64 KiB; the last one may be smaller, but is not empty.

    When ``chunks`` raises ``UnreadableFileError``, the bytes before it are yielded first.
    """
    pending = bytearray()
    failure: UnreadableFileError | None = None
    try:
        for chunk in chunks:
            for start in range(0, len(chunk), BLOCK_BYTES):
                pending += chunk[start : start + BLOCK_BYTES]
                if len(pending) >= BLOCK_BYTES:
                    yield bytes(pending[:BLOCK_BYTES])
                    del pending[:BLOCK_BYTES]
    except UnreadableFileError as error:
        failure = error
    if pending:
        yield bytes(pending)
    if failure:
        raise failure


def gunzip(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress all members of a gzip file, at most one block of output at a time.

    Raises:
        UnreadableFileError: the data is corrupt or truncated.

    """
    member = _new_member()
    is_between_members = False
    for block in blocks:
        rest = block
        while rest:
            if is_between_members:
                rest = rest.lstrip(b"\0")  # padding that tapes and some tools leave
                member = _new_member() if rest else member
                is_between_members = not rest
                continue
            yield _inflate(member, rest)
            is_between_members = member.eof
            rest = member.unused_data if member.eof else member.unconsumed_tail
    yield from _last_output(member)


def _new_member() -> "zlib._Decompress":
    return zlib.decompressobj(wbits=_GZIP_WBITS)


def _inflate(member: "zlib._Decompress", data: bytes) -> bytes:
    try:
        return member.decompress(data, BLOCK_BYTES)
    except zlib.error as error:
        raise UnreadableFileError("CORRUPT_GZIP", f"{_DAMAGED} ({error}); {_SEND_AGAIN}") from error


def _last_output(member: "zlib._Decompress") -> Iterator[bytes]:
    # A full block may have left output inside zlib after its last input byte.
    while not member.eof:
        output = _inflate(member, b"")
        if not output:
            raise UnreadableFileError("TRUNCATED_GZIP", f"{_CUT_OFF}; {_SEND_AGAIN}")
        yield output


def _without_leading_blanks(start: int, source: Iterator[bytes]) -> Text:
    line, indentation = 1, b""
    for block in source:
        text = block.lstrip(WHITESPACE)
        blanks = block[: len(block) - len(text)]
        start += len(blanks)
        line += blanks.count(b"\n")
        indentation = b"".join((indentation, blanks)).rpartition(b"\n")[2][-BLOCK_BYTES:]
        if text:
            whole = chain((text,), source)
            return Text(start, whole, line, len(indentation) + 1, indentation)
    raise UnreadableFileError("EMPTY_FILE", "the file has nothing but blanks")
