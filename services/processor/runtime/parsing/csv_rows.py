"""The rows of a CSV file: the records below its header, with the names of the columns."""

import csv
from collections.abc import Iterator, Sequence

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_form import FileForm
from services.processor.runtime.parsing.csv_splitter import CsvSplitter
from services.processor.runtime.parsing.row_buffer import MAX_ROW_BYTES, Oversized, RawRow
from services.processor.runtime.parsing.rows import BadRow, CsvRow, not_utf8, too_large
from services.processor.runtime.parsing.text import Text

_OTHER_FORMATS = (b"<", b"{", b"[")


def csv_rows(text: Text, form: FileForm, delimiter: str) -> Iterator[CsvRow | BadRow]:  # noqa: ARG001  # not yet
    """Yield the records below the header (RFC 4180).

    Raises:
        UnreadableFileError: the header is unusable, or a quote is not closed before the file ends.

    """
    csv.field_size_limit(MAX_ROW_BYTES)  # else a field over 128 KiB is an error
    splitter = CsvSplitter()
    records = splitter.split(text.blocks)
    names = _names(records)
    number = 0
    for number, record in enumerate(records, 1):
        yield _row(number, record, names)
    if splitter.ends_in_quotes:
        raise _unclosed_quote(f"row {number + 1}", number + 1)


def column_names(text: Text, form: FileForm, delimiter: str) -> tuple[str, ...]:  # noqa: ARG001  # not yet
    """Return the names in the header, or raise ``UnreadableFileError``."""
    return _names(CsvSplitter().split(text.blocks))


def _names(records: Iterator[RawRow]) -> tuple[str, ...]:
    header = next(records, None)
    if header is None:
        raise _unclosed_quote("the header", None)
    return _column_names(header)


def _unclosed_quote(place: str, row: int | None) -> UnreadableFileError:
    return UnreadableFileError("UNTERMINATED_QUOTE", f"a quote in {place} is never closed", row)


def _row(number: int, record: RawRow, names: Sequence[str]) -> CsvRow | BadRow:
    if isinstance(record, Oversized):
        return too_large(number, record)
    try:
        values = _fields(record.decode())
    except UnicodeDecodeError as error:
        return not_utf8(number, record, error)
    except csv.Error as error:
        problem = str(error).partition(" - ")[0]  # what follows is advice to programmers
        return BadRow(number, record, len(record), "MALFORMED_ROW", problem)
    if len(values) != len(names):
        problem = f"expected {len(names)} fields, got {len(values)}"
        return BadRow(number, record, len(record), "RAGGED_ROW", problem)
    return CsvRow(number, record, dict(zip(names, values, strict=True)))


def _fields(record: str) -> list[str]:
    if '"' in record or "\r" in record:
        return next(csv.reader((record,), strict=True))
    return record.split(",")  # the same as csv.reader gives, in a third of the time


def _column_names(header: RawRow) -> tuple[str, ...]:
    """Return the names of the header without blanks around them: none empty, no two equal."""
    if isinstance(header, Oversized):
        raise _header_too_large(header)
    if header.startswith(_OTHER_FORMATS):
        raise UnreadableFileError("NOT_CSV", "file begins like HTML, XML or JSON")
    names = tuple(name.strip() for name in _header_fields(header))
    _reject_blank(names)
    _reject_duplicate(names)
    return names


def _header_too_large(header: Oversized) -> UnreadableFileError:
    if b"\r" in header.prefix:
        return _bare_cr()
    problem = f"header of {header.size_bytes} bytes exceeds the limit of {MAX_ROW_BYTES}"
    return UnreadableFileError("HEADER_TOO_LARGE", problem)


def _bare_cr() -> UnreadableFileError:
    return UnreadableFileError("BARE_CR", "lines end in CR alone; use LF or CRLF")


def _header_fields(header: bytes) -> list[str]:
    try:
        return next(csv.reader((header.decode(),), strict=True))
    except UnicodeDecodeError as error:
        problem = f"byte {error.start} of the header is not valid UTF-8"
        raise UnreadableFileError("NOT_UTF8", problem) from error
    except csv.Error as error:
        if b"\r" in header:
            raise _bare_cr() from error
        raise UnreadableFileError("MALFORMED_HEADER", f"malformed header: {error}") from error


def _reject_blank(names: Sequence[str]) -> None:
    if "" in names:
        column = names.index("") + 1
        raise UnreadableFileError("BLANK_HEADER", f"column {column} has no name")


def _reject_duplicate(names: Sequence[str]) -> None:
    seen: set[str] = set()
    for column, name in enumerate(names, 1):
        if name in seen:
            problem = f"column {column} repeats the name {name!r}"
            raise UnreadableFileError("DUPLICATE_HEADER", problem)
        seen.add(name)
