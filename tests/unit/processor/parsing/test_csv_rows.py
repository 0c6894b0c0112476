import pytest

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.parsing import BadRow, CsvRow, Row, read_rows


def rows_of(*chunks: bytes) -> list[Row]:
    return list(read_rows(chunks, "csv"))


def fields_of(data: bytes) -> list[dict[str, str]]:
    return [row.fields for row in rows_of(data) if isinstance(row, CsvRow)]


def refusal_of(data: bytes) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as refusal:
        rows_of(data)
    return refusal.value


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last_end", [True, False])
def test_each_record_is_a_row_with_the_names_of_the_header(end: bytes, *, last_end: bool) -> None:
    data = end.join([b"id,name", b"1,Ana", b"", b"2,B\xc3\xbc"]) + end * last_end

    assert rows_of(data) == [
        CsvRow(1, b"1,Ana", {"id": "1", "name": "Ana"}),
        CsvRow(2, b"2,B\xc3\xbc", {"id": "2", "name": "B\u00fc"}),
    ]


def test_a_header_alone_has_no_rows() -> None:
    assert rows_of(b"id,name\n") == []


def test_quotes_hold_commas_newlines_and_quotes() -> None:
    data = b'a,b\n"x,y","line\r\n""two"""\n,""\n'

    assert fields_of(data) == [{"a": "x,y", "b": 'line\r\n"two"'}, {"a": "", "b": ""}]


def test_a_quote_within_a_field_is_a_character() -> None:
    assert fields_of(b'a,b\n5" pipe, "x\n1,2\n') == [
        {"a": '5" pipe', "b": ' "x'},
        {"a": "1", "b": "2"},
    ]


def test_header_names_lose_the_blanks_around_them() -> None:
    assert fields_of(b'\xef\xbb\xbf id ,"name "\n 1 ,2\n') == [{"id": " 1 ", "name": "2"}]


def test_a_bad_row_says_why_and_does_not_stop_the_file() -> None:
    data = b'a,b\n1\n1,2,3\n"x"y,1\n\xff,1\n1\r2,3\n1,2\n'

    assert rows_of(data) == [
        BadRow(1, b"1", 1, "RAGGED_ROW", "expected 2 fields, got 1"),
        BadRow(2, b"1,2,3", 5, "RAGGED_ROW", "expected 2 fields, got 3"),
        BadRow(3, b'"x"y,1', 6, "MALFORMED_ROW", "',' expected after '\"'"),
        BadRow(4, b"\xff,1", 3, "INVALID_UTF8", "byte 0 of the row is not valid UTF-8"),
        BadRow(
            5,
            b"1\r2,3",
            5,
            "MALFORMED_ROW",
            "new-line character seen in unquoted field",
        ),
        CsvRow(6, b"1,2", {"a": "1", "b": "2"}),
    ]


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_row_over_the_limit_does_not_stop_the_file(quote: bytes) -> None:
    field = b"x" * 1024 * 1024

    too_large, last = rows_of(b"a,b\n1,", quote, field, quote, b"\n2,3\n")

    assert isinstance(too_large, BadRow)
    assert (too_large.code, too_large.number) == ("ROW_TOO_LARGE", 1)
    assert too_large.raw_bytes == len(field) + 2 + 2 * len(quote)
    assert too_large.raw == (b"1," + quote + field)[:4096]
    assert last == CsvRow(2, b"2,3", {"a": "2", "b": "3"})


def test_line_ends_are_not_part_of_a_row_however_many_there_are() -> None:
    many = b"\r" * 1_100_000

    assert rows_of(b"a,b\n" + many + b"\n1,2" + many + b"\n") == [
        CsvRow(1, b"1,2", {"a": "1", "b": "2"})
    ]


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_field_as_large_as_a_row_may_be_is_read(quote: bytes) -> None:
    value = "x" * (1024 * 1024 - 2)

    assert fields_of(b"a\n" + quote + value.encode() + quote + b"\n") == [{"a": value}]


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (b"a,b,a\n1,2,3\n", "DUPLICATE_HEADER", "column 3 repeats the name 'a'"),
        (b"a,b, a\n1,2,3\n", "DUPLICATE_HEADER", "column 3 repeats the name 'a'"),
        (b"a,,c\n1,2,3\n", "BLANK_HEADER", "column 2 has no name"),
        (b'a,b," "\n1,2,3\n', "BLANK_HEADER", "column 3 has no name"),
        (b"<!doctype html>\n", "NOT_CSV", "file begins like HTML, XML or JSON"),
        (b'{"a":1}\n', "NOT_CSV", "file begins like HTML, XML or JSON"),
        (b"\n [1,2]\n", "NOT_CSV", "file begins like HTML, XML or JSON"),
        (b"a,\xe9\n1,2\n", "NOT_UTF8", "byte 2 of the header is not valid UTF-8"),
        (b"a,b\r1,2\r3,4\r", "BARE_CR", "lines end in CR alone; use LF or CRLF"),
        (b"a,b\r" + b"1,2\r" * 300_000, "BARE_CR", "lines end in CR alone; use LF or CRLF"),
        (b'"a"b,c\n', "MALFORMED_HEADER", "malformed header: ',' expected after '\"'"),
        (
            b"a" * 1_048_577,
            "HEADER_TOO_LARGE",
            "header of 1048577 bytes exceeds the limit of 1048576",
        ),
        (b'"a,b\n1,2\n', "UNTERMINATED_QUOTE", "a quote in the header is never closed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_without_a_usable_header_is_refused(data: bytes, code: str, message: str) -> None:
    refusal = refusal_of(data)

    assert (refusal.code, refusal.message, refusal.row) == (code, message, None)


def test_a_quote_that_is_never_closed_is_refused_with_its_row() -> None:
    refusal = refusal_of(b'a,b\n1,2\n3,"4\n5,6\n')

    assert (refusal.code, refusal.row) == ("UNTERMINATED_QUOTE", 2)


def test_an_error_quotes_only_the_beginning_of_a_name() -> None:
    refusal = refusal_of(b"a" * 100_000 + b"," + b"a" * 100_000 + b"\n")

    assert refusal.code == "DUPLICATE_HEADER"
    assert len(refusal.message) == 1024
    assert len(str(refusal)) < 1100
