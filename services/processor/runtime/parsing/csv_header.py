"""The header of a CSV file: the names of its columns, or why it is none."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.parsing.csv_fields import QUOTED, CsvFields
from services.processor.runtime.parsing.csv_splitter import Record
from services.processor.runtime.parsing.row_buffer import MAX_ROW_BYTES, Oversized, RawRow
from services.processor.runtime.parsing.rows import SAVE_AS_UTF8, foreign_byte
from services.processor.runtime.text_truncation import shown

_OTHER_FORMATS = (
    (b"<", "HTML or XML"),
    (b"{", "JSON"),
    (b"[", "JSON"),
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive"),
)
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_SEPARATOR_LINE = re.compile(r'"?sep=([^"\r\n])"?\s*', re.IGNORECASE)  # Excel's own
_ALONE_CR = "lines end in a carriage return (CR) alone; end them in LF or CRLF"


class Header(NamedTuple):
    """Where the header is and what it says.

    ``written`` are the names as the file has them, without the blanks around them; in ``names``,
    each column has a name, and no two columns the same.
    """

    line: int
    text: str
    written: list[str]
    names: tuple[str, ...]


def read_header(records: Iterator[Record], delimiter: str) -> Header | None:
    """Take the header, and a line ``sep=`` before it, from the records; ``None`` if there is none.

    Raises:
        UnreadableFileError: what comes first is no header with this delimiter.

    """
    record = _after_separator_line(records, delimiter)
    if record is None:
        return None
    line, raw = record
    text = _text(line, raw)
    if "\r" in QUOTED.sub("", text):
        raise UnreadableFileError("BARE_CR", _ALONE_CR)
    likely = likely_delimiter(text, delimiter)
    if likely is not None:
        raise _other_delimiter(f"{shown(text)}, has", delimiter, likely)
    written = [_name(field, delimiter) for field in CsvFields(delimiter).written(text)]
    names = tuple(name or f"column_{column}" for column, name in enumerate(written, 1))
    _reject_duplicate(names)
    return Header(line, text, written, names)


def likely_delimiter(text: str, declared: str) -> str | None:
    """Return the delimiter that a text has instead of the declared one, if it seems to have any."""
    unquoted = QUOTED.sub("", text)
    if declared in unquoted:
        return None
    likely = max(_DELIMITERS, key=unquoted.count)
    return likely if likely in unquoted else None


def delimiters(delimiter: str) -> str:
    """Return what people call several of a delimiter."""
    return _DELIMITERS.get(delimiter, shown(delimiter))


def _after_separator_line(records: Iterator[Record], delimiter: str) -> Record | None:
    record = next(records, None)
    if record is None or isinstance(record[1], Oversized):
        return record
    text = record[1].decode(errors="replace")
    found = _SEPARATOR_LINE.fullmatch(text)
    if not found:
        return record
    if found[1] != delimiter:
        raise _other_delimiter(f"{shown(text)}, declares", delimiter, found[1])
    return next(records, None)


def _text(line: int, raw: RawRow) -> str:
    if isinstance(raw, Oversized):
        if b"\r" in raw.prefix:
            raise UnreadableFileError("BARE_CR", _ALONE_CR)
        limit = f"it may have at most {MAX_ROW_BYTES:,} (1 MiB)"
        problem = f"the header on line {line} has {raw.size_bytes:,} bytes; {limit}"
        raise UnreadableFileError("HEADER_TOO_LARGE", problem)
    for start, name in _OTHER_FORMATS:
        if raw.startswith(start):
            found = f"the file begins with {shown(raw.decode(errors='replace'))}, like {name}"
            wanted = "a CSV file begins with the names of its columns, for example id,name"
            raise UnreadableFileError("NOT_CSV", f"{found}; {wanted}")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        problem = f"in the header on line {line}, {foreign_byte(error)}; {SAVE_AS_UTF8}"
        raise UnreadableFileError("NOT_UTF8", problem) from error


def _other_delimiter(first_line: str, declared: str, likely: str) -> UnreadableFileError:
    wanted, found = delimiters(declared), delimiters(likely)
    problem = (
        f"the first line, {first_line} {found} where this dataset has {wanted} between the fields;"
        f" write {wanted}, for example id{declared}name, or have {found} declared as the delimiter;"
        " if the line is a title, remove it"
    )
    return UnreadableFileError("OTHER_DELIMITER", problem)


def _name(field: str, delimiter: str) -> str:
    quoted = QUOTED.match(field)
    if quoted and not field[quoted.end() :].strip():
        return quoted[1].replace('""', '"').strip()
    if '"' not in field:
        return field.strip()
    if quoted:
        problem, hint = "goes on after its closing quote", 'quote the whole name: "unit price"'
    elif field.lstrip().startswith('"'):
        problem = "has a blank between the delimiter and the quote"
        hint = f'write the quote first: id{delimiter}"name"'
    else:
        problem = "has a quote within it"
        hint = 'quote the whole name, and write the quote twice: "size 5"""'
    raise UnreadableFileError(
        "MALFORMED_HEADER", f"the column name {shown(field)} {problem}; {hint}"
    )


def _reject_duplicate(names: Sequence[str]) -> None:
    first: dict[str, int] = {}
    for column, name in enumerate(names, 1):
        if name in first:
            problem = f"columns {first[name]} and {column} both have the name {shown(name)}"
            raise UnreadableFileError("DUPLICATE_HEADER", f"{problem}; give each one its own")
        first[name] = column
