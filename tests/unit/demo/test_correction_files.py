import csv
from decimal import Decimal
from pathlib import Path

import pytest

from local.demo.correction_files import CORRECTIONS, ORDERS, Files
from local.demo.file_records import records
from ops import items
from services.processor.runtime.attributes import attributes_of
from tests.unit.demo.factory import a_delivery

MARKS = "ingestion:corrects,ingestion:line,ingestion:code,ingestion:reason"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path, "orders/correction/1", "counter-1")


def test_the_file_sent_first_has_three_bad_rows_and_every_order_has_its_own_record(
    files: Files,
) -> None:
    made = list(records(a_delivery(files.orders())))

    accepted = {each.row: each for each in made if not each.rejection}
    assert len(made) == ORDERS
    assert {each.row for each in made if each.rejection} == set(CORRECTIONS)
    assert len(CORRECTIONS) == 3
    for row, each in accepted.items():
        key = each.record_id, each.timestamp
        assert key == files.addresses[row - 1]


def test_the_corrected_file_differs_from_what_came_back_in_the_amounts_alone(
    files: Files, tmp_path: Path
) -> None:
    sent = files.orders().path.read_text().splitlines()
    back = tmp_path / "rejected.csv"
    rows = [f"ref-{row},{row + 1},CODE,why,{sent[row]}" for row in CORRECTIONS]
    back.write_text("\n".join([f"{MARKS},{sent[0]}", *rows, ""]))

    corrected = files.corrected(back).path

    before, after = (
        list(csv.DictReader(path.read_text().splitlines())) for path in (back, corrected)
    )
    assert [row["amount"] for row in after] == [right for _, right in CORRECTIONS.values()]
    assert [{**row, "amount": ""} for row in before] == [{**row, "amount": ""} for row in after]


def test_the_corrected_rows_are_accepted_as_the_records_that_were_missing(
    files: Files, tmp_path: Path
) -> None:
    sent = files.orders().path.read_text().splitlines()
    back = tmp_path / "rejected.csv"
    rows = [f"ref-{row},{row + 1},CODE,why,{sent[row]}" for row in CORRECTIONS]
    back.write_text("\n".join([f"{MARKS},{sent[0]}", *rows, ""]))

    made = list(records(a_delivery(files.corrected(back))))

    found = [(each.record_id, each.timestamp) for each in made]
    assert found == [files.addresses[row - 1] for row in CORRECTIONS]


def test_one_order_is_one_record_whatever_its_name_and_amount(files: Files) -> None:
    for name, amount in (("one.json", "20"), ("one-again.json", "25")):
        [made] = records(a_delivery(files.one(name, amount)))

        found = made.record_id, made.timestamp
        assert found == files.one_address
        assert items.plain(attributes_of(made.item))["data"]["amount"] == Decimal(amount)


def test_nothing_came_back_leads_to_a_file_without_rows(files: Files, tmp_path: Path) -> None:
    back = tmp_path / "rejected.csv"
    back.write_text(f"{MARKS},id,amount\n")

    assert files.corrected(back).path.read_text() == f"{MARKS},id,amount\n"
