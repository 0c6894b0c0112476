from typing import Any

from local.demo import census
from local.demo.delivery import Delivery
from local.demo.regions import Region
from tests.unit.demo.factory import a_delivery, an_account


def put_row(region: Region, delivery: Delivery, row: int, **attributes: Any) -> None:  # noqa: ANN401
    region.table.put_item(
        Item={
            "recordId": f"{delivery.file_id}.{row:09d}",
            "timestamp": delivery.timestamp,
            "itemType": "RECORD",
            "source": {"row": row},
            **attributes,
        }
    )


def test_items_are_counted_by_file_and_status(region: Region) -> None:
    ours, another = a_delivery(version="1"), a_delivery(version="2")
    error = {"code": "BAD_FORMAT", "field": "amount", "message": "not a number"}
    put_row(region, ours, 1, status="ACCEPTED")
    put_row(region, ours, 2, status="REJECTED", error=error)
    put_row(region, another, 1, status="ACCEPTED")

    found = census.take(region, [ours, another])

    assert found[ours.file_id].statuses == {"ACCEPTED": 1, "REJECTED": 1}
    assert found[ours.file_id].rejected == {2: "BAD_FORMAT"}
    assert found[ours.file_id].reasons == {"BAD_FORMAT amount": 1}
    assert found[another.file_id].items == 1


def test_the_files_own_item_is_its_account_and_no_row(region: Region) -> None:
    delivery = a_delivery()
    key = {"recordId": delivery.file_id, "timestamp": delivery.timestamp, "itemType": "FILE"}
    region.table.put_item(Item=key | an_account())

    found = census.take(region, [delivery])[delivery.file_id]

    assert found.items == 0
    assert found.account["rowsRead"] == 3


def test_every_page_of_the_table_is_counted(region: Region) -> None:
    delivery = a_delivery()
    for row in range(1, 8):
        put_row(region, delivery, row, status="ACCEPTED", raw="x" * 300_000)

    found = census.take(region, [delivery])

    assert found[delivery.file_id].items == 7


def test_items_of_files_nobody_asked_for_are_left_out(region: Region) -> None:
    asked_for = a_delivery(version="1")
    put_row(region, a_delivery(version="2"), 1, status="ACCEPTED")

    found = census.take(region, [asked_for])

    assert list(found) == [asked_for.file_id]
    assert found[asked_for.file_id].items == 0
