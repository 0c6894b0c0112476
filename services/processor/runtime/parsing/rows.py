from typing import Final

import msgspec

MAX_ROW_BYTES: Final = 1024 * 1024


# Structs of msgspec, because a frozen dataclass takes five times as long to make.
class JsonRow(msgspec.Struct, frozen=True, gc=False):
    """One JSON value as it stands in the file: UTF-8, but neither decoded nor checked."""

    number: int
    raw: bytes


class CsvRow(msgspec.Struct, frozen=True, gc=False):
    """One CSV record; ``fields`` has exactly the names of the header, in its order."""

    number: int
    raw: bytes
    fields: dict[str, str]


class BadRow(msgspec.Struct, frozen=True, gc=False):
    """A row that cannot be read. ``raw`` is a prefix of it, ``raw_bytes`` its true size."""

    number: int
    raw: bytes
    raw_bytes: int
    code: str
    message: str
    field: str | None = None


Row = JsonRow | CsvRow | BadRow
