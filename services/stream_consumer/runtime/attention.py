"""What people are told about a file that failed, or had too large a share of its rows rejected."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from services.stream_consumer.runtime.change import Change, ItemType, Kind
from services.stream_consumer.runtime.image import Json, JsonObject

REASONS = 3
# A verification uploads such files; people hear of them only if they fail.
CANARY_FOLDER = "canary/"
COUNTS = ("rowsRead", "rowsAccepted", "rowsRejected")


def needs_attention(change: Change, share_announced: Decimal) -> bool:
    """Return whether a file has just failed, or completed with more than this share rejected.

    A file that keeps its status has been announced before.
    """
    if change.item_type is not ItemType.FILE or change.kind is Kind.DELETED:
        return False
    if change.status == change.previous_status:
        return False
    if change.status == "FAILED":
        return True
    read, rejected = _number(change.image, "rowsRead"), _number(change.image, "rowsRejected")
    return (
        change.status == "COMPLETED"
        and rejected > share_announced * read
        and not _text(_object(change.image, "source"), "key").startswith(CANARY_FOLDER)
    )


def notice(change: Change) -> JsonObject:
    """Return the details: file and counts, the failure, the commonest reasons, and a text.

    The text is one line, because a rule hands it to a topic as JSON, in which a line break is two
    characters. It ends with the command that gets the rejected rows, if there are any.
    """
    image = change.image
    failure = _object(image, "failure") if change.status == "FAILED" else {}
    reasons = _reasons(_object(image, "rejections"))
    subject = _subject(change)
    sentences = [subject, *_failure(failure, _number(image, "rowsRead"))]
    if reasons:
        sentences.append(f"Most often: {'; '.join(map(_reason, reasons))}.")
        sentences.append(f"To get the rows: {_command(change)}")
    listed: list[Json] = [*reasons]
    return {
        "source": _object(image, "source"),
        "counts": {name: _number(image, name) for name in COUNTS},
        **({"failure": failure} if failure else {}),
        "reasons": listed,
        "subject": subject,
        "message": " ".join(sentences),
    }


def _subject(change: Change) -> str:
    key = _text(_object(change.image, "source"), "key")
    file = f"{key} (dataset {change.dataset}, {change.origin_region})"
    if change.status == "FAILED":
        return f"The file {file} failed."
    read, rejected = _number(change.image, "rowsRead"), _number(change.image, "rowsRejected")
    return f"{rejected} of {read} rows of the file {file} were rejected."


def _failure(failure: JsonObject, rows_read: int) -> Iterator[str]:
    if failure:
        row = f" in row {failure['row']}" if "row" in failure else ""
        yield f"{_text(failure, 'code')}{row}: {_words(failure)}."
        yield f"Its first {rows_read} rows are stored." if rows_read else "None of it is stored."


def _reasons(rejections: JsonObject) -> Sequence[JsonObject]:
    """Return the commonest reasons; of two equally common ones, first the earlier in the file."""
    reasons: list[JsonObject] = [{"code": c, **_object(rejections, c)} for c in rejections]
    reasons.sort(key=lambda reason: (-_number(reason, "rows"), _number(reason, "row")))
    return reasons[:REASONS]


def _reason(reason: JsonObject) -> str:
    rows = _number(reason, "rows")
    line = f", line {reason['line']}" if reason.get("line") else ""
    # A message that begins with the field needs no other word of it.
    is_named = _words(reason).startswith(_text(reason, "field"))
    field = "" if is_named else f", field {reason['field']}"
    where = f"{'first in' if rows > 1 else 'in'} row {reason.get('row')}{line}{field}"
    counted = f"{reason['code']} in {rows} rows" if rows > 1 else f"{reason['code']} once"
    return f"{counted}, {where}: {_words(reason)}"


def _command(change: Change) -> str:
    key = _text(_object(change.image, "source"), "key")
    out = f"rejected{_ending(key)}"
    return f"ops rejected {shlex.quote(key)} --region {change.origin_region} --out {out}"


def _ending(key: str) -> str:
    """Return the ending of the file's format, as the command wants it."""
    name = key.lower().removesuffix(".gz")
    return next((end for end in (".csv", ".tsv") if name.endswith(end)), ".json")


def _object(owner: Mapping[str, Json], name: str) -> JsonObject:
    value = owner.get(name)
    return value if isinstance(value, dict) else {}


def _words(reason: JsonObject) -> str:
    return " ".join(_text(reason, "message").split()).removesuffix(".")


def _text(owner: Mapping[str, Json], name: str) -> str:
    return str(owner.get(name, ""))


def _number(owner: Mapping[str, Json], name: str) -> int:
    value = owner.get(name)
    return value if isinstance(value, int) else 0
