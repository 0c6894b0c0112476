from typing import Any

from local.demo import item_census
from local.demo.delivery import Delivery
from ops.region import Region
from tests.adapters.demo.storing import put
from tests.unit.demo.factory import a_delivery, a_ledger_entry


def put_row(region: Region, delivery: Delivery, row: int, **attributes: Any) -> None:  # noqa: ANN401
    record_id = f"{delivery.stored.id}.{row:09d}"
    put(region, delivery, record_id, itemType="RECORD", source={"row": row}, **attributes)


def test_items_are_counted_by_file_and_status(region: Region) -> None:
    ours, another = a_delivery(version="1"), a_delivery(version="2")
    error = {"code": "BAD_FORMAT", "field": "amount", "message": "not a number"}
    put_row(region, ours, 1, status="ACCEPTED")
    put_row(region, ours, 2, status="REJECTED", error=error)
    put_row(region, another, 1, status="ACCEPTED")

    found = item_census.take(region, [ours.stored, another.stored])

    assert found[ours.stored.id].statuses == {"ACCEPTED": 1, "REJECTED": 1}
    assert found[ours.stored.id].rejected == {2: "BAD_FORMAT"}
    assert found[ours.stored.id].reasons == {"BAD_FORMAT amount": 1}
    assert found[another.stored.id].records == 1


def test_the_files_own_item_is_its_ledger_entry_and_no_row(region: Region) -> None:
    delivery = a_delivery()
    put(region, delivery, delivery.stored.id, itemType="FILE", **a_ledger_entry())

    found = item_census.take(region, [delivery.stored])[delivery.stored.id]

    assert found.records == 0
    assert found.ledger_entry["rowsRead"] == 3


def test_every_page_of_the_table_is_counted(region: Region) -> None:
    delivery = a_delivery()
    for row in range(1, 8):
        put_row(region, delivery, row, status="ACCEPTED", raw="x" * 300_000)

    found = item_census.take(region, [delivery.stored])

    assert found[delivery.stored.id].records == 7


def test_items_of_other_files_are_left_out(region: Region) -> None:
    asked_for = a_delivery(version="1")
    put_row(region, a_delivery(version="2"), 1, status="ACCEPTED")

    found = item_census.take(region, [asked_for.stored])

    assert list(found) == [asked_for.stored.id]
    assert found[asked_for.stored.id].records == 0
