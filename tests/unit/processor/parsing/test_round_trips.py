"""Whatever a common library writes is read back equal and in order."""

import csv
import io
import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_form import FileForm
from services.processor.runtime.parsing import CsvRow, JsonRow, Row, read_rows

Record = dict[str, object]
BREAKS = ["\n", " ", "\r\n", "\n  \n"]
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s"{}\[\]:,]+|[{}\[\]:,]')

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
records = st.lists(st.fixed_dictionaries({"value": values}), min_size=1, max_size=5)
# Without a bare CR, which the csv writers of some Python versions do not quote.
cells = st.text(st.sampled_from(['"', ",", "\n", "a", "é", "😀", " ", "\\"]), max_size=5) | st.text(
    st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=5
)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), max_size=5)
)


def as_array(records: list[Record]) -> str:
    return json.dumps(records)


def as_pretty_array(records: list[Record]) -> str:
    return json.dumps(records, indent=1, ensure_ascii=False)


def as_lines(records: list[Record]) -> str:
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records)


def as_pretty_objects(records: list[Record]) -> str:
    return "\n".join(json.dumps(record, indent=2) for record in records)


def as_one_run(records: list[Record]) -> str:
    return "".join(json.dumps(record) for record in records)


@pytest.mark.parametrize(
    "write", [as_array, as_pretty_array, as_lines, as_pretty_objects, as_one_run]
)
@given(records=records)
def test_json_comes_back(write: Callable[[list[Record]], str], records: list[Record]) -> None:
    data = write(records).encode()

    rows = list(read_rows([data], "json"))

    assert [json.loads(row.raw) for row in rows if isinstance(row, JsonRow)] == records
    assert [row.number for row in rows] == list(range(1, len(records) + 1))


brackets = st.recursive(
    st.sampled_from([{}, [], 1, '}"{']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=8,
)
objects = st.dictionaries(st.sampled_from("abc"), brackets | values, max_size=3)


@given(record=objects, breaks=st.lists(st.tuples(st.integers(0), st.sampled_from(BREAKS))))
def test_an_object_comes_back_however_it_is_broken_over_lines(
    record: Record, breaks: list[tuple[int, str]]
) -> None:
    tokens = TOKEN.findall(json.dumps(record))
    for at, line_break in breaks:
        tokens[at % len(tokens)] += line_break

    [row] = read_rows(["".join(tokens).encode()], "json")

    assert json.loads(row.raw) == record


@given(
    record=objects,
    indent=st.none() | st.integers(0, 2) | st.just("\t"),
    separators=st.sampled_from([(",", ":"), ("\n,", ": "), (",\n", ":\n"), (", ", "\n: ")]),
)
def test_an_object_comes_back_however_json_dumps_writes_it(
    record: Record, indent: int | str | None, separators: tuple[str, str]
) -> None:
    text = json.dumps(record, indent=indent, separators=separators)

    [row] = read_rows([text.encode()], "json")

    assert json.loads(row.raw) == record


CSV_TOKENS = ['"', '"', "D", "D", "\n", "\n", "\r\n", "\r", " ", "a", "\0"]
FORMS = [(",", "utf-8"), (";", "cp1252"), ("\t", "utf-16"), ("|", "utf-8-sig"), ("\u00a7", "utf-8")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize(("delimiter", "encoding"), FORMS)
@given(table=tables)
def test_csv_comes_back(
    line_end: str, quoting: Literal[0, 1], delimiter: str, encoding: str, table: list[list[str]]
) -> None:
    names = [f"column {at}" for at in range(len(table[0]) if table else 2)]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerows([names, *table])
    data = text.getvalue().encode(encoding, "ignore")
    expected = list(csv.reader(io.StringIO(data.decode(encoding), newline=""), delimiter=delimiter))
    if quoting == csv.QUOTE_MINIMAL:
        # Without quotes, several empty cells are a blank line.
        expected = [cells for cells in expected if any(cells) or len(cells) == 1]

    rows = list(read_rows([data], "csv", FileForm(delimiter=delimiter, encoding=encoding)))

    assert [row.fields for row in rows if isinstance(row, CsvRow)] == [
        dict(zip(names, cells, strict=True)) for cells in expected[1:]
    ]
    assert [row.number for row in rows] == list(range(1, len(expected)))


@pytest.mark.parametrize(("delimiter", "encoding"), FORMS)
@given(text=st.lists(st.sampled_from(CSV_TOKENS)).map("".join))
def test_what_is_accepted_reads_as_the_standard_library_reads_it(
    delimiter: str, encoding: str, text: str
) -> None:
    text = f"xDy\n{text}".replace("D", delimiter)
    form = FileForm(delimiter=delimiter, encoding=encoding)

    accepted = [
        row for row in rows_before_a_refusal(text.encode(encoding), form) if isinstance(row, CsvRow)
    ]

    for row in accepted:
        [cells] = csv.reader(
            io.StringIO(row.raw.decode(), newline=""), delimiter=delimiter, strict=True
        )
        assert list(row.fields.values()) == cells
        start = row.raw.decode().split("\n")[0]
        assert start.rstrip("\r") == text.split("\n")[row.line - 1].rstrip("\r")


def rows_before_a_refusal(data: bytes, form: FileForm) -> list[Row]:
    rows: list[Row] = []
    with suppress(UnreadableFileError):
        rows.extend(read_rows([data], "csv", form))
    return rows
