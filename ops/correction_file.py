"""A correction file: rejected rows as their producer wrote them, ready to be corrected.

Each row begins with fields of the product's own: which row it corrects, its line, and why it was
rejected. The processor takes them off again. What follows are the very bytes of the row, so that a
row that could not be read stays as it is: a CSV row is found again where it began, after a
delimiter, and a JSON row is text if it is no object. The file has the form in which the dataset's
producer writes, so that it can be sent like any other.

A rejected row of a correction file is written with its references to the rows that it corrects, and
without the other fields of its own, so that correcting it settles them all.
"""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from ops.items import Item, plain
from services.processor.runtime.corrections import (
    CODE,
    CORRECTS,
    LINE,
    MARKS,
    MAX_REFERENCES,
    PREFIX,
    RAW,
    REASON,
    reference,
)
from services.processor.runtime.file_form import FileForm
from services.processor.runtime.parsing import BadRow, CsvRow, Row
from services.processor.runtime.parsing.encoding import is_utf8

_TITLE = b"rejected rows, to be corrected and sent again\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected:
    """A rejected row: what its item says, and the row itself.

    ``row`` is whole unless its ``raw_bytes`` say otherwise.
    """

    row: Row
    line: int
    code: str
    field: str
    message: str
    corrects: str

    @property
    def marks(self) -> dict[str, str]:
        """Return the fields that come before the producer's own."""
        is_named = self.message.startswith(self.field)
        reason = self.message if is_named else f"{self.field}: {self.message}"
        values = (self.corrects, str(self.line or ""), self.code, reason)
        return dict(zip((CORRECTS, LINE, CODE, REASON), values, strict=True))


def rejected(item: Item, row: Row | None) -> Rejected:
    """Return the rejected row of an item; without its ``row``, as far as the item has it."""
    stored = plain(item)
    source, error = stored["source"], stored["error"]
    number, of_file = int(source["row"]), stored["recordId"].partition(".")[0]
    if row is None:
        raw = stored["raw"].encode()
        row = BadRow(number, raw, int(stored["rawBytes"]), error["code"], error["message"])
    own = reference(of_file, stored["timestamp"], number)
    references = [own, *source.get("corrects", "").split()][:MAX_REFERENCES]
    return Rejected(
        row=row,
        line=row.line or int(error.get("line", 0)),
        code=error["code"],
        field=error.get("field", ""),
        message=error["message"],
        corrects=" ".join(references),
    )


def csv_file(
    rows: Iterable[Rejected], names: Sequence[str], delimiter: str, form: FileForm
) -> Iterator[bytes]:
    """Yield the lines of a CSV file; ``names`` are the columns of the file with the rows."""
    return _encoded(_csv_lines(rows, names, delimiter, form.skip_lines), form)


def json_file(rows: Iterable[Rejected], form: FileForm) -> Iterator[bytes]:
    """Yield the lines of a JSON array of objects, at the place where the form has it."""
    return _encoded(_json_lines(rows, form.records_at.split(".") if form.records_at else []), form)


def _csv_lines(
    rows: Iterable[Rejected], names: Sequence[str], delimiter: str, skip_lines: int
) -> Iterator[bytes]:
    yield from [_TITLE] * skip_lines
    own_names = [name for name in names if not name.startswith(PREFIX)]
    yield _cells([*MARKS, *own_names], delimiter) + b"\n"
    for each in rows:
        marks = _cells(list(each.marks.values()), delimiter)
        own = _own_cells(each.row, names, delimiter)
        yield b"%b%b%b\n" % (marks, delimiter.encode(), own)


def _json_lines(rows: Iterable[Rejected], path: Sequence[str]) -> Iterator[bytes]:
    yield "".join(f"{{{json.dumps(name)}: " for name in path).encode() + b"["
    separator = b"\n"
    for each in rows:
        marks = json.dumps(each.marks, ensure_ascii=False).encode(errors="replace")
        own = _own_members(each.row)
        joint = b", " if own else b""
        yield b"%b%b%b%b}" % (separator, marks[:-1], joint, own)
        separator = b",\n"
    yield b"\n]" + b"}" * len(path) + b"\n"


def _encoded(lines: Iterator[bytes], form: FileForm) -> Iterator[bytes]:
    if is_utf8(form.encoding):
        return lines  # bytes that are not UTF-8 stay as they are
    encoder = codecs.getincrementalencoder(form.encoding)(errors="replace")
    return (encoder.encode(line.decode(errors="replace")) for line in lines)


def _cells(values: Sequence[str], delimiter: str) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="").writerow(values)
    return line.getvalue().encode(errors="replace")


def _own_cells(row: Row, names: Sequence[str], delimiter: str) -> bytes:
    if _is_cut_off(row):
        return b""  # its end is missing, and with it the end of its quotes
    if not any(name.startswith(PREFIX) for name in names):
        return row.raw
    if isinstance(row, CsvRow):
        own = [cell for name, cell in row.fields.items() if not name.startswith(PREFIX)]
        return _cells(own, delimiter)
    if tuple(names[: len(MARKS)]) != MARKS:
        return row.raw
    field = rb'(?:"[^"]*+(?:""[^"]*+)*"|[^"%b]*+)%b' % ((re.escape(delimiter.encode()),) * 2)
    leading = re.match(rb"(?:%b){%d}" % (field, len(MARKS)), row.raw)
    return row.raw[leading.end() :] if leading else row.raw


def _own_members(row: Row) -> bytes:
    """Return the members of the object that a row is, else one with its text."""
    members = _members(row)
    if members is None:
        text = row.raw.decode(errors="replace")
        return json.dumps({RAW: text}, ensure_ascii=False).encode()[1:-1]
    if not any(name.startswith(PREFIX) for name in members):
        return row.raw.strip()[1:-1].strip()  # the text itself, with names that come twice
    own = {name: v for name, v in members.items() if name == RAW or not name.startswith(PREFIX)}
    return msgspec.json.encode(own)[1:-1]


def _members(row: Row) -> Mapping[str, msgspec.Raw] | None:
    if _is_cut_off(row):
        return None
    try:
        row.raw.decode()
        return msgspec.json.decode(row.raw, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _is_cut_off(row: Row) -> bool:
    return isinstance(row, BadRow) and row.raw_bytes > len(row.raw)
