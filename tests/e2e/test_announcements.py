"""What downstream consumers receive: docs/events.md, kept by both regions together."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.cloud import Cloud
from naming import PRIMARY, STANDBY
from ops.change_events import ChangeEvent
from ops.items import Item
from tests.e2e.content import order_lines
from tests.e2e.oracle import differences, expected_rows, plain
from tests.e2e.site import ItemKey, Site, Upload, key_of, sites
from tests.e2e.subscriber import Subscriber, subscribed

EVENTS_PAGE = Path(__file__).resolve().parents[2] / "docs" / "events.md"
ROWS = 40
DELETED_ROW = 7
TOO_LARGE_BYTES = 300 * 1024
ODD = {"large": 9007199254740993, "small": 19.90, "text": "x" * TOO_LARGE_BYTES}


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A file in each region's bucket, one with a large row, and what was announced about them."""

    primary: Upload
    standby: Upload
    large: Upload
    differences: Mapping[str, object]
    rows: Mapping[str, Mapping[int, Item]]
    subscriber: Subscriber

    def all_of(self, upload: Upload) -> list[ChangeEvent]:
        """Return what both regions have announced, repetitions left out."""
        heard = {
            **self.subscriber.announcements(upload, PRIMARY),
            **self.subscriber.announcements(upload, STANDBY),
        }
        return list(heard.values())


@pytest.fixture(scope="module")
def regions(cloud: Cloud) -> Mapping[str, Site]:
    return sites(cloud)


@pytest.fixture(scope="module")
def heard(regions: Mapping[str, Site]) -> Iterator[Heard]:
    with subscribed(regions) as subscriber:
        primary = regions[PRIMARY].put("orders/announced.json", order_lines(ROWS, "announced"))
        standby = regions[STANDBY].put("orders/announced.json", order_lines(ROWS, "elsewhere"))
        large = regions[PRIMARY].put("any/large.json", json.dumps(ODD).encode())
        for site in regions.values():
            for upload in (primary, standby, large):
                site.await_status(upload, "COMPLETED")
        unlike = {
            name: differences(upload, regions)
            for name, upload in ((PRIMARY, primary), (STANDBY, standby))
        }
        rows = {
            upload.id: expected_rows(upload, regions[upload.region].sequencer(upload))
            for upload in (primary, standby)
        }
        # Through the other region's replica: what counts is where it was first written.
        regions[STANDBY].delete(key_of(rows[primary.id][DELETED_ROW]))
        regions[PRIMARY].delete(key_of(rows[standby.id][DELETED_ROW]))
        subscriber.settle()
        yield Heard(
            primary=primary,
            standby=standby,
            large=large,
            differences=unlike,
            rows=rows,
            subscriber=subscriber,
        )


def test_a_file_put_in_either_region_is_stored_in_both(heard: Heard) -> None:
    assert heard.differences == {
        PRIMARY: {PRIMARY: {}, STANDBY: {}},
        STANDBY: {PRIMARY: {}, STANDBY: {}},
    }


def test_a_region_announces_only_what_was_first_written_there(heard: Heard) -> None:
    assert heard.subscriber.announcements(heard.primary, STANDBY) == {}
    assert heard.subscriber.announcements(heard.standby, PRIMARY) == {}
    assert {event["detail"]["originRegion"] for event in heard.all_of(heard.primary)} == {PRIMARY}
    assert {event["detail"]["originRegion"] for event in heard.all_of(heard.standby)} == {STANDBY}


@pytest.mark.parametrize("origin", ["primary", "standby"])
def test_over_both_regions_each_change_is_announced_once(heard: Heard, origin: str) -> None:
    upload: Upload = getattr(heard, origin)

    keys = {row: key_of(item) for row, item in heard.rows[upload.id].items()}
    entry = (upload.id, upload.timestamp)

    changes = [(announced_key(event), event["detail"]["change"]) for event in heard.all_of(upload)]

    assert len(keys) == ROWS
    assert sorted(changes) == sorted(
        [
            *((key, "CREATED") for key in keys.values()),
            (entry, "CREATED"),
            (entry, "UPDATED"),
            (keys[DELETED_ROW], "DELETED"),
        ]
    )


def test_an_announcement_carries_the_item_as_it_is_stored(heard: Heard) -> None:
    stored = {key_of(item): plain(item) for item in heard.rows[heard.standby.id].values()}

    created = {
        announced_key(event): event["detail"]["item"]
        for event in heard.all_of(heard.standby)
        if event["detail-type"] == "RecordChanged" and event["detail"]["change"] == "CREATED"
    }

    assert created == stored


def test_a_deletion_carries_the_item_as_it_last_was(heard: Heard) -> None:
    last = plain(heard.rows[heard.primary.id][DELETED_ROW])

    [deleted] = [
        e["detail"] for e in heard.all_of(heard.primary) if e["detail"]["change"] == "DELETED"
    ]

    assert deleted["item"] == last
    assert deleted["status"] == last["status"]


def test_an_announcement_has_the_documented_shape(heard: Heard) -> None:
    documented = json.loads(re.findall(r"```json\n(.*?)```", EVENTS_PAGE.read_text(), re.DOTALL)[0])

    for event in heard.all_of(heard.primary):
        detail = event["detail"]
        extra = {"previousStatus"} if detail["change"] == "UPDATED" else set()
        assert documented.keys() <= event.keys()
        assert detail.keys() == documented["detail"].keys() | extra
        assert detail["schemaVersion"] == documented["detail"]["schemaVersion"]
        assert (event["source"], event["region"]) == (documented["source"], PRIMARY)
        assert event["detail-type"] == (
            "FileChanged" if detail["item"]["itemType"] == "FILE" else "RecordChanged"
        )
        assert announced_key(event) == (detail["item"]["recordId"], detail["item"]["timestamp"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event["time"])


def test_a_file_is_announced_when_it_is_begun_and_when_it_is_completed(heard: Heard) -> None:
    changes = [
        e["detail"] for e in heard.all_of(heard.primary) if e["detail-type"] == "FileChanged"
    ]

    begun, completed = sorted(changes, key=lambda detail: str(detail["change"]))
    assert (begun["status"], begun["item"]["rowsRead"]) == ("PROCESSING", 0)
    assert (completed["previousStatus"], completed["status"]) == ("PROCESSING", "COMPLETED")
    assert completed["item"]["rowsRead"] == ROWS


def test_the_id_of_a_change_is_a_hash_of_what_it_left_behind(heard: Heard) -> None:
    details = [event["detail"] for event in heard.all_of(heard.primary)]

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
    heard: Heard, regions: Mapping[str, Site]
) -> None:
    record_id = heard.large.record_id(1)

    [detail] = [
        e["detail"] for e in heard.all_of(heard.large) if e["detail"]["recordId"] == record_id
    ]

    reference = detail["itemReference"]
    assert "item" not in detail
    assert reference.pop("table") == regions[PRIMARY].table
    assert reference == {"recordId": record_id, "timestamp": heard.large.timestamp}
    stored = plain(regions[PRIMARY].item((record_id, heard.large.timestamp)))
    assert len(stored["data"]["text"]) == TOO_LARGE_BYTES


def announced_key(event: ChangeEvent) -> ItemKey:
    return event["detail"]["recordId"], event["detail"]["timestamp"]


def hash_of(*parts: object) -> str:
    text = json.dumps(
        parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=float
    )
    return hashlib.sha256(text.encode()).hexdigest()[:32]
