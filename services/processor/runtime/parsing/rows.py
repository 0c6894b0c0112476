"""The three kinds of rows that a file consists of."""

import msgspec

from services.processor.runtime.parsing.row_buffer import MAX_ROW_BYTES, Oversized


# msgspec structs, because a frozen dataclass takes five times as long to create.
class JsonRow(msgspec.Struct, frozen=True, gc=False):
    """One JSON value as the file has it: valid UTF-8; ``line`` is where it begins, from 1."""

    number: int
    raw: bytes
    line: int = 0


class CsvRow(msgspec.Struct, frozen=True, gc=False):
    """One CSV record; ``fields`` has exactly the names of the header, in its order."""

    number: int
    raw: bytes
    fields: dict[str, str]
    line: int = 0


class BadRow(msgspec.Struct, frozen=True, gc=False):
    """A row that cannot be read; ``raw`` is a prefix of it, ``raw_bytes`` its true size."""

    number: int
    raw: bytes
    raw_bytes: int
    code: str
    message: str
    field: str | None = None
    line: int = 0


Row = JsonRow | CsvRow | BadRow


def too_large(number: int, row: Oversized) -> BadRow:
    """Return the bad row for one over the limit."""
    message = f"row of {row.size_bytes} bytes exceeds the limit of {MAX_ROW_BYTES}"
    return BadRow(number, row.prefix, row.size_bytes, "ROW_TOO_LARGE", message)


def not_utf8(number: int, raw: bytes, error: UnicodeDecodeError) -> BadRow:
    """Return the bad row for one whose decoding raised ``error``."""
    message = f"byte {error.start} of the row is not valid UTF-8"
    return BadRow(number, raw, len(raw), "INVALID_UTF8", message)
