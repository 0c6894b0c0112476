"""One record for each key, whichever file brings it and when: the newer file wins, everywhere."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pytest

from local.cloud import Cloud
from naming import PRIMARY, REGIONS, STANDBY, peer
from ops import dead_letters
from tests.e2e.content import lines, order
from tests.e2e.deliveries import (
    await_later_second,
    event_from_listing,
    handle,
    newer_contract,
    put_and_await,
    put_within_a_second,
)
from tests.e2e.oracle import differences, plain
from tests.e2e.site import Site, Upload, key_of, sites
from tests.e2e.subscriber import Subscriber, subscribed

Records = dict[str, list[tuple[int, str]]]
SAME: dict[str, dict[str, object]] = {PRIMARY: {}, STANDBY: {}}
# As S3 makes them: of different lengths, compared as if padded with zeros.
EARLIER, LATER = "0055AED6DCD9", "0055AED6DCD90281E5"
ROWS_OF_ONE_KEY = 60
COUNTS = ("rowsRead", "rowsAccepted", "itemsWritten")

in_each_region = pytest.mark.parametrize("region", REGIONS)
in_either_order = pytest.mark.parametrize("swapped", [False, True], ids=["in order", "swapped"])


@pytest.fixture(scope="module")
def regions(cloud: Cloud) -> Mapping[str, Site]:
    return sites(cloud)


@pytest.fixture(scope="module")
def subscriber(regions: Mapping[str, Site]) -> Iterator[Subscriber]:
    with subscribed(regions) as subscriber:
        yield subscriber


@in_each_region
def test_an_order_sent_four_times_is_one_record_with_the_newest_amount(
    regions: Mapping[str, Site], subscriber: Subscriber, region: str
) -> None:
    site, resent, other = regions[region], f"resent {region}", f"beside it {region}"
    first = [order(resent, 20), order(other, 7)]
    sent = (
        ("orders/monday.json", first),
        ("orders/monday again.json", first),
        ("orders/monday.json", first),
        ("orders/monday.json", [order(resent, 30), order(other, 7)]),
    )

    uploads = [put_and_await(site, key, lines(rows)) for key, rows in sent]
    subscriber.settle()

    assert records(regions, resent) == everywhere((30, uploads[-1].version))
    assert records(regions, other) == everywhere((7, uploads[-1].version))
    for upload in uploads:
        assert counts(site, upload) == dict.fromkeys(COUNTS, 2)
    assert changes(subscriber, other) == [("CREATED", 7, None)]
    created, updated = sorted(subscriber.changes(f"orders:{resent}"), key=precedence)
    assert changes(subscriber, resent) == [
        ("CREATED", 20, None),
        ("UPDATED", 30, created["detail"]["item"]["digest"]),
    ]
    assert {event["region"] for event in (created, updated)} == {region}


@in_each_region
def test_an_older_file_that_is_processed_late_changes_nothing_newer(
    regions: Mapping[str, Site], subscriber: Subscriber, region: str
) -> None:
    site, late, alone = regions[region], f"late {region}", f"only late {region}"
    with site.silent():
        older = site.put("orders/late.json", lines([order(late, 1), order(alone, 1)]))
    await_later_second(older)
    newer = put_and_await(site, "orders/in time.json", lines([order(late, 2)]))

    handle(site, older, EARLIER)
    handle(site, older, EARLIER)
    site.delete((older.id, older.timestamp))
    handle(site, older, EARLIER)
    subscriber.settle()

    assert records(regions, late) == everywhere((2, newer.version))
    assert records(regions, alone) == everywhere((1, older.version))
    assert counts(site, older) == dict.fromkeys(COUNTS, 2)

    assert changes(subscriber, late) == [("CREATED", 2, None)]
    assert changes(subscriber, alone) == [("CREATED", 1, None)]


@in_each_region
def test_a_newer_contract_does_not_let_an_older_file_win_nor_an_older_contract_any(
    cloud: Cloud, regions: Mapping[str, Site], region: str
) -> None:
    site, kept = regions[region], f"kept {region}"
    contents = [lines([order(kept, amount)]) for amount in (1, 2)]
    older, newer = put_within_a_second(site, "orders/raised.json", *contents)
    for upload in (older, newer):
        site.await_status(upload, "COMPLETED")

    with newer_contract(cloud, site) as version:
        handle(site, older)
        after_older = records(regions, kept), contract_of(site, kept)
        handle(site, newer)
        after_newer = records(regions, kept), contract_of(site, kept)
    sequencer = site.sequencer(newer)
    site.delete((newer.id, newer.timestamp))
    handle(site, newer, sequencer)

    assert after_older == (everywhere((2, newer.version)), version - 1)
    assert after_newer == (everywhere((2, newer.version)), version)
    assert (records(regions, kept), contract_of(site, kept)) == after_newer
    assert plain(site.ledger_entry(older))["contractVersion"] == version


@in_either_order
@in_each_region
def test_of_two_versions_put_within_a_second_the_later_wins_also_when_they_are_replayed(
    regions: Mapping[str, Site], region: str, *, swapped: bool
) -> None:
    site, quick = regions[region], f"quick {region} {swapped}"
    contents = [lines([order(quick, amount)]) for amount in (1, 2)]
    with site.silent():
        first, second = put_within_a_second(site, f"orders/{quick}.json", *contents)
    events = {first: first.event(EARLIER), second: second.event(LATER)}
    uploads = [second, first] if swapped else [first, second]
    outcomes = []

    for event_for in (events.__getitem__, events.__getitem__, partial(event_from_listing, site)):
        for upload in uploads:
            assert dead_letters.reprocess(site, event_for(upload)) == ""
        outcomes.append(records(regions, quick))
        for item in (*site.query(f"orders:{quick}"), *map(site.ledger_entry, uploads)):
            site.delete(key_of(item))
        uploads.reverse()

    assert outcomes == [everywhere((2, second.version))] * 3


@in_each_region
def test_the_events_of_s3_say_which_of_two_versions_is_the_later(
    regions: Mapping[str, Site], region: str
) -> None:
    site, sequenced = regions[region], f"sequenced {region}"
    contents = [lines([order(sequenced, amount)]) for amount in (1, 2)]

    first, second = put_within_a_second(site, "orders/sequenced.json", *contents)
    for upload in (first, second):
        site.await_status(upload, "COMPLETED")

    assert "" < site.sequencer(first) < site.sequencer(second)
    assert records(regions, sequenced) == everywhere((2, second.version))


def test_of_several_rows_of_a_file_with_one_key_the_last_wins_and_all_are_counted(
    regions: Mapping[str, Site], subscriber: Subscriber
) -> None:
    amounts = range(1, ROWS_OF_ONE_KEY + 1)
    rows = [order("repeated", amount) for amount in amounts]

    upload = put_and_await(
        regions[PRIMARY], "orders/repeated.json", lines([*rows, order("single", 5)])
    )
    subscriber.settle()

    assert records(regions, "repeated") == everywhere((ROWS_OF_ONE_KEY, upload.version))
    assert counts(regions[PRIMARY], upload) == dict.fromkeys(COUNTS, ROWS_OF_ONE_KEY + 1)
    assert differences(upload, regions) == SAME
    heard = sorted(subscriber.changes("orders:repeated"), key=precedence)
    assert [event["detail"]["change"] for event in heard].count("CREATED") == 1
    assert heard[-1]["detail"]["item"] == plain(regions[STANDBY].query("orders:repeated")[0])


@pytest.mark.parametrize("late", [False, True], ids=["in time", "the older one late"])
@in_each_region
def test_a_record_written_from_both_regions_buckets_is_the_newer_objects_in_both(
    regions: Mapping[str, Site], subscriber: Subscriber, region: str, *, late: bool
) -> None:
    order_id = f"failover {region} {late}"
    site, failed_over = regions[region], regions[peer(region)]
    with site.silent():
        older = site.put("orders/failover.json", lines([order(order_id, 1)]))
    if not late:
        handle(site, older, LATER)
    await_later_second(older)
    newer = put_and_await(failed_over, "orders/failover.json", lines([order(order_id, 2)]))
    if late:
        handle(site, older, LATER)
    subscriber.settle()

    assert records(regions, order_id) == everywhere((2, newer.version))
    assert [counts(site, older), counts(failed_over, newer)] == [dict.fromkeys(COUNTS, 1)] * 2
    heard = sorted(subscriber.changes(f"orders:{order_id}"), key=precedence)
    assert [(event["region"], event["detail"]["change"]) for event in heard] == [
        *([] if late else [(region, "CREATED")]),
        (failed_over.name, "CREATED" if late else "UPDATED"),
    ]


def records(regions: Mapping[str, Site], order_id: str) -> Records:
    """Return, by region, amount and object version of every record of an order."""
    found = {name: map(plain, site.query(f"orders:{order_id}")) for name, site in regions.items()}
    return {
        name: [(int(item["data"]["amount"]), item["source"]["version"]) for item in items]
        for name, items in found.items()
    }


def everywhere(record: tuple[int, str]) -> Records:
    return {name: [record] for name in REGIONS}


def contract_of(site: Site, order_id: str) -> int:
    [item] = site.query(f"orders:{order_id}")
    return int(item["contractVersion"]["N"])


def counts(site: Site, upload: Upload) -> dict[str, int]:
    entry = plain(site.ledger_entry(upload))
    return {name: int(entry[name]) for name in COUNTS}


def changes(subscriber: Subscriber, order_id: str) -> list[tuple[str, object, object]]:
    """Return what was announced of an order, oldest first: change, amount, previous digest."""
    heard = sorted(subscriber.changes(f"orders:{order_id}"), key=precedence)
    details = [event["detail"] for event in heard]
    return [
        (each["change"], each["item"]["data"]["amount"], each.get("previousDigest"))
        for each in details
    ]


def precedence(event: Mapping[str, Any]) -> str:
    return str(event["detail"]["item"]["precedence"])
