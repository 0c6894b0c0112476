import csv
from collections.abc import Sequence
from typing import Final

from services.processor.runtime.parsing.pieces import Oversized, Piece
from services.processor.runtime.parsing.unreadable import UnreadableFileError

_OTHER_FORMATS: Final = (b"<", b"{", b"[")


def parse_header(record: Piece) -> tuple[str, ...]:
    """Give the column names, without blanks around them: none empty, none twice.

    Raises UnreadableFileError when the file has no such header.
    """
    if isinstance(record, Oversized):
        raise _too_large(record)
    if record.startswith(_OTHER_FORMATS):
        raise UnreadableFileError("NOT_CSV", "the file begins like HTML, XML or JSON")
    names = tuple(name.strip() for name in _fields(record))
    _refuse_blank(names)
    _refuse_duplicate(names)
    return names


def _too_large(record: Oversized) -> UnreadableFileError:
    if b"\r" in record.prefix:
        return _bare_cr()
    return UnreadableFileError("HEADER_TOO_LARGE", f"the header has {record.size_bytes} bytes")


def _bare_cr() -> UnreadableFileError:
    return UnreadableFileError("BARE_CR", "lines end in CR alone; write LF or CRLF")


def _fields(record: bytes) -> list[str]:
    try:
        return next(csv.reader((record.decode(),), strict=True))
    except UnicodeDecodeError as error:
        problem = f"byte {error.start} of the header is not UTF-8"
        raise UnreadableFileError("NOT_UTF8", problem) from error
    except csv.Error as error:
        if b"\r" in record:
            raise _bare_cr() from error
        raise UnreadableFileError("MALFORMED_HEADER", f"the header: {error}") from error


def _refuse_blank(names: Sequence[str]) -> None:
    if "" in names:
        column = names.index("") + 1
        raise UnreadableFileError("BLANK_HEADER", f"column {column} has no name")


def _refuse_duplicate(names: Sequence[str]) -> None:
    seen: set[str] = set()
    for column, name in enumerate(names, 1):
        if name in seen:
            problem = f"column {column} has the name {name!r} again"
            raise UnreadableFileError("DUPLICATE_HEADER", problem)
        seen.add(name)
