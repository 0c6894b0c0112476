import pytest

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.parsing import BadRow, CsvRow, Row, read_rows
from tests.unit.processor.files import csv_row


def rows_of(*chunks: bytes) -> list[Row]:
    return list(read_rows(chunks, "csv"))


def fields_of(data: bytes) -> list[dict[str, str]]:
    return [row.fields for row in rows_of(data) if isinstance(row, CsvRow)]


def bad_rows_of(data: bytes) -> list[tuple[int, str, str]]:
    return [(row.line, row.code, row.message) for row in rows_of(data) if isinstance(row, BadRow)]


def refusal_of(data: bytes) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as refusal:
        rows_of(data)
    return refusal.value


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last_end", [True, False])
def test_each_record_is_a_row_with_the_names_of_the_header(end: bytes, *, last_end: bool) -> None:
    data = end.join([b"id,name", b"1,Ana", b"", b"2,B\xc3\xbc"]) + end * last_end

    assert rows_of(data) == [
        csv_row(1, b"1,Ana", {"id": "1", "name": "Ana"}, line=2),
        csv_row(2, b"2,B\xc3\xbc", {"id": "2", "name": "B\u00fc"}, line=4),
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


def test_a_row_has_the_line_of_the_file_on_which_it_begins() -> None:
    data = b'\n \r\nid,name\n1,"a\n\nb"\n,\n\n2\n"x"y,\r\n3,"c""\r\n"\r\n\xff,\n4,d'

    lines = [row.line for row in rows_of(data)]

    assert lines == [4, 9, 10, 11, 13, 14]
    assert [data.split(b"\n")[line - 1][:1] for line in lines] == [
        b"1",
        b"2",
        b'"',
        b"3",
        b"\xff",
        b"4",
    ]


def test_a_line_of_delimiters_only_is_blank() -> None:
    assert rows_of(b",,,\nid,name\n1,Ana\n,\n,,\r\n,") == [
        csv_row(1, b"1,Ana", {"id": "1", "name": "Ana"}, line=3)
    ]
    assert fields_of(b'id,name\n"",""\n, \n') == [{"id": "", "name": ""}, {"id": "", "name": " "}]


def test_nul_is_a_character_wherever_it_stands() -> None:
    data = b"i\0d,note\n" + b"1,a\0b\n" + b'2,"\0"\n' + b"3,\0\n"

    assert fields_of(data) == [
        {"i\0d": "1", "note": "a\0b"},
        {"i\0d": "2", "note": "\0"},
        {"i\0d": "3", "note": "\0"},
    ]
    assert [code for _, code, _ in bad_rows_of(b"id,note\n1,a\n" + b"\0" * 8)] == ["RAGGED_ROW"]


def test_a_bad_row_says_why_and_does_not_stop_the_file() -> None:
    data = b'a,b\n1\n1,2,3\n"x"y,1\nab\xff,1\n1\r2,3\n1,2\n'

    *bad_rows, last = rows_of(data)

    assert last == csv_row(6, b"1,2", {"a": "1", "b": "2"}, line=7)
    assert [(row.line, row.raw) for row in bad_rows] == [
        (2, b"1"),
        (3, b"1,2,3"),
        (4, b'"x"y,1'),
        (5, b"ab\xff,1"),
        (6, b"1\r2,3"),
    ]
    assert [row.code for row in bad_rows if isinstance(row, BadRow)] == [
        "RAGGED_ROW",
        "RAGGED_ROW",
        "MALFORMED_ROW",
        "INVALID_UTF8",
        "MALFORMED_ROW",
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            b"1",
            (
                "the row, '1', has 1 field, but the header has 2;"
                " an empty value has its delimiter as well, for example a,,c"
            ),
        ),
        (
            b"1,2,3",
            (
                "the row, '1,2,3', has 3 fields, but the header has 2;"
                ' a value with a delimiter in it needs quotes, for example "a,b"'
            ),
        ),
        (
            b'"x"y,1',
            (
                "field 1, '\"x\"y', goes on after its closing quote; quote the whole field, and"
                ' write a quote inside it twice, for example "5"" pipe"'
            ),
        ),
        (
            b"ab\xff,1",
            (
                "character 3, after 'ab', is the byte FF, which is not UTF-8;"
                ' save the file as UTF-8 (in Excel: "CSV UTF-8"), or have its encoding declared'
            ),
        ),
        (
            b"1\r2,3",
            (
                "field 1, '1\\r2', has a carriage return; lines end in LF or CRLF,"
                " and a value with a line break in it needs quotes around it"
            ),
        ),
    ],
    ids=["short", "long", "quote", "byte", "CR"],
)
def test_the_reason_of_a_bad_row_is_a_sentence_for_its_producer(row: bytes, message: str) -> None:
    [(_, _, reason)] = bad_rows_of(b"a,b\n1,2\n" + row)

    assert reason == message
    assert len(bad_rows_of(b"a,b\n1,2\n" + row + b"y" * 100_000)[0][2]) < 300


@pytest.mark.parametrize(
    "row",
    [
        b'1,9.50"Table, round",Oslo',
        b'1,9.50"Table, round, black",Oslo',
        b'1, "Table, round",Oslo',
        b'"1",9.50"Table, round" ,Oslo',
        b'1,a"b"c"d,x"',
    ],
)
def test_a_quote_that_opens_in_one_field_and_closes_in_another_is_malformed(row: bytes) -> None:
    [(line, code, message)] = bad_rows_of(b"id,price,name,place\n2,3,Chair,Rome\n" + row)

    assert (line, code) == (3, "MALFORMED_ROW")
    assert message.startswith("a quote opens in ")
    assert 'for example 9.50,"Table, round"' in message


@pytest.mark.parametrize(
    "row",
    [b'5" pipe,x', b'x,5" pipe', b'5",6"', b'5" ,6"', b'5" a,6" b', b'"a""b","c""d"', b'"a""b",5"'],
)
def test_inch_marks_are_text(row: bytes) -> None:
    assert bad_rows_of(b"a,b\n" + row) == []


@pytest.mark.parametrize(
    ("header", "again"),
    [
        (b"id,name", b"id,name"),
        (b"id,name", b"\xef\xbb\xbfid,name"),
        (b'"id","name"', b'\xef\xbb\xbf"id","name"'),
        (b"id,name", b'"id", name '),
        (b",name", b",name"),
        (b"id", b"id"),
    ],
)
def test_a_row_that_repeats_the_header_is_no_record(header: bytes, again: bytes) -> None:
    row = b"1,Ana" if b"," in header else b"1"

    rows = rows_of(b"\n".join([b"\xef\xbb\xbf" + header, row, again, row]))

    assert [row.code if isinstance(row, BadRow) else "" for row in rows] == [
        "",
        "REPEATED_HEADER",
        "",
    ]
    assert "the header of line 1" in bad_rows_of(b"\n".join([header, row, again]))[0][2]


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_row_over_the_limit_does_not_stop_the_file(quote: bytes) -> None:
    field = b"x" * 1024 * 1024

    too_large, last = rows_of(b"a,b\n1,", quote, field, quote, b"\n2,3\n")

    assert isinstance(too_large, BadRow)
    assert (too_large.code, too_large.number) == ("ROW_TOO_LARGE", 1)
    assert too_large.raw_bytes == len(field) + 2 + 2 * len(quote)
    assert too_large.raw == (b"1," + quote + field)[:4096]
    assert last == csv_row(2, b"2,3", {"a": "2", "b": "3"}, line=3)


def test_line_ends_are_not_part_of_a_row_however_many_there_are() -> None:
    many = b"\r" * 1_100_000

    assert rows_of(b"a,b\n" + many + b"\n1,2" + many + b"\n") == [
        csv_row(1, b"1,2", {"a": "1", "b": "2"}, line=3)
    ]


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_field_as_large_as_a_row_may_be_is_read(quote: bytes) -> None:
    value = "x" * (1024 * 1024 - 2)

    assert fields_of(b"a\n" + quote + value.encode() + quote + b"\n") == [{"a": value}]


def test_a_quote_that_is_never_closed_is_refused_with_its_row_and_line() -> None:
    refusal = refusal_of(b'a,b\n1,"2\n"\n3,"4\n5,6\n')

    assert (refusal.code, refusal.row) == ("UNTERMINATED_QUOTE", 2)
    assert "a quote in row 2, '3,\"4\\n5,6' on line 4, is never closed" in refusal.message
