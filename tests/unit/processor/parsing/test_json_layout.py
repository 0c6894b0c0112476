"""Objects may be laid out one per line, over many lines, or one right after another."""

import pytest

from services.processor.runtime.parsing import JsonRow, Row, read_rows


def rows_of(data: bytes) -> list[Row]:
    return list(read_rows([data], "json"))


def raws_of(data: bytes) -> list[bytes]:
    return [row.raw for row in rows_of(data)]


@pytest.mark.parametrize(
    "first", [b'{"a":{"b":1}', b'{"a":"}', b'{"a":"x,', b"{", b'{"a":[1', b'{"a":"b"']
)
def test_a_first_line_that_is_cut_off_is_a_bad_row_only(first: bytes) -> None:
    assert raws_of(first + b'\n\n{"b":2}\n{"c":3}\n') == [first, b'{"b":2}', b'{"c":3}']


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":{"b":1}\n}',
        b'{"a":{"b":1}\n,"c":2}',
        b'{"x":[{"a":1},{"b":2}\n,{"c":3}]}',
        b'{"x":[{"a":1},\n{"b":2}]}',
        b'{"x":\n\n{"b":2}}',
        b'{"x":[{}\n' + b" " * 2_000_000 + b"]}",
    ],
)
def test_an_object_may_be_broken_over_lines_anywhere(data: bytes) -> None:
    rows = rows_of(data)

    assert [row.raw[:4096] for row in rows] == [data[:4096]]


def test_a_pretty_printed_object_is_one_row() -> None:
    data = b'{\n  "a": {"b": "}\\""}\n}\n'

    assert rows_of(data) == [JsonRow(1, b'{\n  "a": {"b": "}\\""}\n}')]


def test_pretty_printed_objects_one_after_another_are_rows() -> None:
    assert raws_of(b'{\n"a":1}\n{\n"b":2}{"c":3}') == [b'{\n"a":1}', b'{\n"b":2}', b'{"c":3}']


def test_objects_without_anything_between_them_are_rows() -> None:
    assert raws_of(b'{"a":1}{"b":2} {"c":"}"}') == [b'{"a":1}', b'{"b":2}', b'{"c":"}"}']
