"""A contract: what rows of a dataset must be like, and the standard form they are stored in."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from traceback import walk_tb
from typing import Any, Generic, TypeVar, cast

import msgspec

from services.processor.runtime.attributes import Plain
from services.processor.runtime.declaration.readers import AnyFields, DeclaredFields, Reader
from services.processor.runtime.declaration.standard_form import (
    check_dataset,
    check_identity,
    check_version,
    fields_of,
)
from services.processor.runtime.declaration.standard_text import Write, writer_of
from services.processor.runtime.errors import ContractError, RejectedRowError
from services.processor.runtime.file_form import DEFAULT_FORM, FileForm

Row = TypeVar("Row")

_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")


@dataclass(frozen=True, kw_only=True)
class Example:
    """A row of a dataset, as a JSON object; ``refused`` is the code it must be rejected with."""

    row: Mapping[str, object]
    refused: str | None = None


@dataclass(frozen=True, kw_only=True)
class Contract(Generic[Row]):
    """The required shape of a dataset's rows, and the standard form they are stored in.

    ``row`` is a struct with the fields that producers write, ``standard_form`` a ``TypedDict`` of
    what ``standardise`` makes of it; for both, ``dict`` means any fields. ``standardise`` may raise
    ``RejectedRowError`` for a rule that no type can express.

    ``key`` are the fields of the standard form that identify a record, ``time`` the field with its
    moment: a record is then stored once, whichever file brings it, and the newer file wins. Without
    a key each row of each file is a record of its own. ``form`` says how producers write files.

    Increase ``version`` with every change of what is accepted or how it is stored: a file that is
    delivered again is then processed anew and its records are replaced.

    Raises:
        ContractError: the declaration cannot be kept; the message says what to write instead.

    """

    dataset: str
    version: int
    description: str
    row: type[Row]
    standard_form: type[Any]
    standardise: Callable[[Row], Mapping[str, object]]
    key: tuple[str, ...] = ()
    time: str | None = None
    form: FileForm = DEFAULT_FORM
    examples: Sequence[Example] = ()
    reader: Reader[Row] = field(init=False, repr=False, compare=False)
    write: Write = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            check_dataset(self.dataset)
            check_version(self.version)
            stored = fields_of(self.standard_form)
            check_identity(stored, self.key, self.time)
            reader = self._reader()
        except ContractError as error:
            raise ContractError(f"contract {self.dataset!r}: {error}") from None
        except RecursionError:
            problem = "a struct of it contains itself; declare as many levels as rows have"
            raise ContractError(f"contract {self.dataset!r}: {problem}") from None
        object.__setattr__(self, "reader", reader)
        object.__setattr__(self, "write", writer_of(stored))

    def _reader(self) -> Reader[Any]:
        if self.row is dict:
            return AnyFields()
        return DeclaredFields(self.row, self.dataset, self.form)

    def from_json(self, raw: bytes) -> dict[str, Plain]:
        """Return the standard form of a JSON value, or raise ``RejectedRowError``."""
        row = self.reader.quick(raw)
        if row is not None:
            try:
                return self._standard(row)
            except RejectedRowError:
                pass  # the exact way knows the reason better
        return self._standard(self.reader.from_json(raw))

    def from_cells(self, header: tuple[str, ...], cells: Sequence[str]) -> dict[str, Plain]:
        """Return the standard form of a CSV row under a header, or raise ``RejectedRowError``."""
        row = self.reader.quick_csv(header, cells)
        if row is not None:
            try:
                return self._standard(row)
            except RejectedRowError:
                pass  # the exact way knows the reason better
        return self.from_csv(dict(zip(header, cells, strict=True)))

    def from_csv(self, fields: Mapping[str, str]) -> dict[str, Plain]:
        """Return the standard form of a CSV row, or raise ``RejectedRowError``."""
        return self._standard(self.reader.from_csv(fields))

    def row_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a row in JSON."""
        return msgspec.json.schema(self.row)

    def standard_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the standard form, as events have it in ``data``."""
        return msgspec.json.schema(self.standard_form)

    def _standard(self, row: Row) -> dict[str, Plain]:
        try:
            standard = self.standardise(row)
        except MemoryError:
            raise
        except RejectedRowError as rejected:
            raise _checked(rejected) from None
        except Exception as error:  # the contract's own code, whose fault costs one row
            raise _fault(f"the contract raised {_shown(error)}") from error
        if not isinstance(standard, dict):
            raise _fault(f"the contract made a {type(standard).__name__} of it, not a dict")
        return cast("dict[str, Plain]", standard)


def _checked(rejected: RejectedRowError) -> RejectedRowError:
    """Return a contract's own rejection, or a fault if the ledger could not count it by its code.

    A code made of a row's values would not be a code, and a file would have as many as rows.
    """
    code, message, field = rejected.code, rejected.message, rejected.field
    if not (isinstance(code, str) and _CODE.fullmatch(code)):
        return _fault(f"the contract rejected it with the code {code!r}, which is no fixed name")
    if not (isinstance(message, str) and isinstance(field, str | None)):
        return _fault(f"the contract rejected it as {code} with a message or field that is no text")
    return rejected


def _fault(problem: str) -> RejectedRowError:
    advice = "a defect of the contract, not of the row; tell the processor's operators"
    return RejectedRowError("CONTRACT_ERROR", f"{problem}: {advice}")


def _shown(error: Exception) -> str:
    *_, (frame, line) = walk_tb(error.__traceback__)
    place = f"{Path(frame.f_code.co_filename).name}, line {line}"
    return f"{type(error).__name__} in {place} ({_words(error)})"


def _words(error: Exception) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001  # the contract's own exception has a fault as well
        return "its message cannot be read"
