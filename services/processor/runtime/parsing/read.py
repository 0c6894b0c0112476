"""Record path, step 2: the bytes of a file become rows, read in its format and form."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_form import DEFAULT_FORM, FileForm
from services.processor.runtime.file_names import Format
from services.processor.runtime.keys import MAX_ROWS
from services.processor.runtime.parsing.csv_rows import csv_header, csv_rows, resumed_csv_rows
from services.processor.runtime.parsing.encoding import is_utf8
from services.processor.runtime.parsing.json_rows import is_array, json_rows, resumed_json_rows
from services.processor.runtime.parsing.rows import Row
from services.processor.runtime.parsing.text import blocks, is_gzip, open_text, text_from
from services.processor.runtime.resume_point import Mark, ResumePoint, no_mark

_TAB = "\t"


def read_rows(
    chunks: Iterable[bytes],
    file_format: Format,
    form: FileForm = DEFAULT_FORM,
    mark: Mark = no_mark,
) -> Iterator[Row]:
    """Yield every row of a file once, in file order, numbered from 1.

    The same bytes give the same rows however they are cut into chunks. Errors raised by ``chunks``
    pass through. ``mark`` is told where reading can resume, about once in 64 KiB, unless the file
    is compressed or not in UTF-8. A point holds once the row before it has been yielded.

    Raises:
        UnreadableFileError: while iterating; the rows yielded before it are valid.

    """
    text = open_text(chunks, form.encoding)
    told = mark if text.is_plain else no_mark
    if file_format == "json":
        rows: Iterator[Row] = json_rows(text, form, told)
    else:
        rows = csv_rows(text, form, delimiter(file_format, form), told)
    yield from _numbered(rows, 1)


def resume_rows(
    chunks_from: Callable[[int], Iterable[bytes]],
    file_format: Format,
    form: FileForm,
    point: ResumePoint,
    mark: Mark = no_mark,
) -> Iterator[Row]:
    """Yield the rows of a file from a point on that ``mark`` was told by an earlier reading.

    They, and the error that may end them, are those of the earlier reading. ``chunks_from(byte)``
    returns the file's bytes from an offset on: first from 0, of which only the beginning is read,
    up to the CSV header, and then from the point. Each is asked for when the one before it is no
    longer needed. Errors that they raise pass through.

    Raises:
        UnreadableFileError: while iterating; the rows yielded before it are valid.

    """
    head = open_text(chunks_from(0), form.encoding)
    if file_format == "json":
        in_array = is_array(head)
        text = text_from(point, chunks_from(point.byte))
        rows: Iterator[Row] = resumed_json_rows(text, point.row, form, mark, in_array=in_array)
    else:
        between = delimiter(file_format, form)
        header = csv_header(head, form, between)
        text = text_from(point, chunks_from(point.byte))
        rows = resumed_csv_rows(text, point.row, header, between, mark)
    yield from _numbered(rows, point.row)


def can_resume(chunks: Iterable[bytes], form: FileForm) -> bool:
    """Return whether reading a file can resume behind its beginning, which is read for that.

    It cannot if the file is compressed or in another encoding than UTF-8.
    """
    return is_utf8(form.encoding) and not is_gzip(next(blocks(chunks), b""))


def _numbered(rows: Iterator[Row], first: int) -> Iterator[Row]:
    """Yield the rows whose numbers have nine digits at most, and refuse the file if more follow."""
    yield from islice(rows, MAX_ROWS + 1 - first)
    for row in rows:
        problem = f"the file has more than {MAX_ROWS:,} rows; divide it into several files"
        raise UnreadableFileError("TOO_MANY_ROWS", problem, row.number)


def read_column_names(
    chunks: Iterable[bytes], file_format: Format, form: FileForm = DEFAULT_FORM
) -> tuple[str, ...]:
    """Return the names in the header of a file that is not JSON.

    Raises:
        UnreadableFileError: the file has no usable header.

    """
    text = open_text(chunks, form.encoding)
    return csv_header(text, form, delimiter(file_format, form)).names


def delimiter(file_format: Format, form: FileForm) -> str:
    """Return what separates the fields of a row in a file that is not JSON."""
    return _TAB if file_format == "tsv" else form.delimiter
