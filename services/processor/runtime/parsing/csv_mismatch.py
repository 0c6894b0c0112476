"""Rows that all disagree with their header in the same way: it is the header that is wrong.

How it works: rows are held back until one of them has as many fields as the header, or two of them
have different numbers of fields: then the header stands, and every row is judged by itself. If at
the end, or after 1,000 rows or 1 MiB, at least two rows have another number of fields and all of
them the same, the file fails. Rows that cannot be read for another reason decide nothing. Memory is
what is held back and one row.
"""

from collections.abc import Iterator

import msgspec

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.parsing.csv_fields import CsvFields, fields
from services.processor.runtime.parsing.csv_header import Header, delimiters, likely_delimiter
from services.processor.runtime.parsing.rows import BadRow, CsvRow
from services.processor.runtime.text_truncation import shown

MAX_HELD_ROWS = 1000
MAX_HELD_BYTES = 1024 * 1024
_LEAST_ROWS = 2
_UNDECIDED = ("INVALID_UTF8", "MALFORMED_ROW", "ROW_TOO_LARGE")


def rows_under(
    header: Header, rows: Iterator[CsvRow | BadRow], delimiter: str
) -> Iterator[CsvRow | BadRow]:
    """Yield the same rows; those before an ``UnreadableFileError`` of ``rows`` as well.

    Raises:
        UnreadableFileError: no row agrees with the header, and all disagree in the same way.

    """
    held = _Held(CsvFields(delimiter))
    failure: UnreadableFileError | None = None
    try:
        for row in rows:
            held.add(row)
            if held.is_decided:
                break
    except UnreadableFileError as error:
        failure = error
    if held.disagreeing >= _LEAST_ROWS and not held.header_stands:
        raise _mismatch(header, held.example, delimiter)
    yield from held.rows
    if failure:
        raise failure
    yield from rows


class _Held(msgspec.Struct):
    """The first rows, and how many of them, all with the fields of ``example``, disagree."""

    reader: CsvFields
    rows: list[CsvRow | BadRow] = msgspec.field(default_factory=list)
    size_bytes: int = 0
    disagreeing: int = 0
    example: list[str] = msgspec.field(default_factory=list)
    header_stands: bool = False

    @property
    def is_decided(self) -> bool:
        is_full = len(self.rows) >= MAX_HELD_ROWS or self.size_bytes >= MAX_HELD_BYTES
        return self.header_stands or is_full

    def add(self, row: CsvRow | BadRow) -> None:
        self.rows.append(row)
        self.size_bytes += len(row.raw)
        if isinstance(row, BadRow) and row.code in _UNDECIDED:
            return
        if isinstance(row, CsvRow) or row.code != "RAGGED_ROW":
            self.header_stands = True
            return
        written = self.reader.written(row.raw.decode())
        self.example = self.example or written
        self.disagreeing += 1
        self.header_stands = len(written) != len(self.example)


def _mismatch(header: Header, example: list[str], delimiter: str) -> UnreadableFileError:
    columns, width = len(header.names), len(example)
    row = delimiter.join(example)
    problem = (
        f"the header on line {header.line}, {shown(header.text)}, has {fields(columns)}, but all"
        f" rows below it have {width}, the first of them {shown(row)}"
    )
    causes = " ".join(_likely_causes(columns, example, row, delimiter))
    return UnreadableFileError("HEADER_MISMATCH", f"{problem}. {causes}")


def _likely_causes(columns: int, example: list[str], row: str, delimiter: str) -> Iterator[str]:
    other = likely_delimiter(row, delimiter)
    if other is not None:
        yield f"Are the fields of the rows separated by {delimiters(other)}?"
    elif len(example) < columns:
        yield "Does each row lack a value? Write the delimiter of an empty value as well."
    elif columns == 1 or len(example) > columns + 1:
        yield "Is the line a title or a comment? Remove it, or have the lines to skip declared."
    if len(example) == columns + 1:
        if example[-1]:
            yield f"Has the first column no name? Write one, for example id{delimiter}name."
        else:
            yield "The rows end with a delimiter, the header does not: write it in both or neither."
