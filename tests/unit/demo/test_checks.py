from collections import Counter
from typing import Any

import pytest

from local.demo.census import Census
from local.demo.checks import differences
from local.demo.files import Expected
from tests.unit.demo.factory import EAST, WEST, a_census, a_file, an_account, an_outcome, stored

KNOWN = Expected(
    status="COMPLETED",
    rows_read=3,
    rows_accepted=2,
    rows_rejected=1,
    rejected={2: "BAD_FORMAT"},
    failure={},
)


def test_a_file_of_which_every_row_is_accounted_for_does_not_differ() -> None:
    assert differences(an_outcome()) == []


@pytest.mark.parametrize(
    ("changed", "difference"),
    [
        ({"announced": {EAST: 2, WEST: 0}}, "record events in us-east-1: expected 3, got 2"),
        ({"announced": {EAST: 3, WEST: 3}}, "record events in us-west-2: expected 0, got 3"),
        ({"dead_letters": 1}, "dead letters: expected 0, got 1"),
        (
            {"readable_after_s": {EAST: 0.5, WEST: None}},
            "readable in us-west-2: expected True, got False",
        ),
        (
            stored(account=an_account(rowsRejected=0), statuses=Counter(ACCEPTED=2, REJECTED=0)),
            "rows accepted and rejected: expected 3, got 2",
        ),
        (
            stored(account=an_account(itemsWritten=2)),
            "rows written, by the file's account: expected 3, got 2",
        ),
        (
            stored(account=an_account("SUSPENDED")),
            "status: expected COMPLETED or FAILED, got SUSPENDED",
        ),
        (stored(account=an_account("FAILED")), "dead letters: expected 1, got 0"),
    ],
)
def test_a_count_that_does_not_add_up_is_named(changed: dict[str, Any], difference: str) -> None:
    assert difference in differences(an_outcome(**changed))


def test_an_item_that_a_region_lacks_is_named() -> None:
    lacking = a_census(statuses=Counter(ACCEPTED=1, REJECTED=1))

    found = differences(an_outcome(census={EAST: a_census(), WEST: lacking}))

    assert found == [
        "items in us-west-2: expected 3, got 2",
        "ACCEPTED items in us-west-2: expected 2, got 1",
    ]


def test_an_account_that_a_region_lacks_is_named() -> None:
    lacking = a_census(account={})

    [found] = differences(an_outcome(census={EAST: a_census(), WEST: lacking}))

    assert found == (
        "the file's account in us-west-2: "
        "expected {'status': 'COMPLETED', 'rowsRead': 3, 'rowsAccepted': 2}, "
        "got {'status': None, 'rowsRead': None, 'rowsAccepted': None}"
    )


def test_a_file_the_bucket_tells_nobody_of_must_leave_nothing() -> None:
    nothing = an_outcome(
        a_file("notes/a.txt"),
        census={EAST: Census(), WEST: Census()},
        announced={EAST: 0, WEST: 0},
        readable_after_s={EAST: None, WEST: None},
    )

    assert differences(nothing) == []
    assert "status: expected IGNORED, got COMPLETED" in differences(an_outcome(a_file("a.txt")))


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

    assert differences(an_outcome(a_file(expected=KNOWN))) == []
    assert difference in differences(an_outcome(file))
