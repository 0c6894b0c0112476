"""A ledger entry as attributes of the file's item, and back."""

from collections.abc import Mapping
from typing import Any

from services.processor.runtime.attributes import Attribute
from services.processor.runtime.resume_point import ResumePoint
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.ledger_entry import Counts, Entry, Failure, Rejections

Values = dict[str, Attribute]
RESUME_POINT = "resumePoint"
HANDED_OVER = "handedOver"  # how often the file was left to the state machine since it was saved
# What is known of the ranges of the rows behind ``rowsRead``; see ``range_ledger``.
RANGES_PLAN, RANGES_DONE, RANGE_REJECTIONS = "rangesPlan", "rangesDone", "rangeRejections"
RANGE_SUMS = ("rangeRows", "rangeAccepted", "rangeRejected", "rangeWritten")
RANGES = (RANGES_PLAN, RANGES_DONE, *RANGE_SUMS, RANGE_REJECTIONS)
# An entry that is saved without them has none of them any more.
OPTIONAL = ("failure", RESUME_POINT, HANDED_OVER, *RANGES)


def sequencer(stored: Mapping[str, Any]) -> str:
    """Return the sequencer of the file's first event, empty if that had none."""
    # Entries of a version of the processor that did not know it have none.
    return str(stored["sequencer"]["S"]) if "sequencer" in stored else ""


def entry_of(stored: Mapping[str, Any], file: SourceFile) -> Entry:
    """Return the entry that an item holds; why it failed is not read."""
    return Entry(
        stored["status"]["S"],
        counts(stored),
        sequencer=sequencer(stored),
        resume=resume_point(stored, file),
    )


def entered(values: Values) -> str:
    """Return the update that enters these values, and removes optional ones that are not there."""
    removed = ", ".join(name for name in OPTIONAL if name not in values)
    return f"{assigned(values)} REMOVE {removed}" if removed else assigned(values)


def assigned(values: Values) -> str:
    """Return the update that enters these values."""
    return "SET " + ", ".join(_assignment(name) for name in values)


def _assignment(name: str) -> str:
    """Return the assignment of a value; the first sequencer stays, as rows carry it already."""
    value = f"if_not_exists(#{name}, :{name})" if name == "sequencer" else f":{name}"
    return f"#{name} = {value}"


def counts(stored: Mapping[str, Any]) -> Counts:
    """Return the counts in a stored entry."""
    return Counts(
        rows_read=int(stored["rowsRead"]["N"]),
        rows_accepted=int(stored["rowsAccepted"]["N"]),
        rows_rejected=int(stored["rowsRejected"]["N"]),
        items_written=int(stored["itemsWritten"]["N"]),
        rejections=rejections_of(stored, "rejections"),
    )


def rejections_of(stored: Mapping[str, Any], name: str) -> dict[str, Rejections]:
    """Return the rejections by code in an attribute, none if the entry does not have it."""
    found = stored[name]["M"] if name in stored else {}
    return {code: _rejections(each["M"]) for code, each in found.items()}


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
        "rejections": by_code(entry.counts.rejections),
    }
    if entry.failure is not None:
        values["failure"] = reason(entry.failure)
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


def by_code(rejections: Mapping[str, Rejections]) -> Attribute:
    """Return rejections by code as an attribute."""
    return {"M": {code: _example(each) for code, each in rejections.items()}}


def failure_in(stored: Mapping[str, Any]) -> Failure | None:
    """Return why a stored entry is not complete, if it says so."""
    if "failure" not in stored:
        return None
    found = stored["failure"]["M"]
    row = int(found["row"]["N"]) if "row" in found else None
    return Failure(found["code"]["S"], found["message"]["S"], row)


def reason(failure: Failure) -> Attribute:
    """Return a failure as an attribute."""
    values: Values = {"code": {"S": failure.code}, "message": {"S": failure.message}}
    if failure.row is not None:
        values["row"] = {"N": str(failure.row)}
    return {"M": values}
