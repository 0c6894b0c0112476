from collections import Counter
from typing import Any

import pytest

from local.demo import marks
from local.demo.announcements import Announcements
from local.demo.file_outcome import Outcome
from local.demo.input_files import Expected
from local.demo.marks import LEGEND, MARKS, Mark, coloured, mark, worst
from tests.unit.demo.factory import EAST, WEST, a_census, a_file, a_ledger_entry, an_outcome, stored

EXPECTED = Expected(
    status="FAILED", rows_read=3, rows_accepted=2, rows_rejected=1, rejected={}, failure={}
)


def well() -> Outcome:
    entry = a_ledger_entry(rowsAccepted=3, rowsRejected=0)
    census = a_census(ledger_entry=entry, statuses=Counter(ACCEPTED=3), rejected={})
    return an_outcome(census={EAST: census, WEST: census})


def failed(**changed: Any) -> Outcome:  # noqa: ANN401
    entry = stored(ledger_entry=a_ledger_entry("FAILED"), rejected={})
    return an_outcome(**{**entry, "dead_letters": 1, **changed})


def ignored() -> Outcome:
    return an_outcome(
        a_file("notes/a.txt"),
        **stored(ledger_entry={"status": "IGNORED"}, statuses=Counter(), rejected={}),
        announced={EAST: 0, WEST: 0},
        announcements=Announcements(due={}, made={}),
        file_statuses=["IGNORED"],
        readable_after_s={EAST: None, WEST: None},
    )


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (well(), marks.WELL),
        (an_outcome(), marks.PARTLY),
        (failed(), marks.FAILED),
        (ignored(), marks.LEFT_OUT),
        (an_outcome(dead_letters=1), marks.WRONG),
        (failed(dead_letters=0), marks.WRONG),
    ],
)
def test_only_a_file_of_which_every_row_is_in_gets_the_tick(
    outcome: Outcome, expected: Mark
) -> None:
    assert mark(outcome) == expected


def test_a_file_that_was_expected_to_fail_is_marked_as_failed() -> None:
    as_expected = failed(file=a_file(expected=EXPECTED))

    assert as_expected.differences() == []
    assert mark(as_expected) == marks.FAILED


def test_several_files_have_the_worst_mark_of_them() -> None:
    assert worst([well(), failed(), an_outcome()]) == marks.FAILED


def test_marks_differ_in_shape_and_each_is_in_the_legend() -> None:
    assert len({each.sign for each in MARKS}) == len(MARKS)
    assert all(f"{each.sign} {each.meaning}" in LEGEND for each in MARKS)
    assert len(LEGEND) <= 100


@pytest.mark.parametrize("each", MARKS)
def test_a_mark_has_its_colour_at_the_beginning_of_a_line_and_nowhere_in_a_name(each: Mark) -> None:
    text = coloured(f"first\n{each.sign} orders/{each.sign} a.csv")

    [span] = text.spans
    assert (span.start, span.end, span.style) == (6, 7, each.colour)
    assert text.plain == f"first\n{each.sign} orders/{each.sign} a.csv"
