"""The rows of a CSV file: the records below its header, with the names of the columns."""

from collections.abc import Iterator
from itertools import chain

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_form import FileForm
from services.processor.runtime.parsing.csv_fields import CsvFields, QuotingError, fields
from services.processor.runtime.parsing.csv_header import Header, read_header
from services.processor.runtime.parsing.csv_mismatch import rows_under
from services.processor.runtime.parsing.csv_splitter import CsvSplitter, Record
from services.processor.runtime.parsing.row_buffer import Oversized
from services.processor.runtime.parsing.rows import BadRow, CsvRow, not_utf8, too_large
from services.processor.runtime.parsing.text import Text
from services.processor.runtime.resume_point import Mark, ResumePoint, no_mark
from services.processor.runtime.text_truncation import shown

_MARK = "\ufeff"


def csv_rows(
    text: Text, form: FileForm, delimiter: str, mark: Mark = no_mark
) -> Iterator[CsvRow | BadRow]:
    """Yield the records below the header (RFC 4180).

    Raises:
        UnreadableFileError: the header is unusable or is not that of the rows, or a quote is not
            closed before the file ends.

    """
    header, splitter, records = _opened(text, form, delimiter)
    rows = _rows(1, _RowReader(header, delimiter), splitter, records, mark)
    yield from rows_under(header, rows, delimiter)


def resumed_csv_rows(
    text: Text, row: int, header: Header, delimiter: str, mark: Mark
) -> Iterator[CsvRow | BadRow]:
    """Yield the records from where ``row`` begins, which is not the first below the header.

    Raises:
        UnreadableFileError: a quote is not closed before the file ends.

    """
    splitter = CsvSplitter(delimiter.encode(), text)
    return _rows(row, _RowReader(header, delimiter), splitter, splitter.records(), mark)


def csv_header(text: Text, form: FileForm, delimiter: str) -> Header:
    """Return the header, or raise ``UnreadableFileError``."""
    header, _, _ = _opened(text, form, delimiter)
    return header


def _opened(
    text: Text, form: FileForm, delimiter: str
) -> tuple[Header, CsvSplitter, Iterator[Record]]:
    # Lines of blanks, which the text has left behind, count as well.
    lines_to_skip = max(0, form.skip_lines - (text.line - 1))
    below = _without_lines(_from_first_field(text, delimiter), lines_to_skip)
    splitter = CsvSplitter(delimiter.encode(), below)
    records = splitter.records()
    header = read_header(records, delimiter)
    if header is None:
        raise _no_header(splitter.unclosed())
    return header, splitter, records


def _from_first_field(text: Text, delimiter: str) -> Text:
    """Put back the blanks before the text if fields without a name are among them."""
    blanks = text.indentation
    if delimiter.encode() not in blanks:
        return text
    return text._replace(start=text.start - len(blanks), blocks=chain((blanks,), text.blocks))


def _without_lines(text: Text, lines: int) -> Text:
    start, left = text.start, lines
    for block in text.blocks:
        *skipped, rest = block.split(b"\n", left)
        left -= len(skipped)
        start += len(block)
        if not left:
            whole = chain((rest,), text.blocks)
            return text._replace(start=start - len(rest), line=text.line + lines, blocks=whole)
    return text._replace(start=start, line=text.line + lines)


def _rows(
    first: int,
    reader: "_RowReader",
    splitter: CsvSplitter,
    records: Iterator[Record],
    mark: Mark,
) -> Iterator[CsvRow | BadRow]:
    number = first - 1
    place = splitter.place
    for number, record in enumerate(records, first):
        if splitter.place is not place:
            place = splitter.place
            line, byte = place
            # Not before the first row, which decides whether the header is that of the rows.
            if number > first:
                mark(ResumePoint(number, byte, line))
        yield reader.row(number, record)
    unclosed = splitter.unclosed()
    if unclosed:
        raise _unclosed_quote(f"row {number + 1}", unclosed, number + 1)


class _RowReader:
    """Reads records as rows under one header."""

    def __init__(self, header: Header, delimiter: str) -> None:
        self._header = header
        self._first_name = header.written[0]
        self._delimiter = delimiter
        self._values = CsvFields(delimiter).values

    def row(self, number: int, record: Record) -> CsvRow | BadRow:
        line, raw = record
        if isinstance(raw, Oversized):
            return too_large(number, raw, line)
        try:
            text = raw.decode()
            values = self._values(text)
            if self._is_header(text, values):
                problem = self._header_again()
                return BadRow(number, raw, len(raw), "REPEATED_HEADER", problem, line=line)
        except UnicodeDecodeError as error:
            return not_utf8(number, raw, error, line)
        except QuotingError as error:
            return BadRow(number, raw, len(raw), "MALFORMED_ROW", str(error), line=line)
        if len(values) != len(self._header.names):
            problem = self._other_width(text, values)
            return BadRow(number, raw, len(raw), "RAGGED_ROW", problem, line=line)
        return CsvRow(number, raw, self._header.names, values, line)

    def _is_header(self, text: str, values: list[str]) -> bool:
        if text.startswith(_MARK):  # that of a file joined to another one
            values = self._values(text.removeprefix(_MARK))
        is_possible = values[0].strip() == self._first_name
        return is_possible and [value.strip() for value in values] == self._header.written

    def _header_again(self) -> str:
        header = f"the row repeats the header of line {self._header.line}"
        return f"{header}; a file has one header, before all rows: leave out the others"

    def _other_width(self, text: str, values: list[str]) -> str:
        wanted, found = len(self._header.names), len(values)
        problem = f"the row, {shown(text)}, has {fields(found)}, but the header has {wanted}"
        if found > wanted:
            example = f'"a{self._delimiter}b"'
            return f"{problem}; a value with a delimiter in it needs quotes, for example {example}"
        example = f"a{self._delimiter}{self._delimiter}c"
        return f"{problem}; an empty value has its delimiter as well, for example {example}"


def _no_header(unclosed: Record | None) -> UnreadableFileError:
    if unclosed:
        return _unclosed_quote("the header", unclosed, None)
    problem = "the file has no header, only blank lines and the lines that are skipped"
    return UnreadableFileError("EMPTY_FILE", problem)


def _unclosed_quote(place: str, record: Record, row: int | None) -> UnreadableFileError:
    line, raw = record
    start = raw.prefix if isinstance(raw, Oversized) else raw
    text = shown(start.decode(errors="replace"))
    problem = f"a quote in {place}, {text} on line {line}, is never closed"
    hint = 'close it, and write a quote inside a value twice, for example "5"" pipe"'
    return UnreadableFileError("UNTERMINATED_QUOTE", f"{problem}; {hint}", row)
