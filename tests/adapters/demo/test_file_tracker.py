from dataclasses import replace
from pathlib import Path

import pytest

from local.demo.delivery import Delivery
from local.demo.file_tracker import Tracker
from ops.region import Region
from tests.adapters.demo.storing import put, put_row
from tests.unit.demo.factory import EAST, a_delivery, a_file, a_ledger_entry

ORDERS = """id,timestamp,amount,currency,category,quantity,customer_id,customer_tier
1,2026-11-02T08:30:00Z,1.5,EUR,books,1,C1,gold
"""


@pytest.fixture
def delivery(tmp_path: Path) -> Delivery:
    """A file with one order, whose moment is that of the file."""
    path = tmp_path / "a.csv"
    path.write_text(ORDERS)
    return a_delivery(replace(a_file(), path=path))


def test_a_file_is_unsettled_until_it_is_finished_and_can_be_read(
    region: Region, delivery: Delivery
) -> None:
    tracker = Tracker([region])
    tracker.add(delivery)

    seen = [tracker.unsettled]
    put_row(region, delivery, 1, recordId="orders:1")
    tracker.poll()
    seen.append(tracker.unsettled)
    put(region, delivery, delivery.stored.id, **a_ledger_entry("COMPLETED"))
    tracker.poll()
    seen.append(tracker.unsettled)

    assert seen == [[delivery], [delivery], []]


def test_a_file_is_readable_from_the_moment_its_first_row_was_seen(
    region: Region, delivery: Delivery
) -> None:
    tracker = Tracker([region])
    tracker.add(delivery)

    tracker.poll()
    before = tracker.sighting(delivery, EAST).readable_after_s
    put_row(region, delivery, 1, recordId="orders:1")
    tracker.poll()
    first = tracker.sighting(delivery, EAST).readable_after_s
    tracker.poll()
    later = tracker.sighting(delivery, EAST).readable_after_s

    assert before is None
    assert first is not None
    assert first == later


def test_a_record_of_an_earlier_file_is_not_yet_that_of_this_one(
    region: Region, delivery: Delivery
) -> None:
    tracker = Tracker([region])
    tracker.add(delivery)

    put_row(region, delivery, 1, recordId="orders:1", precedence="2026-11-01T08:00:00.000Z/0A")
    tracker.poll()

    assert tracker.at_origin(delivery).readable_after_s is None


def test_a_file_without_rows_is_settled_when_it_is_finished(
    region: Region, delivery: Delivery
) -> None:
    tracker = Tracker([region])
    tracker.add(delivery)

    put(region, delivery, delivery.stored.id, **a_ledger_entry("FAILED", rowsRead=0))
    tracker.poll()

    assert tracker.unsettled == []
    assert tracker.at_origin(delivery).status == "FAILED"


def test_more_files_than_one_read_can_ask_for_are_tracked(
    region: Region, delivery: Delivery
) -> None:
    tracker = Tracker([region])
    deliveries = [a_delivery(delivery.file, version=str(n)) for n in range(120)]
    for each in deliveries:
        tracker.add(each)
        put(region, each, each.stored.id, **a_ledger_entry("COMPLETED", rowsRead=0))

    tracker.poll()

    assert tracker.unsettled == []
