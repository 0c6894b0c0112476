import msgspec
import pytest

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.parsing import BadRow, JsonRow, Row, read_rows

OVER_THE_LIMIT = b'{"a":"' + b"x" * 1024 * 1024 + b'"}'


def rows_of(*chunks: bytes) -> list[Row]:
    return list(read_rows(chunks, "json"))


def raws_of(data: bytes) -> list[bytes]:
    return [row.raw for row in rows_of(data)]


def refusal_of(data: bytes) -> tuple[list[bytes], UnreadableFileError]:
    """Return the rows before the error, and the error."""
    raws: list[bytes] = []
    reading = (row.raw for row in read_rows([data], "json"))
    with pytest.raises(UnreadableFileError) as refusal:
        raws.extend(reading)
    return raws, refusal.value


def test_an_array_gives_one_row_for_each_element() -> None:
    data = b' [ {"a": 1} ,\n{"b":["]",{}]}, null,"x,y",-1.5e3 ]\n'

    rows = rows_of(data)

    assert rows == [
        JsonRow(1, b'{"a": 1}'),
        JsonRow(2, b'{"b":["]",{}]}'),
        JsonRow(3, b"null"),
        JsonRow(4, b'"x,y"'),
        JsonRow(5, b"-1.5e3"),
    ]


def test_an_empty_array_has_no_rows() -> None:
    assert rows_of(b"[ ]\n") == []


def test_lines_give_one_row_each_and_blank_lines_none() -> None:
    data = b'\n{"a":1}\r\n\n  \t\n {"b":2} \n{"c":3}'

    assert rows_of(data) == [
        JsonRow(1, b'{"a":1}'),
        JsonRow(2, b'{"b":2}'),
        JsonRow(3, b'{"c":3}'),
    ]


def test_a_bad_line_is_a_row_like_any_other() -> None:
    data = b'{"a":1}}\n{"b":"no end\nnonsense\n{"c":3}\n'

    assert raws_of(data) == [b'{"a":1}}', b'{"b":"no end', b"nonsense", b'{"c":3}']


@pytest.mark.parametrize("scalar", [b"null", b"-0.5", b'"text, text"', b"1e999"])
def test_a_file_that_is_one_scalar_is_one_row(scalar: bytes) -> None:
    assert rows_of(scalar + b"\n") == [JsonRow(1, scalar)]


@pytest.mark.parametrize("scalar", [b'"%s"' % (b"x" * 2_000_000), b"-" + b"1" * 2_000_001])
def test_a_scalar_over_the_limit_is_a_row_that_is_too_large(scalar: bytes) -> None:
    [row] = rows_of(scalar + b"\n")

    assert isinstance(row, BadRow)
    assert (row.code, row.raw_bytes, row.raw) == ("ROW_TOO_LARGE", 2_000_002, scalar[:4096])


@pytest.mark.parametrize(
    "data",
    [
        b"id,name\n1,Ana\n",
        b'"id","name"\n"1","Ana"\n',
        b"<html></html>",
        b"1\n2\n3\n",
        b"1\n" + b" " * 100_000 + b"2",
        b"nul",
        b"]",
        b"PK\x03\x04",
        b'"no end' + b"x" * 2_000_000,
        b'"' + b"x" * 2_000_000 + b'","b"',
        b"0" + b"x" * 2_000_000,
        b"nul" + b"l" * 2_000_000,
    ],
)
def test_a_file_that_is_something_else_is_refused(data: bytes) -> None:
    raws, refusal = refusal_of(data)

    assert raws == []
    assert refusal.code == "NOT_JSON"


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (b'[{"a":1} {"b":2}]', "NOT_JSON", "expected ',' or ']', found b'{' at byte 9, row 2"),
        (b'[{"a":1},,2]', "NOT_JSON", "expected a value, found b',' at byte 9, row 2"),
        (b'[{"a":1},]', "NOT_JSON", "expected a value, found b']' at byte 9, row 2"),
        (b'[{"a":1}', "TRUNCATED_JSON", "unexpected end of file at byte 8, row 2"),
        (b'[{"a":1},{"b":', "TRUNCATED_JSON", "unexpected end of file at byte 14, row 2"),
        (b'[{"a":1},{"b":"]', "TRUNCATED_JSON", "unexpected end of file at byte 16, row 2"),
        (b'{"a":1}{"b":', "TRUNCATED_JSON", "unexpected end of file at byte 12, row 2"),
        (b'[{"a":1}]\nx', "TRAILING_DATA", "expected the end of the file, found b'x' at byte 10"),
        (b'{"a":1},\n{"b":2},\n', "TRAILING_DATA", "or the end of the file, found b','"),
    ],
)
def test_a_broken_frame_is_refused_where_it_breaks(data: bytes, code: str, message: str) -> None:
    raws, refusal = refusal_of(data)

    assert raws == [b'{"a":1}']
    assert (refusal.code, refusal.row) == (code, 2)
    assert message in refusal.message


def test_an_offset_counts_the_byte_order_mark_and_leading_blanks() -> None:
    _, refusal = refusal_of(b'\xef\xbb\xbf\n\n["a" "b"]')

    assert "at byte 10" in refusal.message


def test_an_element_that_is_invalid_inside_is_a_row_that_does_not_decode() -> None:
    raws, refusal = refusal_of(b'[{"a":1]}, {"b":2}]')

    assert raws == [b'{"a":1]']
    assert refusal.code == "NOT_JSON"
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(raws[0])


@pytest.mark.parametrize(
    ("before", "after"), [(b"[", b',{"b":2}]'), (b"", b'\n{"b":2}\n'), (b"{}\n", b'\n{"b":2}\n')]
)
def test_a_row_over_the_limit_does_not_stop_the_file(before: bytes, after: bytes) -> None:
    rows = rows_of(before, OVER_THE_LIMIT, after)

    too_large, last = rows[-2:]
    assert isinstance(too_large, BadRow)
    assert (too_large.code, too_large.raw_bytes) == ("ROW_TOO_LARGE", 1_048_584)
    assert too_large.raw == OVER_THE_LIMIT[:4096]
    assert last == JsonRow(len(rows), b'{"b":2}')


def test_a_first_line_over_the_limit_may_hold_several_objects() -> None:
    rows = rows_of(b'{"a":"', b"}" * 2_000_000, b'"}{"b":2}')

    assert [row.number for row in rows if isinstance(row, BadRow)] == [1]
    assert rows[-1] == JsonRow(2, b'{"b":2}')


@pytest.mark.parametrize("blanks", [b" " * 1_100_000, b"\r\t" * 550_000])
def test_blanks_around_a_line_are_not_part_of_it_however_many_there_are(blanks: bytes) -> None:
    rows = rows_of(b"{}\n", blanks + b"\n" + blanks + b'{"b":2}' + blanks + b"\n", blanks)

    assert rows == [JsonRow(1, b"{}"), JsonRow(2, b'{"b":2}')]


def test_blanks_within_a_line_are_part_of_it() -> None:
    row = b'{"b":' + b" " * 1_100_000 + b"2}"

    [_, too_large] = rows_of(b"{}\n", row + b" \n")

    assert isinstance(too_large, BadRow)
    assert (too_large.code, too_large.raw_bytes) == ("ROW_TOO_LARGE", len(row))
    assert too_large.raw == row[:4096]


@pytest.mark.parametrize(("before", "after"), [(b"[", b"]"), (b"{}\n", b"\n")])
def test_a_row_of_exactly_the_limit_is_read(before: bytes, after: bytes) -> None:
    row = b'{"a":"' + b"x" * (1024 * 1024 - 8) + b'"}'

    assert rows_of(before + row + after)[-1].raw == row


@pytest.mark.parametrize("data", [b'[{"a":"\xff"},{}]', b'{"a":"\xff"}\n{}\n'])
def test_a_row_that_is_not_utf8_is_bad_and_the_next_is_read(data: bytes) -> None:
    bad, good = rows_of(data)

    assert isinstance(bad, BadRow)
    assert (bad.raw, bad.code) == (b'{"a":"\xff"}', "INVALID_UTF8")
    assert bad.message.startswith("""character 7, after '{"a":"', is the byte FF: no UTF-8; """)
    assert good == JsonRow(2, b"{}")


def test_nesting_of_any_depth_is_only_counted() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000

    assert raws_of(b"[" + deep + b"]") == [deep]
    assert refusal_of(b"[" * 100_000)[1].code == "TRUNCATED_JSON"
