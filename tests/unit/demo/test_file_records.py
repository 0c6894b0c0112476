import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from local.demo.delivery import Delivery
from local.demo.file_records import first_address, records, superseded
from local.demo.table_census import Address, Census, Record
from tests.unit.demo.factory import a_delivery, a_file

HEADER = "id,timestamp,amount,currency,category,quantity,customer_id,customer_tier\n"
ORDER = "{},2026-11-02T08:00:00Z,1.5,EUR,books,1,C1,gold\n"
MOMENT = "2026-11-02T08:00:00.000Z"


@pytest.fixture
def sent(tmp_path: Path) -> Delivery:
    """Orders 1, 2, one without id, and 1 once more."""
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + "".join(map(ORDER.format, ("1", "2", "", "1"))))
    return a_delivery(replace(a_file("orders/a.csv"), path=path))


def there(*precedences: tuple[Address, str]) -> dict[Address, Record]:
    return {address: Record(address, ("", ""), text) for address, text in precedences}


def census(*rows: int) -> Census:
    records = {row: Record(("", ""), ("", ""), "") for row in rows}
    entry = {"rowsRead": 4, "sequencer": "0A"}
    return Census(ledger_entry=entry, statuses=Counter(ACCEPTED=len(rows)), rows=records)


def test_each_row_leads_to_the_record_that_the_processor_stores(sent: Delivery) -> None:
    ids = [made.record_id for made in records(sent)]

    assert ids == ["orders:1", "orders:2", sent.stored.record_id(3), "orders:1"]


def test_the_first_row_is_found_under_its_key_or_as_a_rejected_row(
    sent: Delivery, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_text(HEADER + ORDER.format(""))
    bad = replace(sent, file=replace(sent.file, path=tmp_path / "bad.csv"))

    assert first_address(sent) == ("orders:1", MOMENT)
    assert first_address(bad) == (sent.stored.record_id(1), sent.stored.timestamp)


@pytest.mark.parametrize("content", [b"", HEADER.encode(), b"\xff\xfei\x00d\x00"])
def test_a_file_without_a_readable_row_has_no_first_one(
    sent: Delivery, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "none.csv").write_bytes(content)

    assert first_address(replace(sent, file=replace(sent.file, path=tmp_path / "none.csv"))) is None


def test_a_row_is_superseded_when_its_record_is_a_newer_one(sent: Delivery) -> None:
    newer = there((("orders:1", MOMENT), "2026-11-03"), (("orders:2", MOMENT), "2026-11-03"))

    assert superseded(sent, census(2, 3), newer) == {1, 4}


def test_of_two_rows_with_one_key_the_later_supersedes_the_earlier(sent: Delivery) -> None:
    [*_, last] = records(sent, sequencer="0A")
    stored = there((("orders:1", MOMENT), json.loads(last.precedence)))

    assert superseded(sent, census(2, 3, 4), stored) == {1}


def test_a_row_whose_record_is_missing_or_older_is_not_superseded(sent: Delivery) -> None:
    older = there((("orders:1", MOMENT), "2026-11-01"))

    assert superseded(sent, census(2, 3), older) == frozenset()
    assert superseded(sent, census(2, 3), {}) == frozenset()


def test_a_rejected_row_is_never_superseded(sent: Delivery) -> None:
    rejected = there(((sent.stored.record_id(3), sent.stored.timestamp), "2026-11-03"))

    assert superseded(sent, census(1, 2, 4), rejected) == frozenset()
