"""A ledger entry as attributes of the file's item, and back."""

from collections.abc import Mapping
from typing import Any

from services.processor.runtime.attributes import Attribute
from services.processor.runtime.storage.ledger_entry import Counts, Entry, Failure, Rejections

Values = dict[str, Attribute]


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


def encoded(entry: Entry) -> Values:
    """Return the attributes that an entry sets; those that identify the file are not among them."""
    values: Values = {
        "status": {"S": entry.status},
        "rowsRead": {"N": str(entry.counts.rows_read)},
        "rowsAccepted": {"N": str(entry.counts.rows_accepted)},
        "rowsRejected": {"N": str(entry.counts.rows_rejected)},
        "itemsWritten": {"N": str(entry.counts.items_written)},
        "rejections": {"M": {c: _example(r) for c, r in entry.counts.rejections.items()}},
    }
    return values if entry.failure is None else {**values, "failure": _reason(entry.failure)}


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
