"""The two ways to read rows: by a declared struct, or as any object or any cells."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from services.processor.runtime.declaration.compile import Compiler
from services.processor.runtime.declaration.csv_reader import CsvReader
from services.processor.runtime.declaration.json_reader import JsonReader
from services.processor.runtime.declaration.numbers import exact_number
from services.processor.runtime.declaration.refusals import SYNTAX_ERRORS, syntax_error
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.file_form import FileForm

Row = TypeVar("Row")
Row_co = TypeVar("Row_co", covariant=True)


class Reader(Protocol[Row_co]):
    """Reads the rows of one dataset; a row that it refuses raises ``RejectedRowError``."""

    def quick(self, raw: bytes) -> Row_co | None:
        """Return the row of JSON, or ``None`` if only :meth:`from_json` can tell what it is."""

    def quick_csv(self, header: tuple[str, ...], cells: Sequence[str]) -> Row_co | None:
        """Return the row of cells under a header; ``None`` if only :meth:`from_csv` can tell it."""

    def from_json(self, raw: bytes) -> Row_co:
        """Return the row that JSON text is."""

    def from_csv(self, cells: Mapping[str, str]) -> Row_co:
        """Return the row that the cells of a CSV record are, by column."""


class DeclaredFields(Generic[Row]):
    """Reads rows into a struct; every refusal is a sentence that names the field."""

    def __init__(self, struct: type[Row], dataset: str, form: FileForm) -> None:
        self.kind = Compiler(form).object(struct, dataset)
        self.json = JsonReader[Row](self.kind)
        self.csv = CsvReader[Row](self.kind, form)
        self.quick = self.json.quick
        self.quick_csv = self.csv.quick

    def from_json(self, raw: bytes) -> Row:
        try:
            return self.json.exact(raw)
        except RejectedRowError as rejected:
            raise _sentence(rejected, rejected.field) from None

    def from_csv(self, cells: Mapping[str, str]) -> Row:
        try:
            return self.csv.read(cells)
        except RejectedRowError as rejected:
            raise _sentence(rejected, self.csv.column_of(rejected.field)) from None


class AnyFields:
    """Reads any JSON object and any CSV row: JSON numbers exactly, cells as text.

    When an object has a field twice, the last value counts, as in nearly every JSON reader.
    """

    def __init__(self) -> None:
        self._decode = msgspec.json.Decoder(dict[str, object], float_hook=exact_number).decode

    def quick(self, raw: bytes) -> dict[str, Any] | None:
        try:
            return self._decode(raw)
        except SYNTAX_ERRORS:
            return None

    def quick_csv(self, header: tuple[str, ...], cells: Sequence[str]) -> dict[str, Any]:
        return dict(zip(header, cells, strict=True))

    def from_json(self, raw: bytes) -> dict[str, Any]:
        try:
            return self._decode(raw)
        except SYNTAX_ERRORS as error:
            raise _sentence(syntax_error(error, raw), None) from error

    def from_csv(self, cells: Mapping[str, str]) -> dict[str, Any]:
        return dict(cells)


def _sentence(rejected: RejectedRowError, place: str | None) -> RejectedRowError:
    """Return a rejection whose message begins with the place that it continues so far."""
    message = f"{place or 'the row'} {rejected.message}"
    return RejectedRowError(rejected.code, message, rejected.field)
