"""The setting ``statusIndex`` on a deployed function and a real index, in both regions."""

from collections.abc import Mapping

import pytest

from local.cloud import Cloud
from naming import PRIMARY, REGIONS
from ops.status_index import with_status
from tests.e2e.content import order_lines
from tests.e2e.deliveries import handle, put_and_await
from tests.e2e.faults import reconfigured
from tests.e2e.oracle import expected_rows
from tests.e2e.site import ItemKey, Site, Upload, key_of, sites

ROWS = 40


@pytest.fixture(scope="module")
def regions(cloud: Cloud) -> Mapping[str, Site]:
    return sites(cloud)


@pytest.mark.parametrize("region", REGIONS)
def test_without_accepted_rows_in_the_index_every_row_is_stored_and_the_exceptions_are_found(
    regions: Mapping[str, Site], region: str
) -> None:
    site, seed = regions[region], f"exceptions in {region}"

    with reconfigured(site, {"STATUS_INDEX": "exceptions"}):
        upload = put_and_await(site, f"orders/{seed}.json", order_lines(ROWS, seed))

    rows = expected_rows(upload, site.sequencer(upload)).values()
    accepted = [item for item in rows if "data" in item]
    rejected = [item for item in rows if "data" not in item]
    assert accepted
    assert rejected
    for each in regions.values():
        for item in accepted:
            without = {name: value for name, value in item.items() if name != "shard"}
            assert each.item(key_of(item)) == without
        assert indexed(each, "ACCEPTED").isdisjoint(map(key_of, accepted))
        assert indexed(each, "REJECTED").issuperset(map(key_of, rejected))


def test_rows_keep_the_place_in_the_index_that_they_were_stored_with(
    regions: Mapping[str, Site],
) -> None:
    site = regions[PRIMARY]
    before = put_and_await(site, "orders/indexed.json", order_lines(ROWS, "indexed"))
    rows = expected_rows(before, site.sequencer(before)).values()

    with reconfigured(site, {"STATUS_INDEX": "exceptions"}):
        again(site, before)

    accepted = indexed(site, "ACCEPTED")
    for item in rows:
        assert site.item(key_of(item)) == item
        if "data" in item:
            assert key_of(item) in accepted


def again(site: Site, upload: Upload) -> None:
    """Let the function handle a file from its first row, as if nothing of it were stored."""
    sequencer = site.sequencer(upload)
    site.delete((upload.id, upload.timestamp))
    handle(site, upload, sequencer)


def indexed(site: Site, status: str) -> set[ItemKey]:
    return {key_of(item) for item in with_status(site, status)}
