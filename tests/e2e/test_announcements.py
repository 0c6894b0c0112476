"""What downstream consumers hear: docs/events.md, kept by both regions together."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.cloud import Cloud
from tests.e2e.content import order_lines
from tests.e2e.hearing import Announcement, Hearing, hearing
from tests.e2e.site import EAST, WEST, Site, Upload, sites
from tests.e2e.undisturbed import differences, plain, records_of

EVENTS_PAGE = Path(__file__).resolve().parents[2] / "docs" / "events.md"
ROWS = 40
DELETED_ROW = 7
TOO_LARGE_BYTES = 300 * 1024
ODD = {"large": 9007199254740993, "small": 19.90, "text": "x" * TOO_LARGE_BYTES}


@dataclass(frozen=True, kw_only=True)
class Told:
    """A file in each region's bucket, one with a large row, and what was heard of them."""

    east: Upload
    west: Upload
    large: Upload
    differences: Mapping[str, object]
    hearing: Hearing

    def all_of(self, upload: Upload) -> list[Announcement]:
        """From both regions, repetitions left out."""
        heard = {**self.hearing.of(upload, EAST), **self.hearing.of(upload, WEST)}
        return list(heard.values())


@pytest.fixture(scope="module")
def regions(cloud: Cloud) -> dict[str, Site]:
    return sites(cloud)


@pytest.fixture(scope="module")
def told(regions: Mapping[str, Site]) -> Iterator[Told]:
    with hearing(regions) as listening:
        east = regions[EAST].put("orders/announced.json", order_lines(ROWS, "announced"))
        west = regions[WEST].put("orders/announced.json", order_lines(ROWS, "announced"))
        large = regions[EAST].put("any/large.json", json.dumps(ODD).encode())
        for site in regions.values():
            for upload in (east, west, large):
                site.await_status(upload, "COMPLETED")
        unlike = {
            name: differences(upload, regions) for name, upload in ((EAST, east), (WEST, west))
        }
        # Through the other region's replica: what counts is where it was first written.
        regions[WEST].delete(east, east.record_id(DELETED_ROW))
        regions[EAST].delete(west, west.record_id(DELETED_ROW))
        listening.settle()
        yield Told(east=east, west=west, large=large, differences=unlike, hearing=listening)


def test_a_file_put_in_either_region_is_stored_in_both(told: Told) -> None:
    assert told.differences == {EAST: {EAST: {}, WEST: {}}, WEST: {EAST: {}, WEST: {}}}


def test_a_region_announces_only_what_was_first_written_there(told: Told) -> None:
    assert told.hearing.of(told.east, WEST) == {}
    assert told.hearing.of(told.west, EAST) == {}
    assert {event["detail"]["originRegion"] for event in told.all_of(told.east)} == {EAST}
    assert {event["detail"]["originRegion"] for event in told.all_of(told.west)} == {WEST}


@pytest.mark.parametrize("origin", ["east", "west"])
def test_over_both_regions_each_change_is_announced_once(told: Told, origin: str) -> None:
    upload: Upload = getattr(told, origin)

    changes = [(e["detail"]["recordId"], e["detail"]["change"]) for e in told.all_of(upload)]

    assert sorted(changes) == sorted(
        [
            *((upload.record_id(row), "CREATED") for row in range(1, ROWS + 1)),
            (upload.file_id, "CREATED"),
            (upload.file_id, "UPDATED"),
            (upload.record_id(DELETED_ROW), "DELETED"),
        ]
    )


def test_an_announcement_carries_the_item_as_it_is_stored(told: Told) -> None:
    stored = {record_id: plain(item) for record_id, item in records_of(told.west).items()}

    created = {
        event["detail"]["recordId"]: event["detail"]["item"]
        for event in told.all_of(told.west)
        if event["detail-type"] == "RecordChanged" and event["detail"]["change"] == "CREATED"
    }

    assert created == stored


def test_a_deletion_carries_the_item_as_it_last_was(told: Told) -> None:
    last = plain(records_of(told.east)[told.east.record_id(DELETED_ROW)])

    [deleted] = [e["detail"] for e in told.all_of(told.east) if e["detail"]["change"] == "DELETED"]

    assert deleted["item"] == last
    assert deleted["status"] == last["status"]


def test_an_announcement_has_the_documented_shape(told: Told) -> None:
    documented = json.loads(re.findall(r"```json\n(.*?)```", EVENTS_PAGE.read_text(), re.DOTALL)[0])

    for event in told.all_of(told.east):
        detail = event["detail"]
        extra = {"previousStatus"} if detail["change"] == "UPDATED" else set()
        assert documented.keys() <= event.keys()
        assert detail.keys() == documented["detail"].keys() | extra
        assert detail["schemaVersion"] == documented["detail"]["schemaVersion"]
        assert (event["source"], event["region"]) == (documented["source"], EAST)
        assert event["detail-type"] == (
            "RecordChanged" if "." in detail["recordId"] else "FileChanged"
        )
        assert detail["timestamp"] == told.east.timestamp
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event["time"])


def test_a_file_is_announced_when_it_is_begun_and_when_it_is_completed(told: Told) -> None:
    changes = [e["detail"] for e in told.all_of(told.east) if e["detail-type"] == "FileChanged"]

    begun, completed = sorted(changes, key=lambda detail: str(detail["change"]))
    assert (begun["status"], begun["item"]["rowsRead"]) == ("PROCESSING", 0)
    assert (completed["previousStatus"], completed["status"]) == ("PROCESSING", "COMPLETED")
    assert completed["item"]["rowsRead"] == ROWS


def test_the_id_of_a_change_is_a_hash_of_what_it_left_behind(told: Told) -> None:
    details = [event["detail"] for event in told.all_of(told.east)]

    assert {detail["eventId"] for detail in details} == {
        hash_of(
            detail["recordId"],
            detail["timestamp"],
            "remove" if detail["change"] == "DELETED" else "put",
            detail["item"],
        )
        for detail in details
    }


def test_an_item_that_no_event_can_hold_is_announced_by_reference(
    told: Told, regions: Mapping[str, Site]
) -> None:
    record_id = told.large.record_id(1)

    [detail] = [
        e["detail"] for e in told.all_of(told.large) if e["detail"]["recordId"] == record_id
    ]

    reference = detail["itemReference"]
    assert "item" not in detail
    assert reference.pop("table") == regions[EAST].table.name
    stored = regions[EAST].table.get_item(Key=reference, ConsistentRead=True)["Item"]
    assert len(stored["data"]["text"]) == TOO_LARGE_BYTES


def hash_of(*parts: object) -> str:
    text = json.dumps(
        parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=float
    )
    return hashlib.sha256(text.encode()).hexdigest()[:32]
