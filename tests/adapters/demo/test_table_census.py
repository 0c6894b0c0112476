from local.demo import table_census
from local.demo.table_census import Record
from ops.region import Region
from tests.adapters.demo.storing import put, put_row
from tests.unit.demo.factory import a_delivery, a_ledger_entry


def test_items_are_counted_by_file_and_status(region: Region) -> None:
    ours, another = a_delivery(version="1"), a_delivery(version="2")
    error = {"code": "BAD_FORMAT", "field": "amount", "message": "not a number"}
    put_row(region, ours, 1, status="ACCEPTED")
    put_row(region, ours, 2, status="REJECTED", error=error)
    put_row(region, another, 1, status="ACCEPTED")

    found = table_census.take(region, [ours.stored, another.stored]).files

    assert found[ours.stored.id].statuses == {"ACCEPTED": 1, "REJECTED": 1}
    assert found[ours.stored.id].rejected == {2: "BAD_FORMAT"}
    assert found[ours.stored.id].reasons == {"BAD_FORMAT amount": 1}
    assert found[another.stored.id].records == 1


def test_the_files_own_item_is_its_ledger_entry_and_no_row(region: Region) -> None:
    delivery = a_delivery()
    put(region, delivery, delivery.stored.id, itemType="FILE", **a_ledger_entry())

    found = table_census.take(region, [delivery.stored]).files[delivery.stored.id]

    assert found.records == 0
    assert found.ledger_entry["rowsRead"] == 3


def test_every_page_of_the_table_is_counted(region: Region) -> None:
    delivery = a_delivery()
    for row in range(1, 8):
        put_row(region, delivery, row, status="ACCEPTED", raw="x" * 300_000)

    found = table_census.take(region, [delivery.stored]).files

    assert found[delivery.stored.id].records == 7


def test_items_of_other_files_are_left_out(region: Region) -> None:
    asked_for = a_delivery(version="1")
    put_row(region, a_delivery(version="2"), 1, status="ACCEPTED")

    found = table_census.take(region, [asked_for.stored]).files

    assert list(found) == [asked_for.stored.id]
    assert found[asked_for.stored.id].records == 0


def test_a_record_belongs_to_the_file_that_brought_it_last(region: Region) -> None:
    delivery, moment = a_delivery(), "2026-11-02T08:30:00.000Z"
    put_row(region, delivery, 4, recordId="orders:1", status="ACCEPTED", digest="d")

    found = table_census.take(region, [delivery.stored])

    precedence = f"{moment}/0A/v1/000000001/000000004"
    record = Record(("orders:1", moment), ("ACCEPTED", "d"), precedence)
    assert found.files[delivery.stored.id].rows == {4: record}
    assert found.records == {("orders:1", moment): record}


def test_the_records_of_every_file_are_known_and_no_other_items(region: Region) -> None:
    put_row(region, a_delivery(version="2"), 1, status="ACCEPTED")
    put(region, a_delivery(), "audit:1", itemType="AUDIT")
    put(region, a_delivery(), a_delivery().stored.id, itemType="FILE", **a_ledger_entry())

    found = table_census.take(region, [])

    assert [record.content for record in found.records.values()] == [("ACCEPTED", "")]
