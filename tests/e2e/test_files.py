"""Each row of a file, whatever its format, is stored in both regions or rejected with a reason."""

from collections import Counter
from collections.abc import Mapping

import pytest

from local.cloud import Cloud
from naming import PRIMARY, STANDBY
from ops.files import FileVersion
from ops.items import Item
from tests.e2e.cases import Case
from tests.e2e.formats import at_the_standby, formats
from tests.e2e.ingestion import Outcome, ingest
from tests.e2e.oracle import plain
from tests.e2e.rejections import rejections
from tests.e2e.site import ItemKey, key_of, sites

CASES = [*formats(), at_the_standby(), *rejections()]
LINES_KNOWN = ("bad records",)  # the reader of JSON does not count lines yet
RAW_BYTES = 4096  # of a rejected row are kept

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture(scope="module")
def outcomes(cloud: Cloud) -> dict[str, Outcome]:
    return ingest(sites(cloud), CASES)


@each_case
def test_every_row_is_accounted_for(case: Case, outcomes: Mapping[str, Outcome]) -> None:
    outcome = outcomes[case.name]

    entry = plain(outcome.ledger_entries[case.region])

    assert entry["status"] == case.status
    assert entry["rowsRead"] == entry["itemsWritten"] == case.rows
    assert entry["rowsAccepted"] == len(case.accepted)
    assert entry["rowsRejected"] == len(case.rejected)
    assert entry["sizeBytes"] == len(case.content)
    assert rows_with("ACCEPTED", outcome.records[case.region]) == sorted(case.accepted)
    assert rows_with("REJECTED", outcome.records[case.region]) == sorted(case.rejected)


@each_case
def test_both_regions_hold_the_same(case: Case, outcomes: Mapping[str, Outcome]) -> None:
    outcome = outcomes[case.name]

    assert outcome.ledger_entries[STANDBY] == outcome.ledger_entries[PRIMARY]
    assert outcome.records[STANDBY] == outcome.records[PRIMARY]


@each_case
def test_an_operator_computes_the_ids_of_the_file_and_of_its_rows(
    case: Case, outcomes: Mapping[str, Outcome]
) -> None:
    outcome = outcomes[case.name]
    facts = ("region", "bucket", "key", "version", "stored_at")
    file = FileVersion(**{name: getattr(outcome.upload, name) for name in facts})

    [entry] = {item["recordId"]["S"] for item in outcome.ledger_entries.values()}
    [timestamp] = {item["timestamp"]["S"] for item in outcome.ledger_entries.values()}

    assert (file.id, file.timestamp) == (entry, timestamp)
    assert {row: key_of(item) for row, item in outcome.records[case.region].items()} == {
        row: (file.record_id(row), file.timestamp) for row in rows_without_key(case)
    } | orders_by_key(case)


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

    entry = plain(outcome.ledger_entries[case.region])

    assert entry["source"] == origin
    assert {row: item["source"] for row, item in items.items()} == {
        row: {**origin, "row": row} for row in items
    }
    assert {item["originRegion"] for item in (entry, *items.values())} == {case.region}


@each_case
def test_a_rejected_row_has_its_reason_and_its_text(
    case: Case, outcomes: Mapping[str, Outcome]
) -> None:
    stored = outcomes[case.name].records[case.region]

    rejected = {row: plain(stored[row]) for row in case.rejected}

    assert {row: reason(item) for row, item in rejected.items()} == {
        row: (bad.code, bad.field) for row, bad in case.rejected.items()
    }
    assert {row: (item["raw"], item["rawBytes"]) for row, item in rejected.items()} == {
        row: (text(bad.raw), len(bad.raw)) for row, bad in case.rejected.items()
    }


@pytest.mark.parametrize("case", [each for each in CASES if each.name in LINES_KNOWN])
def test_a_rejected_row_says_in_which_line_of_the_file_it_begins(
    case: Case, outcomes: Mapping[str, Outcome]
) -> None:
    stored = outcomes[case.name].records[case.region]
    before = {
        row: case.content.partition(b"\n" + bad.raw + b"\n")[0]
        for row, bad in case.rejected.items()
    }

    lines = {row: plain(stored[row])["error"]["line"] for row in case.rejected}

    assert lines == {row: 2 + text.count(b"\n") for row, text in before.items()}


@each_case
def test_a_file_that_cannot_be_read_on_says_why_and_where(
    case: Case, outcomes: Mapping[str, Outcome]
) -> None:
    entry = plain(outcomes[case.name].ledger_entries[case.region])

    failure = entry.get("failure", {})

    assert {name: failure[name] for name in failure if name != "message"} == case.failure
    assert bool(failure.get("message")) == bool(case.failure)


@each_case
def test_the_ledger_entry_counts_the_rejected_rows_by_their_reason(
    case: Case, outcomes: Mapping[str, Outcome]
) -> None:
    outcome = outcomes[case.name]
    first: dict[str, Item] = {}
    for row in sorted(case.rejected):
        first.setdefault(case.rejected[row].code, plain(outcome.records[case.region][row]))

    rejections = plain(outcome.ledger_entries[case.region])["rejections"]

    codes = Counter(bad.code for bad in case.rejected.values())
    assert {code: each.pop("rows") for code, each in rejections.items()} == codes
    assert {code: each.pop("row") for code, each in rejections.items()} == {
        code: item["source"]["row"] for code, item in first.items()
    }
    assert {code: {**each, "code": code} for code, each in rejections.items()} == {
        code: item["error"] for code, item in first.items()
    }


def rows_without_key(case: Case) -> list[int]:
    return [row for row in range(1, case.rows + 1) if row not in orders_by_key(case)]


def orders_by_key(case: Case) -> dict[int, ItemKey]:
    """Return under which keys the accepted rows of a case are stored, if they are orders."""
    if not case.key.startswith("orders/"):
        return {}
    return {
        row: (f"orders:{data['orderId']}", data["orderedAt"]) for row, data in case.accepted.items()
    }


def rows_with(status: str, records: Mapping[int, Item]) -> list[int]:
    return sorted(row for row, item in records.items() if item["status"] == {"S": status})


def reason(item: Item) -> tuple[str, str | None]:
    return item["error"]["code"], item["error"].get("field")


def text(raw: bytes) -> str:
    """Return what is kept of a row: its beginning, with what is not UTF-8 replaced."""
    return raw[:RAW_BYTES].decode(errors="replace")
