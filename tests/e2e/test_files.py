"""Each row of a file of whatever format is stored in both regions, or refused with its reason."""

from collections.abc import Mapping

import pytest

from local.cloud import Cloud
from tests.e2e.cases import Case
from tests.e2e.formats import at_the_standby, formats
from tests.e2e.ingestion import Outcome, ingest
from tests.e2e.refusals import refusals
from tests.e2e.site import EAST, WEST, Item, sites
from tests.e2e.undisturbed import plain

CASES = [*formats(), at_the_standby(), *refusals()]
RAW_BYTES = 4096  # of a refused row are kept

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture(scope="module")
def outcomes(cloud: Cloud) -> dict[str, Outcome]:
    return ingest(sites(cloud), CASES)


@each_case
def test_every_row_is_accounted_for(case: Case, outcomes: Mapping[str, Outcome]) -> None:
    outcome = outcomes[case.name]

    account = plain(outcome.accounts[case.region])

    assert account["status"] == case.status
    assert account["rowsRead"] == account["itemsWritten"] == case.rows
    assert account["rowsAccepted"] == len(case.accepted)
    assert account["rowsRejected"] == len(case.rejected)
    assert account["sizeBytes"] == len(case.content)
    assert rows_with("ACCEPTED", outcome.records[case.region]) == sorted(case.accepted)
    assert rows_with("REJECTED", outcome.records[case.region]) == sorted(case.rejected)


@each_case
def test_both_regions_hold_the_same(case: Case, outcomes: Mapping[str, Outcome]) -> None:
    outcome = outcomes[case.name]

    assert outcome.accounts[WEST] == outcome.accounts[EAST]
    assert outcome.records[WEST] == outcome.records[EAST]


@each_case
def test_an_accepted_row_is_stored_in_its_standard_form(
    case: Case, outcomes: Mapping[str, Outcome]
) -> None:
    stored = outcomes[case.name].records[case.region]

    assert {row: plain(stored[row])["data"] for row in case.accepted} == case.accepted


@each_case
def test_an_item_names_the_file_and_the_row_it_comes_from(
    case: Case, outcomes: Mapping[str, Outcome]
) -> None:
    outcome = outcomes[case.name]
    origin = {"bucket": outcome.upload.bucket, "key": case.key, "version": outcome.upload.version}
    items = {row: plain(item) for row, item in outcome.records[case.region].items()}

    account = plain(outcome.accounts[case.region])

    assert account["source"] == origin
    assert {row: item["source"] for row, item in items.items()} == {
        row: {**origin, "row": row} for row in items
    }
    assert {item["originRegion"] for item in (account, *items.values())} == {case.region}


@each_case
def test_a_refused_row_has_its_reason_and_its_text(
    case: Case, outcomes: Mapping[str, Outcome]
) -> None:
    stored = outcomes[case.name].records[case.region]

    refused = {row: plain(stored[row]) for row in case.rejected}

    assert {row: reason(item) for row, item in refused.items()} == {
        row: (bad.code, bad.field) for row, bad in case.rejected.items()
    }
    assert {row: (item["raw"], item["rawBytes"]) for row, item in refused.items()} == {
        row: (text(bad.raw), len(bad.raw)) for row, bad in case.rejected.items()
    }


@each_case
def test_a_file_that_cannot_be_read_on_says_why_and_where(
    case: Case, outcomes: Mapping[str, Outcome]
) -> None:
    account = plain(outcomes[case.name].accounts[case.region])

    failure = account.get("failure", {})

    assert {name: failure[name] for name in failure if name != "message"} == case.failure
    assert bool(failure.get("message")) == bool(case.failure)


def rows_with(status: str, records: Mapping[int, Item]) -> list[int]:
    return sorted(row for row, item in records.items() if item["status"] == {"S": status})


def reason(item: Item) -> tuple[str, str | None]:
    return item["error"]["code"], item["error"].get("field")


def text(raw: bytes) -> str:
    """What is kept of a row: the beginning, what is not UTF-8 replaced."""
    return raw[:RAW_BYTES].decode(errors="replace")
