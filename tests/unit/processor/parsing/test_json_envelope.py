"""Records in a list inside a file's one object: refused, or found where the contract says."""

import json
import tracemalloc
from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_form import FileForm
from services.processor.runtime.parsing import BadRow, JsonRow, Row, read_rows

NO_WRAPPERS = FileForm(refuses_wrappers=True)
ITEMS = FileForm(records_at="result.items")


def rows_of(data: bytes, form: FileForm) -> list[Row]:
    return list(read_rows([data], "json", form))


def refusal_of(data: bytes, form: FileForm) -> tuple[list[Row], UnreadableFileError]:
    rows: list[Row] = []
    with pytest.raises(UnreadableFileError) as refusal:
        rows.extend(read_rows([data], "json", form))
    return rows, refusal.value


@pytest.mark.parametrize(
    "data",
    [
        b'{"data":[{"a":1},{"a":2}]}',
        b' {"page":1,"data":[{"a":1},{"a":2}],"total_count":2,"links":{"next":null}}\n',
        b'{\n  "meta": {"version": "1"},\n  "data": [\n {"a": 1},\n {"a": 2}\n ]\n}\n',
    ],
)
def test_a_file_that_is_one_object_around_a_list_of_records_is_refused(data: bytes) -> None:
    rows, refusal = refusal_of(data, NO_WRAPPERS)

    assert rows == []
    assert refusal.code == "WRAPPED_RECORDS"
    assert refusal.message == (
        "the file is one object whose list `data` holds 2 objects; send them as an array or one "
        "object a line, or ask for a contract that says where its records are"
    )


@pytest.mark.parametrize(
    "data",
    [
        b'{"id":1,"lines":[{"a":1}]}',
        b'{"lines":[]}',
        b'{"lines":[1,{"a":1}]}',
        b'{"a":[{}],"b":[{}]}',
        b'{"data":{"a":1}}',
        b'{"count":1,"total":2}',
    ],
)
def test_an_ordinary_record_alone_in_its_file_is_a_row(data: bytes) -> None:
    assert rows_of(data, NO_WRAPPERS) == [JsonRow(1, data, 1)]


def test_objects_around_lists_are_rows_if_the_file_has_several_or_the_contract_takes_them() -> None:
    one = b'{"data":[{"a":1}]}'

    assert [row.raw for row in rows_of(one + b"\n" + one, NO_WRAPPERS)] == [one, one]
    assert [row.raw for row in rows_of(one, FileForm())] == [one]
    rows, refusal = refusal_of(one + b'\n{"data":', NO_WRAPPERS)
    assert ([row.raw for row in rows], refusal.code) == ([one], "TRUNCATED_JSON")


def test_a_row_over_the_limit_that_begins_like_a_wrapper_says_so() -> None:
    data = b'{"count":2,"data":[{"a":"' + b"x" * 1_100_000 + b'"},{}]}'

    [row] = rows_of(data, NO_WRAPPERS)

    assert isinstance(row, BadRow)
    assert row.code == "ROW_TOO_LARGE"
    assert "it begins like one object whose list `data` holds the records" in row.message


def test_records_are_read_at_the_path_of_the_contract_with_their_lines() -> None:
    data = b"""{
  "items": [1],
  "result": {
    "note": ["]", {"items": []}],
    "items": [
      {"a": 1},
      {"a": 2
      },
      {"a": NaN}
    ],
    "after": {"x": [1, 2]}
  },
  "end": null
}
"""

    first, second, third = rows_of(data, ITEMS)

    assert first == JsonRow(1, b'{"a": 1}', 6)
    assert second == JsonRow(2, b'{"a": 2\n      }', 7)
    assert isinstance(third, BadRow)
    assert (third.code, third.line) == ("INVALID_JSON", 9)


def test_an_array_is_read_as_one_wherever_the_records_are_expected() -> None:
    assert rows_of(b'[{"a":1}]', ITEMS) == [JsonRow(1, b'{"a":1}', 1)]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"x":{},"y":[1]}', "the members of the object without `result` are: `x`, `y`"),
        (b"{}", "the members of the object without `result` are: none"),
        (b'{"result":{"item":[]}}', "the members of the object without `items` are: `item`"),
        (b'{"result":[]}', "in place of an object around `items` there is `[]}`"),
        (b'{"result":{"items":null}}', "`items` is `null}}`"),
        (b"null", "in place of an object around `result` there is `null`"),
    ],
)
def test_a_file_without_the_list_is_refused_with_the_members_there_are(
    data: bytes, said: str
) -> None:
    rows, refusal = refusal_of(data, ITEMS)

    assert rows == []
    assert refusal.code == "RECORDS_NOT_FOUND"
    assert refusal.message == (
        f"the file has no list at `result.items`, where its contract expects the records: {said}"
    )


@pytest.mark.parametrize(
    ("data", "count", "code"),
    [
        (b'{"a" 1}', 0, "NOT_JSON"),
        (b'{"a":1 "b"}', 0, "NOT_JSON"),
        (b'{"a":NaN,"result":{"items":[]}}', 0, "NOT_JSON"),
        (b'{"a":1,}', 0, "NOT_JSON"),
        (b'{"a":', 0, "TRUNCATED_JSON"),
        (b'{"result":{"items":[{}', 1, "TRUNCATED_JSON"),
        (b'{"result":{"items":[{}]', 1, "TRUNCATED_JSON"),
        (b'{"result":{"items":[{}]},,}', 1, "NOT_JSON"),
        (b'{"result":{"items":[{}],"a":[}}}', 1, "NOT_JSON"),
        (b'{"result":{"items":[{}]}}{}', 1, "TRAILING_DATA"),
    ],
)
def test_what_is_around_the_records_must_be_right(data: bytes, count: int, code: str) -> None:
    rows, refusal = refusal_of(data, ITEMS)

    assert (len(rows), refusal.code) == (count, code)
    assert refusal.message.startswith("line 1, column ")


values = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(
    before=st.dictionaries(st.text(max_size=7).filter("result".__ne__), values, max_size=3),
    records=st.lists(values, max_size=4),
    after=st.dictionaries(st.text(max_size=3), values, max_size=3),
    indent=st.none() | st.integers(0, 2),
    size_bytes=st.integers(1, 30),
)
def test_records_come_back_from_whatever_is_around_them(
    before: dict[str, object],
    records: list[object],
    after: dict[str, object],
    indent: int | None,
    size_bytes: int,
) -> None:
    data = json.dumps(before | {"result": {"items": records} | after}, indent=indent).encode()
    chunks = (data[at : at + size_bytes] for at in range(0, len(data), size_bytes))

    rows = list(read_rows(chunks, "json", ITEMS))

    assert [json.loads(row.raw) for row in rows] == records


def test_what_is_around_the_records_is_not_held() -> None:
    member = b'"x%s":"' % (b"y" * 1000) + b"z" * 99_000 + b'",'
    listed = b'{"a":"' + b"x" * 99_000 + b'"},'
    file = chain(
        [b'{"big":{'], repeat(member, 40), [b'"y":1},"result":{"items":['], repeat(listed, 40)
    )

    tracemalloc.start()
    count = sum(1 for _ in read_rows(chain(file, [b"{}]}}"]), "json", ITEMS))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 41
    assert peak < 5_000_000
