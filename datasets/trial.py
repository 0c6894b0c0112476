"""A contract tried on a file, exactly as the processor would read it, without a cloud."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ops.progress import watched
from services.processor.runtime.corrections import without_marks
from services.processor.runtime.declaration import Contract
from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_names import SUFFIXES, file_format
from services.processor.runtime.item import Rejection, record_item
from services.processor.runtime.parsing import CsvRow, Row, read_rows
from services.processor.runtime.source_file import SourceFile

CHUNK_BYTES = 256 * 1024
_WHEN = "2026-01-01T00:00:00.000Z"


@dataclass(frozen=True, kw_only=True)
class RejectedRow:
    """A row that the contract refuses, by its row and line number."""

    row: int
    line: int
    rejection: Rejection


@dataclass(kw_only=True)
class Trial:
    """The outcome: the counts of the whole file, and at most ``shown`` records and rejections."""

    accepted: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    records: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    failure: UnreadableFileError | None = None

    @property
    def is_well(self) -> bool:
        """Return whether the whole file was read and every row accepted."""
        return self.failure is None and not self.codes


class UnknownFormatError(Exception):
    """A file's name does not say how it is to be read; the message says which names do."""


def try_file(contract: Contract[Any], path: Path, *, records: int, rejections: int | None) -> Trial:
    """Read a file of any size by its name's format; ``None`` keeps every rejection.

    Raises:
        OSError: the file cannot be read.
        UnknownFormatError: its name ends in none of the known suffixes.

    """
    known = file_format(path.name)
    if known is None:
        problem = f"{path.name} has no known format; its name must end in one of"
        raise UnknownFormatError(f"{problem} {', '.join(SUFFIXES)}")
    trial, file = Trial(), trial_file(contract, path.name)
    try:
        for row in read_rows(_watched(path), known, contract.form):
            _add(trial, contract, file, row, records=records, rejections=rejections)
    except UnreadableFileError as error:
        trial.failure = error
    return trial


def _add(
    trial: Trial,
    contract: Contract[Any],
    file: SourceFile,
    row: Row,
    *,
    records: int,
    rejections: int | None,
) -> None:
    record = record_item(file, contract, row)
    if record.rejection is None:
        trial.accepted += 1
        if len(trial.records) < records:
            trial.records.append((record.record_id, standard_form(contract, row)))
        return
    trial.codes[record.rejection.code] += 1
    if rejections is None or len(trial.rejected) < rejections:
        rejected = RejectedRow(row=row.number, line=row.line, rejection=record.rejection)
        trial.rejected.append(rejected)


def standard_form(contract: Contract[Any], row: Row) -> dict[str, Any]:
    """Return the standard form of a row that the contract accepts."""
    own, _ = without_marks(row)
    if isinstance(own, CsvRow):
        return contract.from_csv(own.fields)
    return contract.from_json(own.raw)


def _watched(path: Path) -> Iterator[bytes]:
    return watched(_chunks(path), path.name, path.stat().st_size)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def trial_file(contract: Contract[Any], name: str = "trial") -> SourceFile:
    """Return a file of the contract's dataset that was never put anywhere."""
    return SourceFile(
        bucket="trial",
        key=name,
        version="trial",
        timestamp=_WHEN,
        size_bytes=0,
        dataset=contract.dataset,
        contract_version=contract.version,
        origin_region="",
    )
