"""Corrected rows: how a row that is sent again says which rejected row it corrects.

``ops rejected`` writes a file's rejected rows with fields of this module's own before those of the
producer. The processor takes these fields off again, so that contracts never see them, and when the
row is accepted it marks the rejected one as ``CORRECTED``. A row that is rejected once more keeps
its reference, and the next correction marks both.
"""

import json
import re
from typing import NamedTuple

import msgspec

from services.processor.runtime.declaration.json_names import name_twice
from services.processor.runtime.keys import record_id
from services.processor.runtime.parsing.rows import BadRow, CsvRow, JsonRow, Row
from services.processor.runtime.text_truncation import truncate

PREFIX = "ingestion:"
CORRECTS = PREFIX + "corrects"  # for the processor
LINE = PREFIX + "line"  # for people, as the next two
CODE = PREFIX + "code"
REASON = PREFIX + "reason"
RAW = PREFIX + "raw"  # instead of the fields of a row that is no JSON object
MARKS = (CORRECTS, LINE, CODE, REASON)

MAX_REFERENCES = 10
_JSON_MARK = f'"{PREFIX}'.encode()
_REFERENCE = re.compile(
    r"(f[0-9a-f]{31})/([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)"
    r"/([1-9][0-9]{0,8})"
)
# In a row that cannot be read: at its start, as in CSV, or in the field of a JSON object.
_WRITTEN = re.compile(
    rb'(?:\A"?|%b"[ \t\r\n]*:[ \t\r\n]*")(%b(?: %b)*)'
    % (b'"' + CORRECTS.encode(), *2 * (_REFERENCE.pattern.encode(),))
)


class RejectedRow(NamedTuple):
    """The key of a rejected row's item."""

    record_id: str
    timestamp: str


def reference(file_id: str, timestamp: str, row: int) -> str:
    """Return the text by which a corrected row refers to the rejected ``row`` of a file."""
    return f"{file_id}/{timestamp}/{row}"


def referenced(corrects: str) -> list[RejectedRow]:
    """Return the rejected rows that a text refers to; what is not a reference is ignored."""
    found = (_REFERENCE.fullmatch(word) for word in corrects.split()[:MAX_REFERENCES])
    return [RejectedRow(record_id(each[1], int(each[3])), each[2]) for each in found if each]


def without_marks(row: Row) -> tuple[Row, str]:
    """Return the row as its producer means it, and its references, empty if it has none.

    A row that cannot be read stays as it is; its references are those that can be found in it.
    """
    if isinstance(row, JsonRow):
        return _without_members(row) if _JSON_MARK in row.raw else (row, "")
    if isinstance(row, BadRow):
        return row, _written(row.raw)
    if CORRECTS in row.header:
        own = {name: cell for name, cell in row.fields.items() if not name.startswith(PREFIX)}
        unmarked = CsvRow(row.number, row.raw, tuple(own), list(own.values()), row.line)
        return unmarked, row.cells[row.header.index(CORRECTS)]
    return row, ""


def _without_members(row: JsonRow) -> tuple[Row, str]:
    try:
        members = msgspec.json.decode(row.raw, type=dict[str, msgspec.Raw])
        pairs = json.loads(row.raw, object_pairs_hook=tuple)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return row, _written(row.raw)
    if CORRECTS not in members:
        return row, ""
    value = dict(pairs)[CORRECTS]
    corrects = value if isinstance(value, str) else ""
    if len(pairs) != len(members):
        return _bad(
            row, "DUPLICATE_FIELD", "is there twice", name_twice([n for n, _ in pairs])
        ), corrects
    if RAW in members:
        problem = "is still there; write the record's own fields in its place"
        return _bad(row, "NOT_CORRECTED", problem, RAW), corrects
    own = {name: value for name, value in members.items() if not name.startswith(PREFIX)}
    return JsonRow(row.number, msgspec.json.encode(own), row.line), corrects


def _written(raw: bytes) -> str:
    found = _WRITTEN.search(raw)
    return found[1].decode() if found else ""


def _bad(row: JsonRow, code: str, problem: str, field: str) -> BadRow:
    message = f"{truncate(field)} {problem}"
    return BadRow(row.number, row.raw, len(row.raw), code, message, field, row.line)
