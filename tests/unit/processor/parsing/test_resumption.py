"""Reading that resumes goes on as if it had never stopped."""

import gzip
import json
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.file_form import DEFAULT_FORM, FileForm
from services.processor.runtime.file_names import Format
from services.processor.runtime.parsing import Row, read_rows, resume_rows
from services.processor.runtime.parsing.csv_rows import csv_header, csv_rows, resumed_csv_rows
from services.processor.runtime.parsing.text import BLOCK_BYTES, Text, text_from
from services.processor.runtime.resume_point import ResumePoint, ResumePoints, no_mark
from tests.unit.processor.parsing.test_any_bytes import (
    CSV_TOKENS,
    JSON_TOKENS,
    SECTION,
    Refusal,
    csv_texts,
    cut,
    outcome_of,
)

Outcome = list[Row | Refusal]
# Long enough that a text has several blocks, and of lengths that put their ends anywhere.
lengths = st.sampled_from([20_000, BLOCK_BYTES - 5, BLOCK_BYTES]) | st.integers(9000, 70_000)


def long_texts(
    beginnings: list[bytes], between: list[bytes], long: list[tuple[bytes, bytes, bytes]]
) -> st.SearchStrategy[bytes]:
    """Return texts of long stretches, and what may come between them.

    A stretch has a beginning, a part that is repeated up to some length, and an end.
    """
    stretches = st.tuples(st.sampled_from(long), lengths).map(
        lambda drawn: drawn[0][0] + drawn[0][1] * (drawn[1] // len(drawn[0][1])) + drawn[0][2]
    )
    short = st.lists(st.sampled_from(between), max_size=2).map(b"".join)
    parts = st.lists(st.tuples(stretches, short).map(b"".join), min_size=4, max_size=9)
    return st.tuples(st.sampled_from(beginnings), parts.map(b"".join)).map(b"".join)


def outcome_and_points(
    data: bytes, file_format: Format, form: FileForm
) -> tuple[Outcome, list[ResumePoint]]:
    points: list[ResumePoint] = []
    outcome = outcome_of(lambda: read_rows([data], file_format, form, points.append))
    return outcome, [point for point in points if is_behind_a_row_of(outcome, point)]


def is_behind_a_row_of(outcome: Outcome, point: ResumePoint) -> bool:
    """Return whether the row before the point was yielded, so that the point holds."""
    before = outcome[point.row - 2 : point.row - 1]
    return bool(before) and not isinstance(before[0], tuple)


def resumed_outcome(
    data: bytes, file_format: Format, form: FileForm, point: ResumePoint
) -> Outcome:
    def chunks_from(byte: int) -> Iterator[bytes]:
        return cut(data[byte:], 50_000)

    return outcome_of(lambda: resume_rows(chunks_from, file_format, form, point))


def assert_resumes_anywhere(data: bytes, file_format: Format, form: FileForm) -> int:
    outcome, points = outcome_and_points(data, file_format, form)

    for point in points:
        assert resumed_outcome(data, file_format, form, point) == outcome[point.row - 1 :]
    return len(points)


PADDING = b" " * 200
LONG_IN_ARRAYS = [
    (b"", b" ", b""),
    (b"", b"\n", b"    "),
    (b',{"a":"', b"x", b'"}'),
    (b',{"a":"', b"\xc3\xa9", b'"}'),
    (b',{"a":', b"7", b"}"),
    (b"", b',{"b":%s1}' % PADDING, b""),
    (b"", b",[\n%s1\n]\n" % PADDING, b""),
    (b"", b'\n  ,  {"c":%s1}\n' % PADDING, b""),
    (b"", b",[[[[[[[%s]]]]]]]" % PADDING, b""),
    (b"", b',\n{"d":%s}' % PADDING, b""),
]
LONG_IN_STREAMS = [
    *((begin.lstrip(b","), part.replace(b",", b""), end) for begin, part, end in LONG_IN_ARRAYS),
    (b"", b'{"e":1%s}\n' % PADDING, b"\n"),
    (b"", b"1 %s" % PADDING, b"\n"),
    (b"", b'{"f":%s}\n' % PADDING, b"\n"),
]
MISTAKES = [*JSON_TOKENS, b'{"a":1},', b"},\n  {", b",\n{}", b"\n{}", b"}", b"]}", b'{"a":\n']
arrays = long_texts(
    [b"[1", b' [ {\n "a":1\n}', b"\xef\xbb\xbf[1", b'{"records":[1', b' { "n":[],\n "records":[{}'],
    [b"", b"", b"", b'\n,{"g":1}\n', *MISTAKES],
    LONG_IN_ARRAYS,
)
streams = long_texts(
    [b"", b"", b'{"a":1}\n', b'{"a":1}', b"\xef\xbb\xbf ", b'{"items":[{}]}'],
    [b"", b"", b"\n", b'\n{"g":1}\n', *MISTAKES],
    LONG_IN_STREAMS,
)


@pytest.mark.parametrize(
    "form",
    [
        DEFAULT_FORM,
        FileForm(records_at="records"),
        FileForm(refuses_wrappers=True),
        FileForm(encoding="utf-8-sig"),
    ],
    ids=["plain", "records", "wrappers", "mark"],
)
@given(data=arrays | streams)
def test_json_resumes_at_any_point_whatever_comes_before_and_behind(
    form: FileForm, data: bytes
) -> None:
    assert_resumes_anywhere(data, "json", form)


long_csv_texts = long_texts(
    [
        *(b"a,b\n", b'\xef\xbb\xbfa,b\r\n1,2\r\n"x",', b"sep=,\n\na,b\n", b"\n \nt\na,b\n"),
        *(b" ,b\n1,2\n", b"a,b,c\n"),
    ],
    [b"", b"", b"\n", b"\r\n", b"a,b\n", *CSV_TOKENS],
    [
        (b"x", b"x", b",y\n"),
        (b'"', b"%s\n" % (b"x" * 20), b'",y\n'),
        (b"", b"1,2%s\n" % PADDING, b""),
        (b"", b"1%s\n" % PADDING, b""),
        (b"", b"\r\n", b""),
        (b"", b'"""\n%s",1\r\n' % PADDING, b""),
        (b"a,", b" ", b"\n"),
        (b"", b",", b"\n"),
        (b"", b"\xc3\xa9", b",\xff\n"),
    ],
)
CSV_FORMS = [
    DEFAULT_FORM,
    FileForm(delimiter=";"),
    FileForm(delimiter=SECTION),
    FileForm(delimiter="\t"),
    FileForm(skip_lines=3),
]
CSV_FORM_NAMES = ["plain", "semicolon", "section", "tab", "skipped"]


def in_form(text: bytes, form: FileForm) -> bytes:
    return text.replace(b",", form.delimiter.encode())


@pytest.mark.parametrize("form", CSV_FORMS, ids=CSV_FORM_NAMES)
@given(text=long_csv_texts)
def test_csv_resumes_at_any_point_whatever_comes_before_and_behind(
    form: FileForm, text: bytes
) -> None:
    assert_resumes_anywhere(in_form(text, form), "csv", form)


@pytest.mark.parametrize("size_bytes", [1, 2, 5])
@pytest.mark.parametrize("form", CSV_FORMS, ids=CSV_FORM_NAMES)
@given(text=csv_texts)
def test_csv_resumes_wherever_a_block_ends(form: FileForm, text: bytes, size_bytes: int) -> None:
    data, delimiter = in_form(text, form), form.delimiter
    points: list[ResumePoint] = []
    outcome = outcome_of(
        lambda: csv_rows(Text(0, cut(data, size_bytes)), form, delimiter, points.append)
    )

    for point in points:
        if not is_behind_a_row_of(outcome, point):
            continue
        header = csv_header(Text(0, iter([data])), form, delimiter)
        rest = text_from(point, [data[point.byte :]])
        rows = partial(resumed_csv_rows, rest, point.row, header, delimiter, no_mark)
        assert outcome_of(rows) == outcome[point.row - 1 :]


def lines(number: int) -> bytes:
    return b"".join(b'{"n":%d,"text":"some text"}\n' % n for n in range(number))


def pretty(number: int) -> bytes:
    return json.dumps([{"n": n, "tags": ["a"]} for n in range(number)], indent=2).encode()


def array(number: int) -> bytes:
    return json.dumps([{"n": n, "tags": ["é"]} for n in range(number)], ensure_ascii=False).encode()


def jackson(number: int) -> bytes:
    records = ", ".join('{\n    "n" : %d\n  }' % n for n in range(number))  # noqa: UP031
    return b'{\n  "records" : [ ' + records.encode() + b" ]\n}"


def table(number: int) -> bytes:
    return b"n,text\r\n" + b"".join(b'%d,"a ""b"" c"\r\n' % n for n in range(number))


@pytest.mark.parametrize(
    ("write", "file_format", "form"),
    [
        (lines, "json", DEFAULT_FORM),
        (pretty, "json", DEFAULT_FORM),
        (array, "json", DEFAULT_FORM),
        (jackson, "json", FileForm(records_at="records")),
        (table, "csv", DEFAULT_FORM),
    ],
    ids=["lines", "pretty", "array", "records", "table"],
)
def test_an_ordinary_file_has_a_point_in_about_every_block(
    write: partial[bytes], file_format: Format, form: FileForm
) -> None:
    data = write(15_000)

    found = assert_resumes_anywhere(data, file_format, form)

    blocks = len(data) // BLOCK_BYTES
    assert blocks // 2 - 1 <= found <= blocks


@pytest.mark.parametrize("skip_lines", [0, 3])
@pytest.mark.parametrize("head", [b"", b" ", b"\n \r\n", b"\xef\xbb\xbf \n ", b"sep=\t\n\n"])
def test_whatever_is_before_the_header_points_lead_to_the_rows(
    head: bytes, skip_lines: int
) -> None:
    form = FileForm(delimiter="\t", skip_lines=skip_lines)
    titles = b"title\r\n" * (skip_lines - head.count(b"\n"))
    data = head + titles + b"\tname\n" + b"1\t%s\n" % (b"2" * 37) * 4_000

    assert assert_resumes_anywhere(data, "csv", form) == 2


def test_where_a_later_row_breaks_is_told_as_before() -> None:
    data = array(20_000)[:-1] + b', {"n": nan}]'
    outcome, points = outcome_and_points(data, "json", DEFAULT_FORM)

    [*_, row] = resumed_outcome(data, "json", DEFAULT_FORM, points[-1])

    assert row == outcome[-1]
    assert f"line 1, column {len(data.decode()) - 4}: " in str(row)


def test_a_broken_value_ends_where_the_indentation_of_its_line_says() -> None:
    long = b'{"a":"%s"}' % (b"x" * BLOCK_BYTES)
    data = b'[\n    %s, {"b": ,\n  {"c":1},\n]' % long
    outcome, [point] = outcome_and_points(data, "json", DEFAULT_FORM)

    assert (point.row, point.indentation) == (2, b"    ")
    assert [row.raw for row in outcome[1:] if isinstance(row, Row)] == [
        b'{"b": ,',
        b'{"c":1}',
        b"]",
    ]
    assert resumed_outcome(data, "json", DEFAULT_FORM, point) == outcome[1:]


def test_no_point_is_on_a_line_that_is_indented_too_far_to_be_stored_with_it() -> None:
    long = b'{"a":"%s"}' % (b"x" * BLOCK_BYTES)
    data = b"[\n%s%s, [], 1]" % (b" " * 300, long)

    assert outcome_and_points(data, "json", DEFAULT_FORM)[1] == []


def test_no_point_is_at_the_first_row_of_csv_as_more_rows_may_show_that_the_header_is_none() -> (
    None
):
    points: list[ResumePoint] = []
    title = b"title\n" + b"\n" * BLOCK_BYTES + b"a,b\n1,2\n"

    outcome = outcome_of(lambda: read_rows([title], "csv", DEFAULT_FORM, points.append))

    assert "HEADER_MISMATCH" in str(outcome)
    assert points == []


@pytest.mark.parametrize("file_format", ["json", "csv"])
def test_a_compressed_file_has_no_point(file_format: Format) -> None:
    data = gzip.compress(lines(20_000))

    assert outcome_and_points(data, file_format, DEFAULT_FORM)[1] == []


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_file_in_another_encoding_has_no_point(encoding: str) -> None:
    data = lines(20_000).decode().encode(encoding)

    assert outcome_and_points(data, "json", FileForm(encoding=encoding))[1] == []


def test_no_point_lies_within_a_broken_value() -> None:
    broken = b'[{"a":[\n' + b'{"b":1},\n[[[[[[[%s]]]]]]],\n' % PADDING * 1000
    outcome, points = outcome_and_points(broken + b"}\n" + lines(3000), "json", DEFAULT_FORM)

    assert len(outcome) > 5000
    assert min(point.byte for point in points) >= len(broken)


POINT = ResumePoint(4, 100, 5)
LATER = ResumePoint(9, 250, 11)


def test_the_latest_point_before_the_rows_that_are_left_is_chosen() -> None:
    points = ResumePoints(None)
    points.mark(POINT)
    points.mark(LATER)

    assert [points.after(rows) for rows in (0, 2, 3, 7, 8, 20)] == [
        *(None, None, POINT, POINT, LATER, LATER)
    ]


def test_until_there_is_a_later_point_the_one_resumed_at_stays() -> None:
    points = ResumePoints(POINT)

    assert points.after(3) == POINT
    points.mark(LATER)
    assert [points.after(rows) for rows in (5, 8)] == [POINT, LATER]
