from local.demo.file_tracker import Tracker
from ops.region import Region
from tests.adapters.demo.storing import put
from tests.unit.demo.factory import EAST, a_delivery, a_ledger_entry


def test_a_file_is_unsettled_until_it_is_finished_and_can_be_read(region: Region) -> None:
    tracker, delivery = Tracker([region]), a_delivery()
    tracker.add(delivery)

    seen = [tracker.unsettled]
    put(region, delivery, delivery.stored.record_id(1))
    tracker.poll()
    seen.append(tracker.unsettled)
    put(region, delivery, delivery.stored.id, **a_ledger_entry("COMPLETED"))
    tracker.poll()
    seen.append(tracker.unsettled)

    assert seen == [[delivery], [delivery], []]


def test_a_file_is_readable_from_the_moment_its_first_row_was_seen(region: Region) -> None:
    tracker, delivery = Tracker([region]), a_delivery()
    tracker.add(delivery)

    tracker.poll()
    before = tracker.sighting(delivery, EAST).readable_after_s
    put(region, delivery, delivery.stored.record_id(1))
    tracker.poll()
    first = tracker.sighting(delivery, EAST).readable_after_s
    tracker.poll()
    later = tracker.sighting(delivery, EAST).readable_after_s

    assert before is None
    assert first is not None
    assert first == later


def test_a_file_without_rows_is_settled_when_it_is_finished(region: Region) -> None:
    tracker, delivery = Tracker([region]), a_delivery()
    tracker.add(delivery)

    put(region, delivery, delivery.stored.id, **a_ledger_entry("FAILED", rowsRead=0))
    tracker.poll()

    assert tracker.unsettled == []
    assert tracker.at_origin(delivery).status == "FAILED"


def test_more_files_than_one_read_can_ask_for_are_tracked(region: Region) -> None:
    tracker, deliveries = Tracker([region]), [a_delivery(version=str(n)) for n in range(120)]
    for delivery in deliveries:
        tracker.add(delivery)
        put(region, delivery, delivery.stored.id, **a_ledger_entry("COMPLETED", rowsRead=0))

    tracker.poll()

    assert tracker.unsettled == []
