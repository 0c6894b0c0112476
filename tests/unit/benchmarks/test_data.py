import csv
import json
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.data import BAD_EVERY, CSV_COLUMNS, SETS, SUFFIXES, file_of
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.errors import RejectedRowError

# A change of the data makes figures of before and after incomparable: change these on purpose only.
DIGESTS = {
    "orders-100.ndjson": "302661869d391700",
    "orders-100.json": "35d5fe7897d41bbc",
    "orders-100.csv": "91fa94176bd72b80",
    "bad-100.ndjson": "50d41def67b6ff95",
    "wide-100.ndjson": "fcd0d968a234fc90",
}


@pytest.mark.parametrize("name", DIGESTS)
def test_the_files_are_the_same_everywhere(name: str, tmp_path: Path) -> None:
    set_name, suffix = name.split("-100.")

    content = file_of(tmp_path, set_name, 100, suffix).read_bytes()

    assert sha256(content).hexdigest()[:16] == DIGESTS[name]


@pytest.mark.parametrize("set_name", SETS)
def test_a_smaller_file_begins_like_a_larger_one(set_name: str, tmp_path: Path) -> None:
    small = file_of(tmp_path, set_name, 7, "ndjson").read_bytes()

    assert file_of(tmp_path, set_name, 20, "ndjson").read_bytes().startswith(small)


def test_every_form_has_the_same_orders(tmp_path: Path) -> None:
    files = {suffix: file_of(tmp_path, "orders", 50, suffix) for suffix in SUFFIXES}
    lines = [json.loads(line) for line in files["ndjson"].read_text().splitlines()]
    with files["csv"].open(newline="") as table:
        cells = list(csv.DictReader(table))

    assert json.loads(files["json"].read_text()) == lines
    assert [each["id"] for each in cells] == [each["id"] for each in lines]
    assert tuple(cells[0]) == CSV_COLUMNS


def test_a_file_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    written_ns = file_of(tmp_path, "orders", 5, "csv").stat().st_mtime_ns

    assert file_of(tmp_path, "orders", 5, "csv").stat().st_mtime_ns == written_ns


def test_exactly_one_row_of_twenty_is_bad() -> None:
    contract = contract_for("orders/any.ndjson")
    bad = []
    for number, row in enumerate(islice(SETS["bad"](), 10 * BAD_EVERY), start=1):
        try:
            contract.from_json(json.dumps(row).encode())
        except RejectedRowError:
            bad.append(number)

    assert bad == [BAD_EVERY * n for n in range(1, 11)]


def test_every_order_keeps_the_contract() -> None:
    contract = contract_for("orders/any.ndjson")

    for row in islice(SETS["orders"](), 500):
        assert contract.from_json(json.dumps(row).encode())
