from typing import Any

from local.demo.delivery import Delivery
from local.demo.regions import Region
from local.demo.watch import Watch
from tests.unit.demo.factory import EAST, a_delivery, an_account


def put(region: Region, delivery: Delivery, record_id: str, **attributes: Any) -> None:  # noqa: ANN401
    region.table.put_item(
        Item={"recordId": record_id, "timestamp": delivery.timestamp, **attributes}
    )


def test_a_file_is_unsettled_until_it_is_finished_and_can_be_read(region: Region) -> None:
    watch, delivery = Watch([region]), a_delivery()
    watch.add(delivery)

    seen = [watch.unsettled]
    put(region, delivery, delivery.first_record_id)
    watch.look()
    seen.append(watch.unsettled)
    put(region, delivery, delivery.file_id, **an_account("COMPLETED"))
    watch.look()
    seen.append(watch.unsettled)

    assert seen == [[delivery], [delivery], []]


def test_a_file_is_readable_from_the_moment_its_first_row_was_seen(region: Region) -> None:
    watch, delivery = Watch([region]), a_delivery()
    watch.add(delivery)

    watch.look()
    before = watch.sight(delivery, EAST).readable_after_s
    put(region, delivery, delivery.first_record_id)
    watch.look()
    first = watch.sight(delivery, EAST).readable_after_s
    watch.look()
    later = watch.sight(delivery, EAST).readable_after_s

    assert before is None
    assert first is not None
    assert first == later


def test_a_file_without_rows_is_settled_when_it_is_finished(region: Region) -> None:
    watch, delivery = Watch([region]), a_delivery()
    watch.add(delivery)

    put(region, delivery, delivery.file_id, **an_account("FAILED", rowsRead=0))
    watch.look()

    assert watch.unsettled == []
    assert watch.at_origin(delivery).status == "FAILED"


def test_more_files_than_one_read_can_ask_for_are_watched(region: Region) -> None:
    watch, deliveries = Watch([region]), [a_delivery(version=str(n)) for n in range(120)]
    for delivery in deliveries:
        watch.add(delivery)
        put(region, delivery, delivery.file_id, **an_account("COMPLETED", rowsRead=0))

    watch.look()

    assert watch.unsettled == []
