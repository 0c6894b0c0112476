"""What a correction file says is read back by the processor's own reader."""

import csv
import io
import json
from collections.abc import Sequence

import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from ops.correction_file import Rejected, csv_file, json_file, rejected
from services.processor.runtime.corrections import without_marks
from services.processor.runtime.file_form import DEFAULT_FORM, FileForm
from services.processor.runtime.parsing import BadRow, CsvRow, JsonRow, Row, read_rows
from tests.unit.processor.files import csv_row

FILE, TIME = "f" + 31 * "a", "2026-11-01T10:00:00.000Z"
NAMES = ("id", "note")
# A bare CR is not quoted by the csv writers of some Python versions.
cells = st.text(st.sampled_from(['"', ",", ";", "\n", "é", " ", "="]), max_size=6) | st.text(
    st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=5
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


def item(number: int, corrects: str = "", message: str = 'wrong, "so"', **more: object) -> dict:  # type: ignore[type-arg]
    source = {"key": "orders/a.csv", "row": number} | ({"corrects": corrects} if corrects else {})
    stored = {
        "recordId": f"{FILE}.{number:09d}",
        "timestamp": TIME,
        "source": source,
        "error": {"code": "WRONG_TYPE", "field": "note", "message": message, "line": number + 1},
        "raw": "",
        "rawBytes": 0,
        **more,
    }
    found: dict[str, object] = TypeSerializer().serialize(stored)["M"]
    return found


def all_rejected(rows: Sequence[Row]) -> list[Rejected]:
    return [rejected(item(row.number), row) for row in rows]


def read(lines: Sequence[bytes], known: str, form: FileForm = DEFAULT_FORM) -> list[Row]:
    return list(read_rows([b"".join(lines)], known, form))  # type: ignore[arg-type]


def reference(row: int) -> str:
    return f"{FILE}/{TIME}/{row}"


@given(table=st.lists(st.tuples(cells.filter(str.strip), cells), min_size=1, max_size=5))
def test_csv_rows_come_back_as_they_were_with_their_references(
    table: list[tuple[str, str]],
) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([NAMES, *table])
    rows = read([text.getvalue().encode()], "csv")

    again = read(list(csv_file(all_rejected(rows), NAMES, ",", DEFAULT_FORM)), "csv")

    own = [without_marks(row) for row in again]
    assert [row.fields for row, _ in own if isinstance(row, CsvRow)] == [
        dict(zip(NAMES, each, strict=True)) for each in table
    ]
    assert [corrects for _, corrects in own] == [reference(row.number) for row in rows]


@given(objects=st.lists(st.dictionaries(st.text(max_size=3), values), min_size=1, max_size=5))
def test_json_objects_come_back_as_they_were_with_their_references(
    objects: list[dict[str, object]],
) -> None:
    rows = read([json.dumps(objects, indent=1).encode()], "json")

    again = read(list(json_file(all_rejected(rows), DEFAULT_FORM)), "json")

    own = [without_marks(row) for row in again]
    assert [json.loads(row.raw) for row, _ in own] == objects
    assert [corrects for _, corrects in own] == [reference(row.number) for row in rows]


@given(raw=st.binary(max_size=60))
def test_whatever_a_json_row_is_the_file_has_one_object_for_it(raw: bytes) -> None:
    lines = list(json_file(all_rejected([JsonRow(1, raw), JsonRow(2, b'{"a": 1}')]), DEFAULT_FORM))

    first, second = json.loads(b"".join(lines))

    assert first["ingestion:corrects"] == reference(1)
    assert second["a"] == 1


@pytest.mark.parametrize(
    "raw", ["5", "[1, 2]", '"text"', "null", '{"a": ', '{"a": NaN}', "{'a': 1}", ""]
)
def test_a_row_that_is_no_object_is_text_to_be_replaced(raw: str) -> None:
    [found] = json.loads(
        b"".join(json_file(all_rejected([JsonRow(1, raw.encode())]), DEFAULT_FORM))
    )

    assert found["ingestion:raw"] == raw


def test_numbers_and_names_that_come_twice_stay_as_they_were_written() -> None:
    raw = b'{"amount": 1.10, "n": 1e400, "id": "x", "id": "y"}'

    lines = b"".join(json_file(all_rejected([JsonRow(1, raw)]), DEFAULT_FORM))

    assert raw[1:] in lines


@pytest.mark.parametrize("raw", [b'"x"y,2', b"a,b,c", b'"unfinished', b"\xff,2", b"only"])
def test_a_csv_row_that_cannot_be_read_keeps_its_bytes_and_spoils_no_other(raw: bytes) -> None:
    before = read([b"id,note\n" + raw + b"\n"], "csv") if b"unf" not in raw else []
    rows = before or [BadRow(1, raw, 9000, "ROW_TOO_LARGE", "too large")]

    lines = list(csv_file(all_rejected([*rows, csv_row(2, b"z,9", {})]), NAMES, ",", DEFAULT_FORM))

    assert b"".join(lines).endswith(b",z,9\n")
    assert len(read(lines, "csv")) == 2
    assert (raw in lines[1]) == bool(before)


@pytest.mark.parametrize("encoding", ["cp1252", "UTF8", "utf-8-sig", "utf-16"])
def test_the_file_has_the_form_of_the_datasets_producer(encoding: str) -> None:
    form = FileForm(delimiter=";", encoding=encoding, skip_lines=2)
    row = csv_row(1, "a;é€".encode(), {})

    text = b"".join(csv_file(all_rejected([row]), NAMES, ";", form)).decode(encoding)

    *title, head, line = text.splitlines()
    assert len(title) == 2
    assert head.endswith(";id;note")
    assert line.endswith(";a;é€")


def test_the_list_of_records_is_where_the_form_has_it() -> None:
    form = FileForm(records_at="result.items")

    found = json.loads(b"".join(json_file(all_rejected([JsonRow(1, b"{}")]), form)))

    assert len(found["result"]["items"]) == 1


@pytest.mark.parametrize("raw", [b'"x"y', b"two words"])
def test_a_correction_that_cannot_be_read_loses_the_fields_that_are_not_its_producers(
    raw: bytes,
) -> None:
    names = (
        "ingestion:corrects",
        "ingestion:line",
        "ingestion:code",
        "ingestion:reason",
        "id",
        "n",
    )
    marked = b'old,"2,""3""",CODE,"a, b",' + raw
    row = BadRow(1, marked, len(marked), "RAGGED_ROW", "expected 6 fields")

    lines = list(csv_file([rejected(item(1), row)], names, ",", DEFAULT_FORM))

    assert lines[0].count(b"ingestion:corrects") == 1
    assert lines[1].endswith(b'""so""",' + raw + b"\n") or lines[1].endswith(b'",' + raw + b"\n")
    assert b"CODE" not in lines[1]


def test_a_correction_of_a_json_text_keeps_the_text() -> None:
    marked = {"ingestion:corrects": "old", "ingestion:line": "1", "ingestion:raw": "5"}

    lines = json_file(all_rejected([JsonRow(1, json.dumps(marked).encode())]), DEFAULT_FORM)

    [found] = json.loads(b"".join(lines))
    assert (found["ingestion:raw"], found["ingestion:corrects"]) == ("5", reference(1))


def test_a_row_rejected_again_refers_to_every_row_that_it_corrects() -> None:
    earlier = [reference(row) for row in range(20, 40)]

    found = rejected(item(1, corrects=" ".join(earlier)), None)

    assert found.corrects.split() == [reference(1), *earlier[:9]]


def test_without_its_object_a_row_is_as_its_item_has_it() -> None:
    found = rejected(item(1, raw="a,é", rawBytes=4), None)

    assert (found.row.raw, found.line) == ("a,é".encode(), 2)
