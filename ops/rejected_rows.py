"""The rejected rows of a file that wait for a correction, with what their producer wrote.

What and why comes from the items, the rows themselves from the object. Both are read in the order
of the rows, a hundred items and one row at a time.
"""

from collections.abc import Iterator

from ops import object_versions
from ops.correction_file import Rejected, csv_file, json_file, rejected
from ops.file_history import FileHistory, open_rows
from ops.items import Item
from ops.object_versions import ListedVersion
from ops.region import Region
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_names import Format
from services.processor.runtime.parsing import Row
from services.processor.runtime.parsing.read import delimiter

_NO_ROW_READ = 0


def rejected_rows(region: Region, file: FileHistory) -> Iterator[Rejected]:
    """Yield the open rows of a file in their order, each as it is in the object.

    Those that the object no longer has, because it is gone, are as their items have them: their
    first 4 KiB.
    """
    items = open_rows(region, file.entry)
    if file.version is None:
        yield from (rejected(item, None) for item in items)
        return
    yield from _joined(items, _rows_read(region, file.version))


def correction(
    region: Region, file: FileHistory, key: str, known: Format
) -> tuple[Iterator[bytes], bool]:
    """Return the lines of the correction file, and whether it has the names of all columns.

    It has not if the rows are CSV and the object with their header is gone.
    """
    form, rows = contract_for(key).form, rejected_rows(region, file)
    if known == "json":
        return json_file(rows, form), True
    names: tuple[str, ...] = ()
    if file.version:
        try:
            names = object_versions.column_names(region, file.version)
        except UnreadableFileError:
            names = ()
    return csv_file(rows, names, delimiter(known, form), form), bool(names)


def _rows_read(region: Region, version: ListedVersion) -> Iterator[Row]:
    try:
        yield from object_versions.rows(region, version)
    except UnreadableFileError:
        return


def _joined(items: Iterator[Item], rows: Iterator[Row]) -> Iterator[Rejected]:
    row: Row | None = None
    for item in items:
        number = int(item["source"]["M"]["row"]["N"])
        while (row.number if row else _NO_ROW_READ) < number:
            row = next(rows, None)
            if row is None:
                break
        yield rejected(item, row if row and row.number == number else None)
