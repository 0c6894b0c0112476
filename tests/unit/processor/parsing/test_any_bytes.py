"""Nothing depends on how the bytes arrive, and no bytes do more than fail the file."""

import gzip
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_form import DEFAULT_FORM, FileForm
from services.processor.runtime.file_names import Format
from services.processor.runtime.parsing import BadRow, Row, read_rows
from services.processor.runtime.parsing.csv_rows import csv_rows
from services.processor.runtime.parsing.json_rows import json_rows
from services.processor.runtime.parsing.text import Text

Refusal = tuple[str, str, int | None]
Reader = Callable[[Text], Iterator[Row]]

JSON_TOKENS = [b"{", b"}", b"[", b"]", b'"', b"\\", b",", b":", b" ", b"\n", b"\r", b"1", b"null"]
JSON_TOKENS += [b"\xc3\xa9", b"\xff", b'{"a":1}', b'{"b":[{"c":"\\""}]}', b"[[[[[[[1]]]]]]]"]
CSV_TOKENS = [
    b'"',
    b'""',
    b",",
    b"\n",
    b"\r\n",
    b"\r",
    b"a",
    b"\xc3\xa9",
    b"\xff",
    b'"x\ny"',
    b"\0",
]
CSV_TOKENS += [b"\xef\xbb\xbf", b";", b"a,b"]


JSON_TEXT = rb"""
[{"a\"\\":"\\", "b" :[1,{"c":"}\u00e9\\\"]"}]} , [[[[[[[{"":[]}]]]]]]],"x\"",-12e3,null,{}]
""".strip()
CSV_TEXT = (
    b'a,"b ""q"""\r\n"x\r\ny",\xc3\xa9\r\n,""\n5" ,"""\n"""\r\n"",\r\n"x"y,1\n\xff,1\n1\n"",2'
)
SECTION = "\u00a7"  # two bytes in UTF-8


def texts(tokens: list[bytes], *beginnings: bytes) -> st.SearchStrategy[bytes]:
    rest = st.lists(st.sampled_from(tokens), max_size=40).map(b"".join)
    return st.tuples(st.sampled_from(beginnings), rest).map(b"".join)


json_texts = texts(JSON_TOKENS, b"[", b"[{},", b"{", b"{}\n", b'"', b"1")
csv_texts = texts(CSV_TOKENS, b"a,b\n", b'"', b"a", b"sep=", b",", b"a\0b\0")


def cut(data: bytes, size_bytes: int) -> Iterator[bytes]:
    return (data[at : at + size_bytes] for at in range(0, len(data), size_bytes))


def outcome_of(read: Callable[[], Iterator[Row]]) -> list[Row | Refusal]:
    """Return all rows, and the error that ends them, if any; another error fails the test."""
    outcome: list[Row | Refusal] = []
    try:
        outcome.extend(read())
    except UnreadableFileError as refusal:
        outcome.append((refusal.code, refusal.message, refusal.row))
    return outcome


def read_json(text: Text) -> Iterator[Row]:
    return json_rows(text, DEFAULT_FORM)


def read_csv(text: Text) -> Iterator[Row]:
    return csv_rows(text, DEFAULT_FORM, ",")


def read_sections(text: Text) -> Iterator[Row]:
    return csv_rows(text, DEFAULT_FORM, SECTION)


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (read_json, JSON_TEXT),
        (read_csv, CSV_TEXT),
        (read_sections, CSV_TEXT.replace(b",", SECTION.encode())),
    ],
    ids=["json", "csv", "sections"],
)
def test_a_text_may_be_cut_anywhere(reader: Reader, text: bytes) -> None:
    whole = list(reader(Text(0, iter([text]))))

    for at in range(1, len(text)):
        assert list(reader(Text(0, iter([text[:at], text[at:]])))) == whole


@pytest.mark.parametrize("size_bytes", [1, 2, 3, 7])
@pytest.mark.parametrize(
    ("reader", "texts"), [(read_json, json_texts), (read_csv, csv_texts)], ids=["json", "csv"]
)
@given(data=st.data())
def test_a_row_is_the_same_wherever_it_is_cut(
    reader: Reader, texts: st.SearchStrategy[bytes], size_bytes: int, data: st.DataObject
) -> None:
    text = data.draw(texts)

    whole = outcome_of(lambda: reader(Text(0, iter([text]))))
    pieces = outcome_of(lambda: reader(Text(0, cut(text, size_bytes))))

    assert pieces == whole


@pytest.mark.parametrize("file_format", ["json", "csv"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@given(text=st.binary(max_size=60) | json_texts | csv_texts, size_bytes=st.integers(1, 9))
def test_any_bytes_give_numbered_rows_or_a_refusal_however_they_arrive(
    pack: Callable[[bytes], bytes], file_format: Format, text: bytes, size_bytes: int
) -> None:
    file = pack(text)

    outcome = outcome_of(lambda: read_rows(cut(file, size_bytes), file_format))

    rows = [each for each in outcome if not isinstance(each, tuple)]
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) >= len(outcome) - 1
    assert outcome == outcome_of(lambda: read_rows([file], file_format))


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", "\u00a7"), ("cp1252", ";"), ("utf-16", "\t"), ("shift_jis", "|"), ("ascii", " ")],
)
@given(
    text=st.binary(max_size=60) | csv_texts, skip_lines=st.integers(0, 2), size=st.integers(1, 9)
)
def test_any_bytes_are_read_the_same_in_any_form(
    encoding: str, delimiter: str, text: bytes, skip_lines: int, size: int
) -> None:
    form = FileForm(encoding=encoding, delimiter=delimiter, skip_lines=skip_lines)

    pieces = outcome_of(lambda: read_rows(cut(text, size), "csv", form))

    assert pieces == outcome_of(lambda: read_rows([text], "csv", form))


@pytest.mark.parametrize(
    ("file_format", "texts"), [("json", json_texts), ("csv", csv_texts)], ids=["json", "csv"]
)
@given(data=st.data())
def test_a_bad_row_keeps_its_bytes(
    file_format: Format, texts: st.SearchStrategy[bytes], data: st.DataObject
) -> None:
    text = data.draw(texts)

    outcome = outcome_of(lambda: read_rows([text], file_format))

    for bad_row in (each for each in outcome if isinstance(each, BadRow)):
        assert bad_row.raw in text
        assert bad_row.raw_bytes == len(bad_row.raw)
