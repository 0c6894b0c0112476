import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.processor.runtime.attributes import Item, attributes_of
from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.corrections import (
    RejectedRow,
    reference,
    referenced,
    without_marks,
)
from services.processor.runtime.item import record_item
from services.processor.runtime.parsing import BadRow, JsonRow, Row
from tests.unit.processor.files import csv_row, order_json, order_row, source_file

FILE_ID = "f" + "0" * 31
PUT = "2026-01-31T12:00:00.000Z"
ROW_12 = RejectedRow(FILE_ID + ".000000012", PUT)
MARKS = {
    "ingestion:corrects": reference(FILE_ID, PUT, 12),
    "ingestion:line": "13",
    "ingestion:code": "BAD_FORMAT",
    "ingestion:reason": "not a date",
}
FILE = source_file(dataset="orders")


def corrects_of(item: Item) -> object:
    source = item["source"]["M"]
    assert isinstance(source, dict)
    return source["corrects"]["S"]


def test_the_contract_never_sees_the_marks_of_a_csv_row() -> None:
    row = csv_row(1, b"", MARKS | order_row())

    assert without_marks(row) == (csv_row(1, b"", order_row()), MARKS["ingestion:corrects"])


def test_the_contract_never_sees_the_marks_of_a_json_row_and_numbers_stay_exact() -> None:
    raw = json.dumps(MARKS)[:-1].encode() + b', "n": 1.10, "big": 12345678901234567890.5}'

    own, corrects = without_marks(JsonRow(1, raw))

    assert own == JsonRow(1, b'{"n":1.10,"big":12345678901234567890.5}')
    assert corrects == MARKS["ingestion:corrects"]


@pytest.mark.parametrize("row", [csv_row(1, b"", MARKS | order_row())])
def test_an_accepted_correction_names_the_row_it_corrects(row: Row) -> None:
    record = record_item(FILE, CONTRACTS["orders"], row)

    assert record.rejection is None
    assert list(record.corrects) == [ROW_12]
    source = attributes_of(record.item)["source"]["M"]
    assert isinstance(source, dict)
    assert source["corrects"] == {"S": MARKS["ingestion:corrects"]}


def test_a_correction_that_is_rejected_corrects_nothing_and_keeps_its_reference() -> None:
    raw = json.dumps(MARKS | {"id": "o-1"}).encode()

    record = record_item(FILE, CONTRACTS["orders"], JsonRow(1, raw))

    assert record.rejection is not None
    assert list(record.corrects) == []
    source = attributes_of(record.item)["source"]["M"]
    assert isinstance(source, dict)
    assert source["corrects"] == {"S": MARKS["ingestion:corrects"]}


def test_a_row_that_was_no_object_must_be_written_anew() -> None:
    raw = json.dumps(MARKS | {"ingestion:raw": "{oops"}).encode()

    own, _ = without_marks(JsonRow(1, raw, 7))

    assert isinstance(own, BadRow)
    assert (own.code, own.field, own.line) == ("NOT_CORRECTED", "ingestion:raw", 7)


def test_a_corrected_row_with_a_name_twice_is_refused_by_every_contract() -> None:
    raw = json.dumps(MARKS)[:-1].encode() + b', "a": 1, "b": 2, "a": 3}'

    record = record_item(FILE, CONTRACTS["generic"], JsonRow(1, raw))

    assert record.rejection is not None
    assert (record.rejection.code, record.rejection.field) == ("DUPLICATE_FIELD", "a")
    assert corrects_of(attributes_of(record.item)) == MARKS["ingestion:corrects"]


CELLS = MARKS["ingestion:corrects"].encode() + b",13,BAD_FORMAT,not a date,o-1,2026"


@pytest.mark.parametrize(
    "row",
    [
        BadRow(1, CELLS, len(CELLS), "RAGGED_ROW", "6 fields"),
        BadRow(1, b'"' + CELLS.replace(b",", b'",', 1), 5000, "MALFORMED_ROW", "quotes"),
        JsonRow(1, json.dumps(MARKS | {"id": "o-1"})[:-1].encode()),
        JsonRow(1, json.dumps(MARKS)[:-1].encode() + b', "id": 1, "id": 2}'),
        JsonRow(1, json.dumps(MARKS | {"n": "N"}).encode().replace(b'"N"', b"1" * 5000)),
    ],
)
def test_a_corrected_row_that_cannot_be_read_keeps_its_reference(row: Row) -> None:
    record = record_item(FILE, CONTRACTS["orders"], row)

    assert record.rejection is not None
    assert list(record.corrects) == []
    assert corrects_of(attributes_of(record.item)) == MARKS["ingestion:corrects"]


def test_all_references_of_a_row_that_cannot_be_read_are_kept() -> None:
    both = f"{reference(FILE_ID, PUT, 12)} {reference(FILE_ID, PUT, 13)}"
    raw = both.encode() + b",13,BAD_FORMAT"

    assert without_marks(BadRow(1, raw, len(raw), "RAGGED_ROW", "3 fields"))[1] == both


@pytest.mark.parametrize("raw", [b"o-1,2026", b"note " + CELLS, b'{"note": "' + CELLS + b'"'])
def test_a_row_that_only_quotes_a_reference_corrects_nothing(raw: bytes) -> None:
    assert without_marks(BadRow(1, raw, len(raw), "RAGGED_ROW", "2 fields"))[1] == ""


@pytest.mark.parametrize("value", [b'{"a":' * 900 + b"1" + b"}" * 900, b"[" * 900 + b"]" * 900])
def test_a_reference_that_is_no_text_is_ignored_however_deeply_it_is_nested(value: bytes) -> None:
    record = record_item(
        FILE, CONTRACTS["generic"], JsonRow(1, b'{"ingestion:corrects": %b, "a": 1}' % value)
    )

    assert (record.rejection, list(record.corrects)) == (None, [])


def test_several_references_mark_several_rows() -> None:
    both = f"{reference(FILE_ID, PUT, 12)} {reference(FILE_ID, PUT, 13)}"

    assert [row.record_id[-3:] for row in referenced(both)] == ["012", "013"]


@pytest.mark.parametrize(
    "text",
    ["", "x", f"{FILE_ID}/{PUT}/0", f"{FILE_ID}/{PUT}", f"g{FILE_ID}/{PUT}/1", f"{FILE_ID}/now/1"],
)
def test_what_is_no_reference_marks_nothing(text: str) -> None:
    assert referenced(text) == []


def test_a_row_names_a_bounded_number_of_rows() -> None:
    assert len(referenced(" ".join([reference(FILE_ID, PUT, 1)] * 1000))) == 10


@pytest.mark.parametrize(
    "raw",
    [
        b'{"note": "\\"ingestion:corrects\\""}',
        b'{"note": {"ingestion:corrects": 1}}',
        b'{"ingestion:corrects": "x"',
        b'["ingestion:corrects"]',
        order_json(),
    ],
)
def test_other_rows_stay_as_they_are(raw: bytes) -> None:
    assert without_marks(JsonRow(1, raw)) == (JsonRow(1, raw), "")


# Said here once more: what producers may not begin a name with is promised to them, and a shorter
# beginning would take fields of theirs away, such as ingestion_date.
PREFIX = "ingestion:"
# No text that is drawn letter by letter begins nearly like a mark; an end may make a mark of one.
NEARLY = (
    *(PREFIX[:length] for length in range(len(PREFIX))),
    *(PREFIX.upper(), PREFIX.title(), f" {PREFIX}", f"{PREFIX[:-1]}-", f"{PREFIX[:-1]} :"),
)
ENDS = st.sampled_from([mark[len(PREFIX) :] for mark in MARKS]) | st.text(max_size=5)


def nearly_marks(end: str) -> list[str]:
    return [name for nearly in NEARLY if not (name := nearly + end).startswith(PREFIX)]


@given(ENDS, st.integers() | st.text(max_size=5))
@example(":", "")
def test_an_object_comes_back_without_its_marks(end: str, value: object) -> None:
    members = dict.fromkeys(nearly_marks(end), value)
    raw = json.dumps(MARKS | members).encode()

    own, corrects = without_marks(JsonRow(1, raw))

    assert isinstance(own, JsonRow)
    assert json.loads(own.raw) == members
    assert corrects == MARKS["ingestion:corrects"]


@given(ENDS, st.text(max_size=5))
@example(":", "")
def test_a_csv_row_comes_back_without_its_marks(end: str, cell: str) -> None:
    cells = dict.fromkeys(nearly_marks(end), cell)

    own, corrects = without_marks(csv_row(1, b"", MARKS | cells))

    assert own == csv_row(1, b"", cells)
    assert corrects == MARKS["ingestion:corrects"]


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=4))
def test_any_object_comes_back_without_its_marks(members: dict[str, object]) -> None:
    own, _ = without_marks(JsonRow(1, json.dumps(MARKS | members).encode()))

    assert isinstance(own, JsonRow)
    assert json.loads(own.raw) == members


@given(st.text() | st.integers() | st.none() | st.lists(st.integers()))
def test_any_reference_is_read_or_ignored(value: object) -> None:
    record = record_item(
        FILE,
        CONTRACTS["generic"],
        JsonRow(1, json.dumps(MARKS | {"ingestion:corrects": value}).encode()),
    )

    assert list(record.corrects) == []


@pytest.mark.parametrize(
    "name", ["ingestion", "ingestion_date", "ingestion.line", "ingestions:raw"]
)
def test_a_field_of_a_producer_whose_name_begins_alike_stays(name: str) -> None:
    corrected = MARKS["ingestion:corrects"]

    assert without_marks(csv_row(1, b"", MARKS | {name: "x"})) == (
        csv_row(1, b"", {name: "x"}),
        corrected,
    )
    assert without_marks(JsonRow(1, json.dumps(MARKS | {name: "x"}).encode())) == (
        JsonRow(1, json.dumps({name: "x"}, separators=(",", ":")).encode()),
        corrected,
    )
