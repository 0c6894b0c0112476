"""What is given up on is kept, with its reason, and can be done again."""

import uuid
from collections.abc import Mapping
from typing import NamedTuple

import pytest

from local.cloud import Cloud
from tests.e2e import letters
from tests.e2e.content import order_lines
from tests.e2e.faults import RESERVE_S, Busy, faulty_dynamodb
from tests.e2e.functions import Function
from tests.e2e.site import EAST, WEST, Site, Upload, sites
from tests.e2e.undisturbed import differences, plain
from tests.e2e.waiting import wait_for

CUT_OFF = b'[{"number": 1}, {"number": 2}, {"num'
TRIES = 3

in_each_region = pytest.mark.parametrize("region", [EAST, WEST])


class Failed(NamedTuple):
    upload: Upload
    letter: letters.Event


@pytest.fixture(scope="module")
def regions(cloud: Cloud) -> dict[str, Site]:
    return sites(cloud)


@pytest.fixture(scope="module")
def failed(regions: Mapping[str, Site]) -> dict[str, Failed]:
    """An unreadable file in each region, and what the queue of its region got."""
    uploads = [site.put("any/cut + off ü.json", CUT_OFF) for site in regions.values()]
    return {
        upload.region: Failed(upload, letters.take_one(regions[upload.region], upload))
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
def test_the_reason_is_in_the_files_item_and_in_the_log(
    regions: Mapping[str, Site], failed: Mapping[str, Failed], region: str
) -> None:
    upload, _ = failed[region]

    account = plain(regions[region].account(upload))
    logged = [(run["level"], run["failure"]) for run in regions[region].runs(upload)]

    assert account["status"] == "FAILED"
    assert (account["failure"]["code"], account["failure"]["row"]) == ("TRUNCATED_JSON", 3)
    assert logged[:TRIES] == [("ERROR", account["failure"])] * TRIES


@in_each_region
def test_a_dead_letter_is_the_event_so_that_it_can_be_given_to_the_function_again(
    regions: Mapping[str, Site], failed: Mapping[str, Failed], region: str
) -> None:
    upload, letter = failed[region]
    site = regions[region]
    before, runs = site.account(upload), len(site.runs(upload))

    error = site.redrive(letter)

    assert error.startswith("TRUNCATED_JSON")
    assert len(site.runs(upload)) == runs + 1
    assert site.account(upload) == before


def test_a_file_that_s3_refuses_to_give_has_an_account_that_says_so(
    cloud: Cloud, regions: Mapping[str, Site]
) -> None:
    east = regions[EAST]
    with Function(cloud, EAST, east.processor).role.without("s3:GetObjectVersion"):
        upload = east.put("orders/withheld.json", order_lines(3, "withheld"))
        letter = letters.take_one(east, upload)
    [refused] = [plain(item) for item in east.accounts(upload)]

    error = east.redrive(letter)

    assert (refused["status"], refused["failure"]["code"]) == ("FAILED", "OBJECT_REFUSED")
    *tries, last = east.runs(upload)
    assert [run["failure"]["message"] for run in tries] == [refused["failure"]["message"]] * TRIES
    assert last["status"] == "COMPLETED"
    assert (error, east.status(upload)) == ("", "COMPLETED")


def test_an_event_that_is_no_notification_is_kept_as_it_came(regions: Mapping[str, Site]) -> None:
    event = {"not": "a notification", "id": str(uuid.uuid4())}

    regions[EAST].deliver(event)

    assert wait_for(
        lambda: letters.take_if(regions[EAST], lambda letter: letter == event),
        lambda: f"the dead letter of {event}",
    ) == [event]


def test_a_file_that_no_run_could_finish_is_finished_by_its_dead_letter(
    cloud: Cloud, regions: Mapping[str, Site]
) -> None:
    east = regions[EAST]
    with faulty_dynamodb(cloud, east, Busy(puts=20), Timeout=RESERVE_S + 2):
        upload = east.put("orders/never in time.json", order_lines(60, "never"))
        letter = letters.take_one(east, upload)
    before = plain(east.account(upload))

    error = east.redrive(letter)

    assert before["status"] == "SUSPENDED"
    assert before["failure"]["code"] == "OUT_OF_TIME"
    assert "ProvisionedThroughputExceededException" in before["failure"]["message"]
    assert error == ""
    assert [run["status"] for run in east.runs(upload)] == ["SUSPENDED"] * TRIES + ["COMPLETED"]
    assert differences(upload, regions) == {EAST: {}, WEST: {}}
