"""A JSON file is one array, or a stream of values that follow one another in any layout."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.parsing import BadRow, JsonRow, Row, read_rows

OVER_THE_LIMIT = b'{"a":"' + b"x" * 1024 * 1024 + b'"}'


def rows_of(*chunks: bytes) -> list[Row]:
    return list(read_rows(chunks, "json"))


def raws_of(data: bytes) -> list[bytes]:
    return [row.raw for row in rows_of(data)]


def places_of(data: bytes) -> list[tuple[int, int, bytes]]:
    """Return number, line and bytes of each row; all of them must be good."""
    rows = rows_of(data)
    assert all(isinstance(row, JsonRow) for row in rows)
    return [(row.number, row.line, row.raw) for row in rows]


def refusal_of(data: bytes) -> tuple[list[bytes], UnreadableFileError]:
    """Return the rows before the error, and the error."""
    raws: list[bytes] = []
    reading = (row.raw for row in read_rows([data], "json"))
    with pytest.raises(UnreadableFileError) as refusal:
        raws.extend(reading)
    return raws, refusal.value


def test_an_array_gives_one_row_for_each_element() -> None:
    data = b' [ {"a": 1} ,\n{"b":["]",{}]}, null,"x,y",\n\n-1.5e3 ]\n'

    assert places_of(data) == [
        (1, 1, b'{"a": 1}'),
        (2, 2, b'{"b":["]",{}]}'),
        (3, 2, b"null"),
        (4, 2, b'"x,y"'),
        (5, 4, b"-1.5e3"),
    ]


def test_an_empty_array_has_no_rows() -> None:
    assert rows_of(b"[ ]\n") == []


def test_lines_give_one_row_each_and_blank_lines_none() -> None:
    data = b'\n{"a":1}\r\n\n  \t\n {"b":2} \n{"c":3}'

    assert places_of(data) == [(1, 2, b'{"a":1}'), (2, 5, b'{"b":2}'), (3, 6, b'{"c":3}')]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{}\n{\n  "a": 1\n}\n{\n  "a": 2\n}\n', [(1, 1), (2, 2), (3, 5)]),
        (b'{"a":1}\n{"a":2}{"a":3}\n{"a":4}\n', [(1, 1), (2, 2), (3, 2), (4, 3)]),
        (b'{"a":1}{"a":2} {"a":"}"}\n\n{"a":4}', [(1, 1), (2, 1), (3, 1), (4, 3)]),
        (b'{\n"a":1}\n{\n"a":2}{"a":3}\n', [(1, 1), (2, 3), (3, 4)]),
        (b'{"a":{"b":1}\n}{"a":[\n{"b":2}]}', [(1, 1), (2, 2)]),
        (b'{"a":1}[2]\n[{\n"b":3}]\n', [(1, 1), (2, 1), (3, 2)]),
    ],
)
def test_values_of_a_stream_may_have_any_layout(
    data: bytes, expected: list[tuple[int, int]]
) -> None:
    assert [(number, line) for number, line, _ in places_of(data)] == expected


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":{"b":1}\n}',
        b'{"a":{"b":1}\n,"c":2}',
        b'{"x":[{"a":1},{"b":2}\n,{"c":3}]}',
        b'{"x":[{"a":1},\n{"b":2}]}',
        b'{"x":\n\n{"b":2}}',
        b'{\n  "a": {"b": "}\\""}\n}',
        b'{"a":[[[[[[[[{"b":[1,"\\u00e9",-0.5e+7,true,false,null]}]]]]]]]]}',
    ],
)
def test_an_object_may_be_broken_over_lines_anywhere(data: bytes) -> None:
    assert raws_of(data + b"\n") == [data]


@pytest.mark.parametrize("scalar", [b"null", b"-0.5", b'"text, text"', b"1e999"])
def test_a_scalar_is_one_row_wherever_it_stands(scalar: bytes) -> None:
    one = b'{"a":1}'

    assert raws_of(scalar + b"\n") == [scalar]
    assert raws_of(scalar + b"\n" + one) == [scalar, one]
    assert raws_of(one + scalar + one) == [one, scalar, one]
    assert raws_of(scalar + b" " + scalar + b"\t" + one) == [scalar, scalar, one]


def test_a_text_over_the_limit_is_a_row_that_is_too_large() -> None:
    text = b'"%s"' % (b"x" * 2_000_000)

    [row] = rows_of(text + b"\n")

    assert isinstance(row, BadRow)
    assert (row.code, row.raw_bytes, row.raw) == ("ROW_TOO_LARGE", 2_000_002, text[:4096])


@pytest.mark.parametrize(
    "data",
    [
        b"id,name\n1,Ana\n",
        b'"id","name"\n"1","Ana"\n',
        b"1,2\n3,4\n",
        b"<html></html>",
        b"nul",
        b"]",
        b"PK\x03\x04",
        b'"no end' + b"x" * 2_000_000,
        b'"' + b"x" * 2_000_000 + b'","b"',
        b"0" + b"x" * 2_000_000,
        b"nul" + b"l" * 2_000_000,
    ],
)
def test_a_file_that_is_something_else_is_refused_with_its_beginning(data: bytes) -> None:
    raws, refusal = refusal_of(data)

    assert raws == []
    assert (refusal.code, refusal.row) == ("NOT_JSON", None)
    line = data[:32].partition(b"\n")[0].decode()
    assert refusal.message == f"the file begins with `{line}`, a JSON file with `{{` or `[`"


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (b'[{"a":1}', "TRUNCATED_JSON", "line 1, column 9: the file ends where `,` or `]`"),
        (b'[{"a":1},{"b":', "TRUNCATED_JSON", "column 15: the file ends where a value is"),
        (b'[{"a":1},\n{"b":"]', "TRUNCATED_JSON", "line 2, column 8: the file ends where a double"),
        (b'{"a":1}{"b":\n', "TRUNCATED_JSON", "line 2, column 1: the file ends where a value is"),
        (b'{"a":1}\n{', "TRUNCATED_JSON", "line 2, column 2: the file ends where a field name"),
        (b'[{"a":1}]\nx', "TRAILING_DATA", "line 2, column 1: found `x` where the end of the file"),
        (b'[{"a":1}]\n{"b":2}', "TRAILING_DATA", "line 2, column 1"),
    ],
)
def test_a_file_that_is_cut_off_or_goes_on_is_refused_where_it_is(
    data: bytes, code: str, message: str
) -> None:
    raws, refusal = refusal_of(data)

    assert raws == [b'{"a":1}']
    assert (refusal.code, refusal.row) == (code, 2)
    assert message in refusal.message


def test_a_place_counts_characters_and_the_lines_before_the_text() -> None:
    _, refusal = refusal_of(b'\xef\xbb\xbf\n\n  ["\xc3\xa9\xe2\x82\xac", 1')

    assert refusal.message.startswith("line 3, column 11:")


@pytest.mark.parametrize(
    ("before", "after"), [(b"[", b',{"b":2}]'), (b"", b'\n{"b":2}\n'), (b"{}\n", b'\n{"b":2}\n')]
)
def test_a_row_over_the_limit_does_not_stop_the_file(before: bytes, after: bytes) -> None:
    rows = rows_of(before, OVER_THE_LIMIT, after)

    too_large, last = rows[-2:]
    assert isinstance(too_large, BadRow)
    assert (too_large.code, too_large.raw_bytes) == ("ROW_TOO_LARGE", 1_048_584)
    assert too_large.raw == OVER_THE_LIMIT[:4096]
    assert last == JsonRow(len(rows), b'{"b":2}', last.line)


def test_a_first_line_over_the_limit_may_hold_several_objects() -> None:
    rows = rows_of(b'{"a":"', b"}" * 2_000_000, b'"}{"b":2}')

    assert [row.number for row in rows if isinstance(row, BadRow)] == [1]
    assert rows[-1] == JsonRow(2, b'{"b":2}', 1)


@pytest.mark.parametrize("blanks", [b" " * 1_100_000, b"\r\t" * 550_000])
def test_blanks_around_a_line_are_not_part_of_it_however_many_there_are(blanks: bytes) -> None:
    rows = rows_of(b"{}\n", blanks + b"\n" + blanks + b'{"b":2}' + blanks + b"\n", blanks)

    assert rows == [JsonRow(1, b"{}", 1), JsonRow(2, b'{"b":2}', 3)]


def test_blanks_within_a_value_are_part_of_it() -> None:
    row = b'{"b":' + b" " * 1_100_000 + b"2}"

    [_, too_large] = rows_of(b"{}\n", row + b" \n")

    assert isinstance(too_large, BadRow)
    assert (too_large.code, too_large.raw_bytes) == ("ROW_TOO_LARGE", len(row))
    assert too_large.raw == row[:4096]


@pytest.mark.parametrize(("before", "after"), [(b"[", b"]"), (b"{}\n", b"\n"), (b"1 ", b"1")])
def test_a_row_of_exactly_the_limit_is_read(before: bytes, after: bytes) -> None:
    row = b'{"a":"' + b"x" * (1024 * 1024 - 8) + b'"}'

    raws = raws_of(before + row + after)

    assert row in raws


@pytest.mark.parametrize("data", [b'[{"a":"\xff"},\n{}]', b'{"a":"\xff"}\n{}\n'])
def test_a_row_that_is_not_utf8_is_bad_and_the_next_is_read(data: bytes) -> None:
    bad, good = rows_of(data)

    assert isinstance(bad, BadRow)
    assert (bad.number, bad.line) == (1, 1)
    assert (bad.code, bad.raw, bad.raw_bytes) == ("INVALID_UTF8", b'{"a":"\xff"}', 9)
    assert bad.message.startswith(
        """character 7, after '{"a":"', is the byte FF, which is not UTF-8; """
    )
    assert good == JsonRow(2, b"{}", 2)


def test_a_word_over_the_limit_is_one_row_however_long_it_is() -> None:
    digits = b"1" * 65_536

    too_large, after = rows_of(b"[", *[digits] * 48, b",\n{}]")

    assert isinstance(too_large, BadRow)
    assert (too_large.number, too_large.line, too_large.code) == (1, 1, "ROW_TOO_LARGE")
    assert after == JsonRow(2, b"{}", 2)


def test_a_text_may_follow_a_text_without_a_blank() -> None:
    assert raws_of(b'{}\n"a""b"\n{}') == [b"{}", b'"a"', b'"b"', b"{}"]


def test_nesting_of_any_depth_is_only_counted() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000

    assert raws_of(b"[" + deep + b"]") == [deep]
    assert refusal_of(b"[" * 100_000)[1].code == "TRUNCATED_JSON"


ELEMENTS = st.sampled_from(
    [
        *(b"{}", b"[]", b"7", b'"},{"', b'{"a":1}', b'{"a":[{},{}]}', b'{"a":[{"b":1},\n{"c":2}]}'),
        *(b'{"a":"},{"}', b'{"a":"},\\n{"}', b"[{},{}]", b"[[1],[2]]", b'{"a":{"b":{}},"c":{}}'),
    ]
)
GAPS = st.sampled_from([b",", b",\n", b" ,\n", b", "])


@given(st.lists(st.tuples(ELEMENTS, GAPS), min_size=1, max_size=12))
@example([(b"{}", b",\n"), (b"{}", b",\n"), (b'{"a":[{"b":1},\n{"c":2}]}', b",\n")])
@example([(b"{}", b","), (b"{}", b","), (b'{"a":"},{"}', b","), (b"{}", b"")])
def test_each_element_is_a_row_whatever_is_between_the_elements_and_in_them(
    elements: list[tuple[bytes, bytes]],
) -> None:
    text, expected = b"[", []
    for number, (element, gap) in enumerate(elements, 1):
        expected.append((number, 1 + text.count(b"\n"), element))
        text += element + (gap if number < len(elements) else b"]")

    assert places_of(text) == expected
