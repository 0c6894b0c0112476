from collections import Counter
from typing import Any

import pytest

from local.demo.announcements import Announcements
from local.demo.input_files import Expected
from local.demo.table_census import Census
from tests.unit.demo.factory import EAST, WEST, a_census, a_file, a_ledger_entry, an_outcome, stored

KNOWN = Expected(
    status="COMPLETED",
    rows_read=3,
    rows_accepted=2,
    rows_rejected=1,
    rejected={2: "BAD_FORMAT"},
    failure={},
)


def test_a_file_of_which_every_row_is_accounted_for_does_not_differ() -> None:
    assert an_outcome().differences() == []


@pytest.mark.parametrize(
    ("changed", "difference"),
    [
        (
            {"announcements": Announcements(due={1: 1, 2: 1}, made={1: 1})},
            "announced rows in us-east-1: expected {2: 1}, got {2: None}",
        ),
        (
            {"announcements": Announcements(due={1: 1}, made={1: 2, 3: 1})},
            "announced rows in us-east-1: expected {1: 1, 3: None}, got {1: 2, 3: 1}",
        ),
        ({"file_statuses": ["PROCESSING"]}, "announced with its status: expected True, got False"),
        (
            {"superseded": {EAST: (), WEST: [1]}},
            "items in us-west-2: expected 2, got 3",
        ),
        ({"announced": {EAST: 3, WEST: 3}}, "record events in us-west-2: expected 0, got 3"),
        ({"dead_letters": 1}, "dead letters: expected 0, got 1"),
        (
            {"readable_after_s": {EAST: 0.5, WEST: None}},
            "readable in us-west-2: expected True, got False",
        ),
        (
            stored(
                ledger_entry=a_ledger_entry(rowsRejected=0),
                statuses=Counter(ACCEPTED=2, REJECTED=0),
            ),
            "rows accepted and rejected: expected 3, got 2",
        ),
        (
            stored(ledger_entry=a_ledger_entry(itemsWritten=2)),
            "rows written, by the ledger entry: expected 3, got 2",
        ),
        (
            stored(ledger_entry=a_ledger_entry("SUSPENDED")),
            "status: expected COMPLETED or FAILED or IGNORED, got SUSPENDED",
        ),
        (stored(ledger_entry=a_ledger_entry("FAILED")), "dead letters: expected 1, got 0"),
    ],
)
def test_a_count_that_does_not_add_up_is_named(changed: dict[str, Any], difference: str) -> None:
    assert difference in an_outcome(**changed).differences()


def test_an_item_that_a_region_lacks_is_named() -> None:
    lacking = a_census(statuses=Counter(ACCEPTED=1, REJECTED=1))

    found = an_outcome(census={EAST: a_census(), WEST: lacking}).differences()

    assert found == [
        "items in us-west-2: expected 3, got 2",
        "ACCEPTED items in us-west-2: expected 2, got 1",
    ]


def test_a_row_whose_record_a_newer_file_has_replaced_is_accounted_for() -> None:
    one_less = a_census(statuses=Counter(ACCEPTED=1, REJECTED=1))

    found = an_outcome(
        census={EAST: one_less, WEST: one_less}, superseded={EAST: [1], WEST: [1]}
    ).differences()

    assert found == []


def test_a_ledger_entry_that_a_region_lacks_is_named() -> None:
    lacking = a_census(ledger_entry={})

    [found] = an_outcome(census={EAST: a_census(), WEST: lacking}).differences()

    assert found == (
        "ledger entry in us-west-2: "
        "expected {'status': 'COMPLETED', 'rowsRead': 3, 'rowsAccepted': 2}, "
        "got {'status': None, 'rowsRead': None, 'rowsAccepted': None}"
    )


def test_an_ignored_file_leaves_its_ledger_entry_and_nothing_else() -> None:
    entry = a_ledger_entry("IGNORED", rowsRead=0, rowsAccepted=0, rowsRejected=0, itemsWritten=0)
    ignored = an_outcome(
        a_file("notes/a.txt"),
        census={EAST: Census(ledger_entry=entry), WEST: Census(ledger_entry=entry)},
        announced={EAST: 0, WEST: 0},
        announcements=Announcements(due={}, made={}),
        file_statuses=["PROCESSING", "IGNORED"],
        readable_after_s={EAST: None, WEST: None},
    )

    assert ignored.differences() == []


def test_a_file_without_a_ledger_entry_is_named() -> None:
    [found, *_] = an_outcome(census={EAST: Census(), WEST: Census()}).differences()

    assert found == "status: expected COMPLETED or FAILED or IGNORED, got absent"


@pytest.mark.parametrize(
    ("changed", "difference"),
    [
        ({"status": "FAILED"}, "status: expected FAILED, got COMPLETED"),
        ({"rows_read": 4}, "rows read: expected 4, got 3"),
        ({"rows_accepted": 1}, "rows accepted: expected 1, got 2"),
        ({"rows_rejected": 2}, "rows rejected: expected 2, got 1"),
        (
            {"failure": {"code": "NOT_UTF8"}},
            "failure: expected {'code': 'NOT_UTF8'}, got {}",
        ),
        (
            {"rejected": {2: "RAGGED_ROW"}},
            "rejected rows in us-west-2: expected {2: 'RAGGED_ROW'}, got {2: 'BAD_FORMAT'}",
        ),
    ],
)
def test_what_is_known_beforehand_must_hold(changed: dict[str, Any], difference: str) -> None:
    known = {name: getattr(KNOWN, name) for name in KNOWN.__dataclass_fields__}
    file = a_file(expected=Expected(**{**known, **changed}))

    assert an_outcome(a_file(expected=KNOWN)).differences() == []
    assert difference in an_outcome(file).differences()


def test_no_other_row_may_replace_the_record_of_a_sample() -> None:
    one_less = a_census(statuses=Counter(ACCEPTED=1, REJECTED=1))
    replaced = an_outcome(
        a_file(expected=KNOWN),
        census={EAST: one_less, WEST: one_less},
        superseded={EAST: [1], WEST: [1]},
    )

    assert "superseded rows in us-east-1: expected 0, got 1" in replaced.differences()
