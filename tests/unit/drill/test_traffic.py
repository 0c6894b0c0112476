"""The traffic: what is sent, what must become of it, and that both are the same for a seed."""

import csv
import gzip
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drill.forms import FORMS
from drill.orders import Row
from drill.traffic import APART_S, Traffic, Upload


def plain(upload: Upload) -> bytes:
    return gzip.decompress(upload.body) if upload.key.endswith(".gz") else upload.body


def rows_in(upload: Upload) -> int:
    body, key = plain(upload).decode(), upload.key.removesuffix(".gz")
    if key.endswith(".csv"):
        return len(list(csv.DictReader(io.StringIO(body, newline=""))))
    return len(json.loads(body)) if key.endswith(".json") else len(body.splitlines())


@given(st.integers(0, 1000))
def test_the_same_seed_makes_the_same_files(seed: int) -> None:
    first, second = Traffic("run", "name", seed), Traffic("run", "name", seed)

    for _ in range(5):
        assert first.make(0.0).body == second.make(0.0).body


@pytest.mark.parametrize("suffix", FORMS)
def test_a_file_of_any_form_has_the_rows_it_says(suffix: str) -> None:
    traffic = Traffic("run", "forms", 1)

    for count in (1, 7, 60):
        upload = traffic.make(0.0, rows=count, suffix=suffix)
        assert (len(upload.rows), rows_in(upload)) == (count, count)


def test_bad_rows_and_corrections_are_among_them() -> None:
    traffic = Traffic("run", "mixed", 1)
    rows: list[Row] = []
    for second in range(60):
        upload = traffic.make(float(second * 10))
        traffic.acknowledge(upload, "v", float(second * 10))
        rows += upload.rows

    ids = [row.record_id for row in rows if row.data]
    assert {row.code for row in rows} > {"", "BAD_FORMAT", "OUT_OF_RANGE", "MISSING_FIELD"}
    assert len(ids) - len(set(ids)) > 20
    assert len({upload.key for upload in traffic.uploads}) < len(traffic.uploads)


def test_an_order_is_corrected_only_some_time_after_its_last_file_was_acknowledged() -> None:
    traffic = Traffic("run", "apart", 1)
    last: dict[int, float] = {}
    for step in range(300):
        now_s = step * 0.5
        upload = traffic.make(now_s)
        for number in upload.orders:
            assert now_s - last.get(number, -APART_S) >= APART_S
        traffic.acknowledge(upload, "v", now_s)
        last |= dict.fromkeys(upload.orders, now_s)


def test_a_correction_keeps_the_records_identity_and_has_other_contents() -> None:
    traffic = Traffic("run", "corrected", 1)
    seen: dict[str, tuple[str, list[object]]] = {}
    for step in range(100):
        upload = traffic.make(step * 10.0)
        traffic.acknowledge(upload, "v", step * 10.0)
        for row in upload.records:
            moment, contents = seen.setdefault(row.record_id, (row.moment, []))
            assert moment == row.moment
            assert row.data not in contents
            contents.append(row.data)

    assert any(len(contents) > 1 for _, contents in seen.values())


def test_amounts_are_exact() -> None:
    rows = Traffic("run", "amounts", 1).make(0.0, rows=50).records

    assert all(isinstance(row.data and row.data["amount"], Decimal) for row in rows)
