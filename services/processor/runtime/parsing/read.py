"""Record path, step 2: the bytes of a file become rows, read as its suffix says."""

from collections.abc import Callable, Iterable, Iterator

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.parsing.csv_rows import csv_rows
from services.processor.runtime.parsing.json_rows import json_rows
from services.processor.runtime.parsing.rows import Row
from services.processor.runtime.parsing.text import Text, open_text

_READERS: dict[str, Callable[[Text], Iterator[Row]]] = {
    ".json": json_rows,
    ".csv": csv_rows,
}


def read_rows(chunks: Iterable[bytes], suffix: str) -> Iterator[Row]:
    """Yield every row of a file once, in file order, numbered from 1.

    ``suffix`` is ``.json`` or ``.csv`` in any case. The same bytes give the same rows however they
    are cut into chunks. Errors raised by ``chunks`` pass through.

    Raises:
        UnreadableFileError: while iterating; the rows yielded before it are valid.

    """
    reader = _READERS.get(suffix.lower())
    if reader is None:
        problem = f"unsupported suffix {suffix!r}, expected .json or .csv"
        raise UnreadableFileError("UNKNOWN_SUFFIX", problem)
    yield from reader(open_text(chunks))
