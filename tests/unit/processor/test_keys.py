from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.keys import (
    accepted_shard,
    file_id,
    keyed_record_id,
    record_id,
    shard,
    version_name,
)


def test_a_file_id_names_one_version_of_one_object() -> None:
    assert file_id("b", "k", "v") == "f" + sha256(b"b\x00k\x00v").hexdigest()[:31]
    assert len(file_id("b", "k", "v")) == 32


def test_parts_of_a_file_id_cannot_run_into_each_other() -> None:
    assert file_id("b", "kv", "") != file_id("b", "k", "v")


@pytest.mark.parametrize(
    ("version_id", "name"), [("v1", "v1"), (None, "abc"), ("null", "abc"), ("", "abc")]
)
def test_contents_are_told_apart_by_version_or_by_etag(version_id: str | None, name: str) -> None:
    assert version_name(version_id, '"abc"') == name


def test_records_sort_by_row() -> None:
    ids = [record_id("f1", row) for row in (2, 10, 999_999_999)]

    assert ids == ["f1.000000002", "f1.000000010", "f1.999999999"]
    assert ids == sorted(ids)


def test_records_of_a_file_are_spread_over_all_sixteen_shards() -> None:
    assert {shard(record_id("f1", row)) for row in range(1, 200)} == set(range(16))


def test_the_shard_of_an_id_never_changes() -> None:
    assert shard("f1.000000001") == 6
    assert accepted_shard("f1.000000001") == 22


@given(st.text())
def test_every_accepted_row_is_in_one_of_64_shards(item_id: str) -> None:
    assert 0 <= accepted_shard(item_id) < 64


@pytest.mark.parametrize("of_row", ["{}", "{:06d}", "A-{}-2026", "{}000"])
def test_accepted_rows_are_spread_so_evenly_that_no_shard_is_the_first_to_be_full(
    of_row: str,
) -> None:
    of_file = (record_id("f1", row) for row in range(1, 40_001))
    of_dataset = (keyed_record_id("orders", [of_row.format(row)]) for row in range(40_000))

    for ids in (of_file, of_dataset):
        rows = Counter(accepted_shard(each) for each in ids)

        # The table takes 40,000 a second by default, one shard of the index 1,000.
        assert len(rows) == 64
        assert max(rows.values()) < 1_000
