"""The bytes of one row, however large it is and however many blocks it spans.

How it works: a splitter adds the part of an unfinished row that is in the current block, once per
block, and takes the row when its end is found. The buffer counts two sizes as it goes: all bytes
added, and the bytes up to the last one that is not blank, which is the row's true size.

Up to the limit of 1 MiB it keeps everything. Beyond it keeps only what the row may still need: the
4 KiB prefix of a row that is too large, or the whole row if only blanks have come since. So it
holds at most the limit and one block, a row without end included, and every byte is copied a fixed
number of times. The worst case is a row that never ends: the rest of the file is read and counted,
none of it is kept.
"""

import msgspec

MAX_ROW_BYTES = 1024 * 1024
PREFIX_BYTES = 4096


class Oversized(msgspec.Struct, frozen=True, gc=False):
    """A row over the limit: its first 4 KiB and its true size."""

    prefix: bytes
    size_bytes: int


RawRow = bytes | Oversized
"""The bytes of one row, not parsed."""


def raw_row(raw: bytes) -> RawRow:
    """Return ``raw`` itself unless it is over the limit."""
    if len(raw) <= MAX_ROW_BYTES:
        return raw
    return Oversized(raw[:PREFIX_BYTES], len(raw))


class RowBuffer:
    """Joins the parts of a row that spans blocks, without the blanks around it.

    ``blank_before`` and ``blank_after`` are the bytes that count as blank there.
    """

    def __init__(self, blank_before: bytes = b"", blank_after: bytes = b"") -> None:
        self._blank_before = blank_before
        self._blank_after = blank_after
        self._clear()

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was added, not even blanks after the row."""
        return self._size_bytes == 0

    def add(self, part: bytes) -> None:
        """Append the next part of the row; blanks before the row are dropped."""
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

    def take(self) -> RawRow:
        """Return the whole row and empty the buffer."""
        kept, row_bytes = bytes(self._kept), self._row_bytes
        self._clear()
        if row_bytes > MAX_ROW_BYTES:
            return Oversized(kept[:PREFIX_BYTES], row_bytes)
        return kept[:row_bytes]

    def _clear(self) -> None:
        self._kept = bytearray()
        self._size_bytes = 0
        self._row_bytes = 0  # up to the last byte that is not blank
