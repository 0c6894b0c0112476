"""Events that keep failing are kept with their reason, and can be processed again."""

import uuid
from collections.abc import Mapping
from typing import NamedTuple

import pytest

from local.cloud import Cloud
from naming import PRIMARY, STANDBY
from ops import dead_letters
from tests.e2e.content import order_lines
from tests.e2e.faults import RESERVE_S, busy
from tests.e2e.functions import Function
from tests.e2e.oracle import differences, plain
from tests.e2e.site import Site, Upload, sites
from tests.e2e.waiting import wait_for

CUT_OFF = b'[{"number": 1}, {"number": 2}, {"num'
TRIES = 3

in_each_region = pytest.mark.parametrize("region", [PRIMARY, STANDBY])


class Failed(NamedTuple):
    upload: Upload
    letter: dead_letters.Event


@pytest.fixture(scope="module")
def regions(cloud: Cloud) -> Mapping[str, Site]:
    return sites(cloud)


@pytest.fixture(scope="module")
def failed(regions: Mapping[str, Site]) -> dict[str, Failed]:
    """An unreadable file in each region, and what the queue of its region got."""
    uploads = [site.put("any/cut + off ü.json", CUT_OFF) for site in regions.values()]
    return {
        upload.region: Failed(upload, regions[upload.region].await_dead_letter(upload))
        for upload in uploads
    }


@in_each_region
def test_a_file_is_given_up_after_three_tries(
    regions: Mapping[str, Site], failed: Mapping[str, Failed], region: str
) -> None:
    upload, _ = failed[region]

    ends = [run["status"] for run in regions[region].runs(upload)]

    assert ends[:TRIES] == ["FAILED"] * TRIES


@in_each_region
def test_the_reason_is_in_the_files_item_and_its_code_in_the_log(
    regions: Mapping[str, Site], failed: Mapping[str, Failed], region: str
) -> None:
    upload, _ = failed[region]

    entry = plain(regions[region].ledger_entry(upload))
    logged = [(run["level"], run["failure"]) for run in regions[region].runs(upload)]

    assert entry["status"] == "FAILED"
    assert (entry["failure"]["code"], entry["failure"]["row"]) == ("TRUNCATED_JSON", 3)
    # The message quotes the file, so the log has it not.
    assert logged[:TRIES] == [("ERROR", {"code": "TRUNCATED_JSON", "row": 3})] * TRIES


@in_each_region
def test_a_dead_letter_is_the_event_so_that_it_can_be_given_to_the_function_again(
    regions: Mapping[str, Site], failed: Mapping[str, Failed], region: str
) -> None:
    upload, letter = failed[region]
    site = regions[region]
    before, runs = site.ledger_entry(upload), len(site.runs(upload))

    error = dead_letters.reprocess(site, letter)

    assert error.startswith("TRUNCATED_JSON")
    assert len(site.runs(upload)) == runs + 1
    assert site.ledger_entry(upload) == before


def test_a_file_that_s3_denies_the_processor_has_a_ledger_entry_that_says_so(
    regions: Mapping[str, Site],
) -> None:
    primary = regions[PRIMARY]
    with Function(primary, primary.processor).role.without("s3:GetObjectVersion"):
        upload = primary.put("orders/withheld.json", order_lines(3, "withheld"))
        letter = primary.await_dead_letter(upload)
    [denied] = [plain(item) for item in primary.query(upload.id)]

    error = dead_letters.reprocess(primary, letter)

    assert (denied["status"], denied["failure"]["code"]) == ("FAILED", "OBJECT_REFUSED")
    assert "s3:GetObjectVersion" in denied["failure"]["message"]
    *tries, last = primary.runs(upload)
    assert [run["failure"]["code"] for run in tries] == ["OBJECT_REFUSED"] * TRIES
    assert last["status"] == "COMPLETED"
    assert (error, primary.status(upload)) == ("", "COMPLETED")


def test_an_event_that_is_no_notification_is_kept_as_it_came(regions: Mapping[str, Site]) -> None:
    event = {"not": "a notification", "id": str(uuid.uuid4())}

    dead_letters.deliver(regions[PRIMARY], event)

    assert wait_for(
        lambda: dead_letters.take(regions[PRIMARY], lambda letter: letter == event),
        f"the dead letter of {event}",
    ) == [event]


def test_a_file_of_which_no_run_stores_a_row_leaves_a_letter_and_is_finished_by_the_machine(
    cloud: Cloud, regions: Mapping[str, Site]
) -> None:
    primary = regions[PRIMARY]
    with busy(cloud, primary, puts=0, Timeout=RESERVE_S + 2):
        upload = primary.put("orders/never in time.json", order_lines(60, "never"))
        letter = primary.await_dead_letter(upload)
    primary.await_status(upload, "COMPLETED")

    error = dead_letters.reprocess(primary, letter)

    tries = primary.runs(upload)[:TRIES]
    assert [run["failure"]["code"] for run in tries] == ["OUT_OF_TIME"] * TRIES
    reasons = [line["reason"] for line in primary.log(upload) if line["message"] == "run failed"]
    assert "ProvisionedThroughputExceededException" in reasons[0]
    assert error == ""
    assert primary.runs(upload)[-1]["message"] == "file was complete before"
    assert differences(upload, regions) == {PRIMARY: {}, STANDBY: {}}
