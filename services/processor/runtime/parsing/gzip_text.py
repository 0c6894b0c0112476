import zlib
from collections.abc import Iterator
from typing import Final

from services.processor.runtime.parsing.blocks import BLOCK_BYTES
from services.processor.runtime.parsing.unreadable import UnreadableFileError

MAGIC: Final = b"\x1f\x8b"
_GZIP_WBITS: Final = 31


def gunzip(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress all members, at most one block at a time, so a zip bomb takes no memory."""
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
        raise UnreadableFileError("CORRUPT_GZIP", f"the gzip data is damaged: {error}") from error


def _last_output(member: "zlib._Decompress") -> Iterator[bytes]:
    """A full block may have left output inside zlib after its last input byte."""
    while not member.eof:
        output = _inflate(member, b"")
        if not output:
            raise UnreadableFileError("TRUNCATED_GZIP", "the gzip data ends before its end mark")
        yield output
