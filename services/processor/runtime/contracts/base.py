"""Contracts: how a row is decoded, validated and converted to the standard form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.processor.runtime.attributes import Plain
from services.processor.runtime.contracts.refusals import REFUSALS, rejection
from services.processor.runtime.file_form import DEFAULT_FORM, FileForm

Input = TypeVar("Input")


@dataclass(frozen=True, kw_only=True)
class Contract(Generic[Input]):
    """The required shape of a dataset's rows, and the standard form they are stored in.

    Increase ``version`` with every change of what is accepted or how it is stored: a file that is
    delivered again is then processed anew and its records are replaced. Numbers in the standard
    form are ``int`` or :func:`~services.processor.runtime.attributes.normal` decimals, not floats.

    ``key`` are the fields of the standard form that identify a record, ``time`` the field with its
    moment: a record is then stored once, whichever file brings it, and the newer file wins. Without
    a key each row of each file is a record of its own. ``form`` says how producers write files.
    """

    dataset: str
    version: int
    key: tuple[str, ...] = ()
    time: str | None = None
    form: FileForm = DEFAULT_FORM
    decode_json: Callable[[bytes], Input]
    decode_csv: Callable[[Mapping[str, str]], Input]
    standardise: Callable[[Input], dict[str, Plain]]

    def from_json(self, raw: bytes) -> dict[str, Plain]:
        """Return the standard form of a JSON value, or raise ``RejectedRowError``."""
        try:
            return self.standardise(self.decode_json(raw))
        except REFUSALS as error:
            raise rejection(error, raw) from error

    def from_csv(self, fields: Mapping[str, str]) -> dict[str, Plain]:
        """Return the standard form of a CSV row, or raise ``RejectedRowError``."""
        try:
            return self.standardise(self.decode_csv(fields))
        except REFUSALS as error:
            raise rejection(error) from error
