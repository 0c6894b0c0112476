"""Rejected rows come back corrected, and then every row of the file is in."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local.aws_isolation import without_aws
from local.cloud import Cloud
from local.paths import REPOSITORY
from naming import PRIMARY, REGIONS, STANDBY
from ops.items import Item
from tests.e2e.content import order, order_lines
from tests.e2e.deliveries import await_later_second, handle, newer_contract, put_and_await
from tests.e2e.oracle import differences, expected_rows, plain, unannounced
from tests.e2e.site import Site, Upload, key_of, sites
from tests.e2e.subscriber import Subscriber, subscribed
from tests.samples.orders import Order, orders

SAME: dict[str, dict[str, object]] = {PRIMARY: {}, STANDBY: {}}
ROWS, BAD_ROWS = 240, 12


@pytest.fixture(scope="module")
def regions(cloud: Cloud) -> Mapping[str, Site]:
    return sites(cloud)


@pytest.fixture(scope="module")
def subscriber(regions: Mapping[str, Site]) -> Iterator[Subscriber]:
    with subscribed(regions) as subscriber:
        yield subscriber


@pytest.mark.parametrize("corrected_in", REGIONS)
def test_corrected_rows_are_stored_and_the_rejected_ones_name_them_in_both_regions(
    regions: Mapping[str, Site], subscriber: Subscriber, corrected_in: str
) -> None:
    site, seed = regions[PRIMARY], f"corrected in {corrected_in}"
    upload = put_and_await(site, f"orders/{seed}.json", order_lines(ROWS, seed))
    rejected = rejected_rows(site, upload)
    right = {row: good for row, good in enumerate(orders(ROWS, seed), 1) if row in rejected}

    rows = [correction(upload, {row: good}) for row, good in right.items()]
    corrected = put_and_await(regions[corrected_in], f"orders/{seed} 2.json", array(rows))
    handle(regions[corrected_in], corrected)
    subscriber.settle()

    accepted = expected_rows(corrected, site.sequencer(corrected))
    expected = {
        row: marked(item, accepted[nth]) for nth, (row, item) in enumerate(rejected.items(), 1)
    }
    assert len(rejected) == BAD_ROWS
    for each in regions.values():
        assert {row: each.item(key_of(rejected[row])) for row in rejected} == expected
    assert differences(corrected, regions) == SAME
    assert unannounced(corrected, regions, subscriber) == {}
    for row, item in expected.items():
        # Where the row was rejected, whichever region stores its correction.
        heard = announced(subscriber, upload.record_id(row))
        assert heard[1:] == [(PRIMARY, "UPDATED", "REJECTED", plain(item))]


def test_a_corrected_row_stays_so_when_a_newer_contract_rejects_it_again(
    cloud: Cloud, regions: Mapping[str, Site]
) -> None:
    site = regions[PRIMARY]
    upload = put_and_await(site, "orders/again.json", bad_order("corrected once"))
    right = array([correction(upload, {1: order("corrected once", 1)})])
    put_and_await(site, "orders/again 2.json", right)
    before = items(regions, upload.record_id(1))

    with newer_contract(cloud, site) as version:
        handle(site, upload)

    assert status(regions, upload) == {"CORRECTED"}
    assert items(regions, upload.record_id(1)) == before
    assert plain(site.ledger_entry(upload))["contractVersion"] == version


def test_a_correction_that_is_rejected_again_is_corrected_together_with_the_first_row(
    regions: Mapping[str, Site],
) -> None:
    site = regions[PRIMARY]
    first = put_and_await(site, "orders/twice.json", bad_order("corrected twice"))
    wrong = correction(first, {1: {**order("corrected twice", 1), "quantity": 0}})
    second = put_and_await(site, "orders/twice 2.json", array([wrong]))
    statuses = [status(regions, upload) for upload in (first, second)]

    row = correction(second, {1: order("corrected twice", 1)})
    row["ingestion:corrects"] += " " + reference(first, 1)
    last = put_and_await(site, "orders/twice 3.json", array([row]))

    assert statuses == [{"REJECTED"}, {"REJECTED"}]
    assert [status(regions, upload) for upload in (first, second)] == [{"CORRECTED"}] * 2
    assert [differences(last, regions), counts(site, last)] == [SAME, (1, 0)]


def test_of_two_corrections_the_newer_is_named_also_when_the_older_is_processed_late(
    regions: Mapping[str, Site],
) -> None:
    site = regions[PRIMARY]
    upload = put_and_await(site, "orders/raced.json", bad_order("raced"))
    with site.silent():
        older = site.put("orders/raced 2.json", array([correction(upload, {1: order("raced", 1)})]))
    await_later_second(older)
    newer = put_and_await(
        site, "orders/raced 3.json", array([correction(upload, {1: order("raced", 2)})])
    )

    handle(site, older)

    for [item] in items(regions, upload.record_id(1)).values():
        assert newer.version in item["correctedBy"]["precedence"]
    for [item] in items(regions, "orders:raced").values():
        assert (item["data"]["amount"], item["source"]["version"]) == (2, newer.version)


def test_a_row_that_says_it_corrects_what_was_never_rejected_changes_nothing_else(
    regions: Mapping[str, Site],
) -> None:
    site = regions[PRIMARY]
    accepted = put_and_await(
        site, "orders/in order.json", array([order("in order", 1), order("beside", 1)])
    )
    generic = put_and_await(site, "any/rejected.json", b"[1]")
    before = [items(regions, id_) for id_ in ("orders:in order", generic.record_id(1))]
    rows = [
        correction(accepted, {1: order("claimed 1", 1)}),
        correction(accepted, {9: order("claimed 2", 1)}),
        correction(generic, {1: order("claimed 3", 1)}),
        {**order("claimed 4", 1), "ingestion:corrects": "no reference"},
    ]

    claiming = put_and_await(site, "orders/claiming.json", array(rows))

    assert [items(regions, id_) for id_ in ("orders:in order", generic.record_id(1))] == before
    assert items(regions, accepted.record_id(9)) == {PRIMARY: [], STANDBY: []}
    assert [differences(claiming, regions), counts(site, claiming)] == [SAME, (4, 0)]


def test_a_producer_gets_the_rejected_rows_back_corrects_and_sends_them_and_the_file_is_complete(
    cloud: Cloud, regions: Mapping[str, Site], tmp_path: Path
) -> None:
    site, out = regions[PRIMARY], tmp_path / "rejected.json"
    upload = put_and_await(site, "orders/round.json", order_lines(ROWS, "round"))
    bad = rejected_rows(site, upload)
    right = [good for row, good in enumerate(orders(ROWS, "round"), 1) if row in bad]

    incomplete, _ = ops(cloud, "file", upload.key)
    written, _ = ops(cloud, "rejected", upload.key, "--out", str(out))
    rows = [without_mistake(row) for row in json.loads(out.read_bytes())]
    sent = array([{**row, **good} for row, good in zip(rows, right, strict=True)])
    corrected = put_and_await(site, "orders/round-corrected.json", sent)
    complete, words = ops(cloud, "file", upload.key)

    assert (incomplete, written, complete) == (1, 0, 0)
    assert "complete: all rows are in" in words
    assert len(rows) == BAD_ROWS
    assert [differences(corrected, regions), counts(site, corrected)] == [SAME, (BAD_ROWS, 0)]
    assert {
        item["status"] for row in bad for [item] in items(regions, upload.record_id(row)).values()
    } == {"CORRECTED"}


def ops(cloud: Cloud, *words: str) -> tuple[int, str]:
    """Return exit code and output of the command as a producer's operator runs it."""
    run = subprocess.run(
        [sys.executable, "-m", "ops", *words],
        cwd=REPOSITORY,
        env={**without_aws(os.environ), **cloud.variables()},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def without_mistake(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a producer leaves of a row that came back, to write the right fields behind."""
    return {
        name: text
        for name, text in row.items()
        if name.startswith("ingestion:") and name != "ingestion:raw"
    }


def bad_order(order_id: str) -> bytes:
    return array([{**order(order_id, 1), "quantity": 0}])


def array(rows: list[Order]) -> bytes:
    return json.dumps(rows).encode()


def reference(upload: Upload, row: int) -> str:
    return f"{upload.id}/{upload.timestamp}/{row}"


def correction(upload: Upload, good: Mapping[int, Order]) -> Order:
    """Return a good row with the fields that say which rejected row it corrects."""
    [(row, own)] = good.items()
    marks = {"corrects": reference(upload, row), "line": row, "code": "ANY", "reason": "any"}
    return {**{f"ingestion:{name}": text for name, text in marks.items()}, **own}


def rejected_rows(site: Site, upload: Upload) -> dict[int, Item]:
    rows = expected_rows(upload, site.sequencer(upload))
    return {row: item for row, item in rows.items() if item["status"] == {"S": "REJECTED"}}


def marked(rejected: Item, by: Item) -> Item:
    """Return a rejected row's item as it is once an accepted row corrects it."""
    names = ("recordId", "timestamp", "precedence")
    marks = {
        "status": {"S": "CORRECTED"},
        "correctedBy": {"M": {name: by[name] for name in names}},
    }
    return {**rejected, **marks}


def items(regions: Mapping[str, Site], record_id: str) -> dict[str, list[dict[str, Any]]]:
    return {name: list(map(plain, site.query(record_id))) for name, site in regions.items()}


def status(regions: Mapping[str, Site], upload: Upload) -> set[str]:
    """Return the statuses of the first row of a file in the regions."""
    return {
        item["status"] for found in items(regions, upload.record_id(1)).values() for item in found
    }


def counts(site: Site, upload: Upload) -> tuple[int, int]:
    entry = plain(site.ledger_entry(upload))
    return int(entry["rowsAccepted"]), int(entry["rowsRejected"])


def announced(subscriber: Subscriber, record_id: str) -> list[tuple[str, str, object, object]]:
    """Return what was announced of an item: first its creation, then its changes."""
    heard = [(event["region"], event["detail"]) for event in subscriber.changes(record_id)]
    return [
        (region, each["change"], each.get("previousStatus"), each["item"])
        for region, each in sorted(heard, key=lambda each: str(each[1]["change"]))
    ]
