from typing import Final

import msgspec

from services.processor.runtime.parsing.rows import MAX_ROW_BYTES

PREFIX_BYTES: Final = 4096


class Oversized(msgspec.Struct, frozen=True, gc=False):
    """What is kept of a row over the limit."""

    prefix: bytes
    size_bytes: int


Piece = bytes | Oversized
"""The bytes of one row, not looked into."""


def bounded(raw: bytes) -> Piece:
    """Give ``raw`` itself unless it is over the limit."""
    if len(raw) <= MAX_ROW_BYTES:
        return raw
    return Oversized(raw[:PREFIX_BYTES], len(raw))


class PieceBuffer:
    """Joins a row that spans blocks; holds at most the limit and one block.

    Blanks around the row are no part of it, however many there are: which bytes are blank before
    it and after it is given.
    """

    def __init__(self, blank_before: bytes = b"", blank_after: bytes = b"") -> None:
        self._blank_before = blank_before
        self._blank_after = blank_after
        self._clear()

    @property
    def is_empty(self) -> bool:
        """Nothing was added, not even blanks after the row."""
        return self._size_bytes == 0

    def add(self, part: bytes) -> None:
        if self.is_empty:
            part = part.lstrip(self._blank_before)
        if self._size_bytes <= MAX_ROW_BYTES:
            self._kept += part
        content_bytes = len(part.rstrip(self._blank_after))
        if content_bytes:
            self._row_bytes = self._size_bytes + content_bytes
        self._size_bytes += len(part)
        if self._size_bytes > MAX_ROW_BYTES:
            is_too_large = self._row_bytes > MAX_ROW_BYTES
            del self._kept[PREFIX_BYTES if is_too_large else MAX_ROW_BYTES :]

    def take(self) -> Piece:
        """Give the whole row and start over."""
        kept, row_bytes = bytes(self._kept), self._row_bytes
        self._clear()
        if row_bytes > MAX_ROW_BYTES:
            return Oversized(kept[:PREFIX_BYTES], row_bytes)
        return kept[:row_bytes]

    def _clear(self) -> None:
        self._kept = bytearray()
        self._size_bytes = 0
        self._row_bytes = 0  # up to the last byte that is not blank
