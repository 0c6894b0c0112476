from collections.abc import Callable
from typing import Final

import msgspec

from services.processor.runtime.parsing.rows import MAX_ROW_BYTES

PREFIX_BYTES: Final = 4096
_KEPT_BYTES: Final = MAX_ROW_BYTES + 1  # a CR may still have to be taken off


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
    """Joins a row that spans blocks; holds at most the limit and one block."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._size_bytes = 0

    @property
    def is_empty(self) -> bool:
        return self._size_bytes == 0

    def add(self, part: bytes) -> None:
        if self._size_bytes <= _KEPT_BYTES:
            self._kept += part
        self._size_bytes += len(part)
        if self._size_bytes > _KEPT_BYTES:
            del self._kept[PREFIX_BYTES:]

    def take(self, trim: Callable[[bytes], bytes] = bytes) -> Piece:
        """Give the whole row, trimmed, and start over."""
        kept, size_bytes = bytes(self._kept), self._size_bytes
        self._kept.clear()
        self._size_bytes = 0
        return bounded(trim(kept)) if size_bytes <= _KEPT_BYTES else Oversized(kept, size_bytes)
