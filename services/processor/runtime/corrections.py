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

from services.processor.runtime.keys import record_id
from services.processor.runtime.parsing.rows import BadRow, CsvRow, JsonRow, Row

PREFIX = "ingestion:"
CORRECTS = PREFIX + "corrects"  # for the processor
LINE = PREFIX + "line"  # for people, as the next two
CODE = PREFIX + "code"
REASON = PREFIX + "reason"
RAW = PREFIX + "raw"  # instead of the fields of a row that is no JSON object
MARKS = (CORRECTS, LINE, CODE, REASON)

MAX_REFERENCES = 10
_JSON_MARK = f'"{PREFIX}'.encode()
_REFERENCE = re.compile(r"(f[0-9a-f]{31})/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)/([1-9]\d{0,8})")


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
    """Return the row as its producer means it, and its references, empty if it has none."""
    if isinstance(row, CsvRow) and CORRECTS in row.fields:
        own = {name: cell for name, cell in row.fields.items() if not name.startswith(PREFIX)}
        return CsvRow(row.number, row.raw, own, row.line), row.fields[CORRECTS]
    if isinstance(row, JsonRow) and _JSON_MARK in row.raw:
        return _without_members(row)
    return row, ""


def _without_members(row: JsonRow) -> tuple[Row, str]:
    try:
        members = msgspec.json.decode(row.raw, type=dict[str, msgspec.Raw])
        pairs = json.loads(row.raw, object_pairs_hook=tuple)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return row, ""
    # A name that comes twice would come once only in what is written below.
    if CORRECTS not in members or len(pairs) != len(members):
        return row, ""
    corrects = str(dict(pairs)[CORRECTS])
    if RAW in members:
        return _not_corrected(row), corrects
    own = {name: value for name, value in members.items() if not name.startswith(PREFIX)}
    return JsonRow(row.number, msgspec.json.encode(own), row.line), corrects


def _not_corrected(row: JsonRow) -> BadRow:
    problem = f"the row still has the field {RAW}; write the record's own fields in its place"
    return BadRow(row.number, row.raw, len(row.raw), "NOT_CORRECTED", problem, RAW, row.line)
