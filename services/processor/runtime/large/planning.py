"""The next round of an open file, read with the readers that every run has."""

from collections.abc import Iterable, Iterator

from services.processor.runtime.contracts import contract_for
from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_names import file_format
from services.processor.runtime.intake.source import ObjectVersion
from services.processor.runtime.large.rounds import Cut, Planned, plan
from services.processor.runtime.parsing import Row, can_resume, read_rows, resume_rows
from services.processor.runtime.resume_point import Mark
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.ledger_entry import Entry


def planned(
    version: ObjectVersion, file: SourceFile, entry: Entry, cut: Cut, deadline: Deadline
) -> Planned | None:
    """Return the round behind the rows that ``entry`` counts; ``None`` if they cannot be cut.

    Raises:
        TransientError: the object cannot be read at the moment.

    """
    form, known = contract_for(file.key).form, file_format(file.key)
    if known is None:
        return None

    def chunks_from(byte: int) -> Iterator[bytes]:
        return _in_time(version.chunks_from(byte), deadline)

    def read(mark: Mark) -> Iterator[Row]:
        if entry.resume:
            return resume_rows(chunks_from, known, form, entry.resume, mark)
        return read_rows(chunks_from(0), known, form, mark)

    try:
        if not entry.resume and not can_resume(chunks_from(0), form):
            return None
    except UnreadableFileError:
        return None  # reading it serially has the same fault, and enters it
    return plan(
        read,
        first=entry.counts.rows_read + 1,
        resume=entry.resume,
        cut=cut,
        contract_version=file.contract_version,
    )


def _in_time(chunks: Iterable[bytes], deadline: Deadline) -> Iterator[bytes]:
    for chunk in chunks:
        deadline.check()
        yield chunk
