"""The three kinds of rows that a file consists of."""

import msgspec

from services.processor.runtime.parsing.row_buffer import MAX_ROW_BYTES, Oversized
from services.processor.runtime.text_truncation import shown

SAVE_AS_UTF8 = 'save the file as UTF-8 (in Excel: "CSV UTF-8"), or have its encoding declared'
_BEFORE_CHARACTERS = 20


# msgspec structs, because a frozen dataclass takes five times as long to create.
class JsonRow(msgspec.Struct, frozen=True, gc=False):
    """One JSON value as the file has it: valid UTF-8; ``line`` is where it begins, from 1."""

    number: int
    raw: bytes
    line: int = 0


class CsvRow(msgspec.Struct, frozen=True, gc=False):
    """One CSV record: the ``cells`` in the order of the ``header``, which all rows of a file share.

    ``line`` is the line of the uncompressed file at which the record begins, from 1.
    """

    number: int
    raw: bytes
    header: tuple[str, ...]
    cells: list[str]
    line: int = 0

    @property
    def fields(self) -> dict[str, str]:
        """Return the cells by the names of their columns."""
        return dict(zip(self.header, self.cells, strict=True))


class BadRow(msgspec.Struct, frozen=True, gc=False):
    """A row that cannot be read; ``raw`` is a prefix of it, ``raw_bytes`` its true size.

    ``line`` is the line of the uncompressed file at which the row begins, from 1.
    """

    number: int
    raw: bytes
    raw_bytes: int
    code: str
    message: str
    field: str | None = None
    line: int = 0


Row = JsonRow | CsvRow | BadRow


def too_large(number: int, row: Oversized, line: int = 0) -> BadRow:
    """Return the bad row for one over the limit."""
    message = f"the row has {row.size_bytes:,} bytes; it may have at most {MAX_ROW_BYTES:,} (1 MiB)"
    return BadRow(number, row.prefix, row.size_bytes, "ROW_TOO_LARGE", message, line=line)


def not_utf8(number: int, raw: bytes, error: UnicodeDecodeError, line: int = 0) -> BadRow:
    """Return the bad row for one whose decoding raised ``error``."""
    message = f"{foreign_byte(error)}; {SAVE_AS_UTF8}"
    return BadRow(number, raw, len(raw), "INVALID_UTF8", message, line=line)


def foreign_byte(error: UnicodeDecodeError) -> str:
    """Return which byte of a text is not UTF-8, and after which characters it comes."""
    before = error.object[: error.start].decode()
    place = f"after {shown(before[-_BEFORE_CHARACTERS:])}, " if before else ""
    byte = f"{error.object[error.start]:02X}"
    return f"character {len(before) + 1}, {place}is the byte {byte}, which is not UTF-8"
