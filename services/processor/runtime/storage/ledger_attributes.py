"""A ledger entry as attributes of the file's item, and back."""

from collections.abc import Mapping
from typing import Any

from services.processor.runtime.attributes import Attribute
from services.processor.runtime.resume_point import ResumePoint
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.ledger_entry import Counts, Entry, Failure, Rejections

Values = dict[str, Attribute]
RESUME_POINT = "resumePoint"
OPTIONAL = ("failure", RESUME_POINT)


def sequencer(stored: Mapping[str, Any]) -> str:
    """Return the sequencer of the file's first event, empty if that had none."""
    # Entries of a version of the processor that did not know it have none.
    return str(stored["sequencer"]["S"]) if "sequencer" in stored else ""


def counts(stored: Mapping[str, Any]) -> Counts:
    """Return the counts in a stored entry."""
    rejections = stored["rejections"]["M"] if "rejections" in stored else {}
    return Counts(
        rows_read=int(stored["rowsRead"]["N"]),
        rows_accepted=int(stored["rowsAccepted"]["N"]),
        rows_rejected=int(stored["rowsRejected"]["N"]),
        items_written=int(stored["itemsWritten"]["N"]),
        rejections={code: _rejections(each["M"]) for code, each in rejections.items()},
    )


def _rejections(stored: Mapping[str, Any]) -> Rejections:
    return Rejections(
        rows=int(stored["rows"]["N"]),
        row=int(stored["row"]["N"]),
        line=int(stored["line"]["N"]),
        message=stored["message"]["S"],
        field=stored["field"]["S"] if "field" in stored else None,
    )


def resume_point(stored: Mapping[str, Any], file: SourceFile) -> ResumePoint | None:
    """Return where to resume, ``None`` if the entry has no point or one that cannot be right.

    A version of the processor that knows no points, or writes them otherwise, may have saved last.
    """
    try:
        found = stored[RESUME_POINT]["M"]
        point = ResumePoint(
            row=int(found["row"]["N"]),
            byte=int(found["byte"]["N"]),
            line=int(found["line"]["N"]),
            column=int(found["column"]["N"]),
            indentation=found["indentation"]["S"].encode(),
        )
        is_of_contract = int(found["contractVersion"]["N"]) == file.contract_version
    except (KeyError, ValueError):
        return None
    is_before_the_rest = 0 < point.row <= int(stored["rowsRead"]["N"]) + 1
    is_in_file = 0 <= point.byte < file.size_bytes
    return point if is_of_contract and is_before_the_rest and is_in_file else None


def encoded(entry: Entry, file: SourceFile) -> Values:
    """Return the attributes that an entry sets; those that identify the file are not among them.

    Of ``OPTIONAL`` attributes, those that are not set do not apply any more.
    """
    values: Values = {
        "status": {"S": entry.status},
        "rowsRead": {"N": str(entry.counts.rows_read)},
        "rowsAccepted": {"N": str(entry.counts.rows_accepted)},
        "rowsRejected": {"N": str(entry.counts.rows_rejected)},
        "itemsWritten": {"N": str(entry.counts.items_written)},
        "rejections": {"M": {c: _example(r) for c, r in entry.counts.rejections.items()}},
    }
    if entry.failure is not None:
        values["failure"] = _reason(entry.failure)
    if entry.resume is not None:
        values[RESUME_POINT] = _point(entry.resume, file)
    return values


def _point(point: ResumePoint, file: SourceFile) -> Attribute:
    return {
        "M": {
            "row": {"N": str(point.row)},
            "byte": {"N": str(point.byte)},
            "line": {"N": str(point.line)},
            "column": {"N": str(point.column)},
            "indentation": {"S": point.indentation.decode()},
            # Another contract may read another number of rows from the same bytes.
            "contractVersion": {"N": str(file.contract_version)},
        }
    }


def _example(rejections: Rejections) -> Attribute:
    example: Values = {
        "rows": {"N": str(rejections.rows)},
        "row": {"N": str(rejections.row)},
        "line": {"N": str(rejections.line)},
        "message": {"S": rejections.message},
    }
    if rejections.field is not None:
        example["field"] = {"S": rejections.field}
    return {"M": example}


def _reason(failure: Failure) -> Attribute:
    reason: Values = {"code": {"S": failure.code}, "message": {"S": failure.message}}
    if failure.row is not None:
        reason["row"] = {"N": str(failure.row)}
    return {"M": reason}
