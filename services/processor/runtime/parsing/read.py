"""Record path, step 2: the bytes of a file become rows, read in its format and form."""

from collections.abc import Iterable, Iterator

from services.processor.runtime.file_form import DEFAULT_FORM, FileForm
from services.processor.runtime.file_names import Format
from services.processor.runtime.parsing.csv_rows import column_names, csv_rows
from services.processor.runtime.parsing.json_rows import json_rows
from services.processor.runtime.parsing.rows import Row
from services.processor.runtime.parsing.text import open_text

_TAB = "\t"


def read_rows(
    chunks: Iterable[bytes], file_format: Format, form: FileForm = DEFAULT_FORM
) -> Iterator[Row]:
    """Yield every row of a file once, in file order, numbered from 1.

    The same bytes give the same rows however they are cut into chunks. Errors raised by ``chunks``
    pass through.

    Raises:
        UnreadableFileError: while iterating; the rows yielded before it are valid.

    """
    text = open_text(chunks, form.encoding)
    if file_format == "json":
        yield from json_rows(text, form)
    else:
        yield from csv_rows(text, form, delimiter(file_format, form))


def read_column_names(
    chunks: Iterable[bytes], file_format: Format, form: FileForm = DEFAULT_FORM
) -> tuple[str, ...]:
    """Return the names in the header of a file that is not JSON.

    Raises:
        UnreadableFileError: the file has no usable header.

    """
    text = open_text(chunks, form.encoding)
    return column_names(text, form, delimiter(file_format, form))


def delimiter(file_format: Format, form: FileForm) -> str:
    """Return what separates the fields of a row in a file that is not JSON."""
    return _TAB if file_format == "tsv" else form.delimiter
