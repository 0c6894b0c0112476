"""Any bytes are rows or a refusal, however they are cut, and wherever reading is resumed."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from fuzzing.targets.choices import Choices
from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_form import DEFAULT_FORM, FileForm
from services.processor.runtime.file_names import Format
from services.processor.runtime.parsing import BadRow, Row, read_rows, resume_rows
from services.processor.runtime.resume_point import ResumePoint

Outcome = list[Row | tuple[str, str, int | None]]

FORMATS: Final[tuple[Format, ...]] = ("json", "csv", "tsv")
FORMS: Final = (
    DEFAULT_FORM,
    FileForm(delimiter=";", skip_lines=2),
    FileForm(records_at="data.items"),
    FileForm(refuses_wrappers=True),
    FileForm(encoding="cp1252"),
)
# Points of resumption are 64 KiB apart, so a text is made long enough to have some.
STRETCHES: Final = (*[1] * 31, 400)
MOST_ROWS: Final = 5000
SEEDS: Final = [
    b"\0\0\0\0" + b'[{"a": 1}, {"b": "\\u00e9"}]',
    b"\0\0\0\1" + b'{"a": 1}\n{"a": 2}\r\n[3]\nnull',
    b"\0\2\0\2" + b'{"data": {"items": [{"a": 1}]}}',
    b"\1\0\0\3" + b'a,b\r\n"x\ny",1\n"""",2\n',
    b"\1\1\0\4" + b"title\n\na;b\n1;2\n",
    b"\2\0\1\1" + b"a\tb\n1\t2\n",
    b"\0\0\x1f\7" + b'{"a": "' + b"x" * 200 + b'"}\n',
    b"\1\0\x1f\7" + b'"' + b"x" * 200 + b'",y\n',
]


def check(data: bytes) -> None:
    """Read a file whole, in pieces, compressed, and again from every point of resumption."""
    choices = Choices(data)
    file_format, form = choices.one_of(FORMATS), choices.one_of(FORMS)
    stretch, size_bytes = choices.one_of(STRETCHES), 1 + choices.number(256)
    text = choices.rest() * stretch
    if stretch > 1:
        size_bytes *= 512
    points: list[ResumePoint] = []
    whole = outcome_of(lambda: read_rows([text], file_format, form, points.append))
    _check_numbers(whole)
    assert outcome_of(lambda: read_rows(pieces(text, size_bytes), file_format, form)) == whole
    if stretch == 1:
        packed = gzip.compress(text, 1)
        assert outcome_of(lambda: read_rows([packed], file_format, form)) == whole
    for point in points[:: max(1, len(points) // 4)]:
        if _is_behind_a_row(whole, point):
            assert _resumed(text, file_format, form, point) == whole[point.row - 1 :]


def outcome_of(read: Callable[[], Iterator[Row]]) -> Outcome:
    """Return the rows, and the refusal that ends them if there is one; at most ``MOST_ROWS``."""
    outcome: Outcome = []
    try:
        for row in read():
            outcome.append(row)
            if len(outcome) >= MOST_ROWS:
                break
    except UnreadableFileError as refusal:
        outcome.append((refusal.code, refusal.message, refusal.row))
    return outcome


def pieces(text: bytes, size_bytes: int) -> Iterable[bytes]:
    """Cut a text into pieces."""
    return (text[at : at + size_bytes] for at in range(0, len(text), size_bytes))


def _check_numbers(outcome: Outcome) -> None:
    rows = [each for each in outcome if not isinstance(each, tuple)]
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        assert row.line >= 1
        if isinstance(row, BadRow):
            assert row.raw_bytes >= len(row.raw), row
        else:
            row.raw.decode()


def _is_behind_a_row(outcome: Outcome, point: ResumePoint) -> bool:
    before = outcome[point.row - 2 : point.row - 1]
    return bool(before) and not isinstance(before[0], tuple) and len(outcome) < MOST_ROWS


def _resumed(text: bytes, file_format: Format, form: FileForm, point: ResumePoint) -> Outcome:
    def chunks_from(byte: int) -> Iterable[bytes]:
        return pieces(text[byte:], 50_000)

    return outcome_of(lambda: resume_rows(chunks_from, file_format, form, point))
