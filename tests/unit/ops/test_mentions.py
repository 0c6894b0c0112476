import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.mentions import names_key

texts = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("raw", "is_named"),
    [
        ("101,books", True),
        (' 101 ,"a"', True),
        ('books,"101"', True),
        ("1010,books", False),
        ('"order 101",books', False),
        ('"a,101,b",books', False),
        ('"x"y,101', True),
        ('"unfinished,101,rest', True),
    ],
)
def test_a_csv_row_names_a_key_in_a_cell_of_its_own(raw: str, is_named: bool) -> None:  # noqa: FBT001
    assert names_key(raw, "csv", ",", ["101"]) == is_named


@pytest.mark.parametrize(
    ("raw", "is_named"),
    [
        ('{"id": "101"}', True),
        ('{"id": 101}', True),
        ('{"id": 101.0}', True),
        ('{"id": " 101 "}', True),
        ('{"deep": [{"id": "101"}]}', True),
        ('{"101": 1}', True),
        ('{"id": "1010"}', False),
        ('{"note": "order 101"}', False),
        ('{"id": "101", "amount": ', True),
        ('{"id": 101, "amount": ', True),
        ('{"note": "order 101', False),
        ('{"id": "\\u0031\\u0030\\u0031", ', True),
        ('{"ingestion:raw": "{\\"id\\": 101"}', True),
        ('{"n": 1e999999999999}', False),
        ("[" * 5000, False),
    ],
)
def test_a_json_row_names_a_key_as_a_value_or_a_name(raw: str, is_named: bool) -> None:  # noqa: FBT001
    assert names_key(raw, "json", ",", ["101"]) == is_named


def test_a_key_of_several_parts_is_named_if_all_of_them_are() -> None:
    assert names_key("eu;7;x", "csv", ";", ["eu", "7"])
    assert not names_key("eu;8;x", "csv", ";", ["eu", "7"])


@given(cells=st.lists(texts, min_size=1, max_size=4), data=st.data())
def test_every_cell_of_a_row_is_found(cells: list[str], data: st.DataObject) -> None:
    line = io.StringIO()
    csv.writer(line).writerow(cells)

    assert names_key(line.getvalue(), "csv", ",", [data.draw(st.sampled_from(cells))])


@given(value=values, key=texts, cut=st.integers(0, 3))
def test_every_value_of_a_row_is_found_even_if_its_end_is_missing(
    value: object, key: str, cut: int
) -> None:
    begins, whole = json.dumps([key]), json.dumps([key, value])
    raw = whole[: max(len(whole) - cut, len(begins))]

    assert names_key(raw, "json", ",", [key])
