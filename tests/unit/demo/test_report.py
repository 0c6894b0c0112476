from typing import Any

import pytest

from local.demo.correction_round import Fact, Round
from local.demo.report import hints, notes, round_notes, table, verdict
from local.demo.report_data import report
from tests.unit.demo.factory import EAST, WEST, a_file, a_ledger_entry, an_outcome, stored


def a_round(*, holds: bool = True, **changed: Any) -> Round:  # noqa: ANN401
    return Round(
        command="ops rejected orders/a.csv --out rejected.csv",
        corrected="12,50 → 12.5",
        outcomes=[an_outcome(**changed) for _ in range(6)],
        facts=[Fact("one record each", expected=1, got=1 if holds else 2)],
    )


LONG = a_file("orders/" + "2026/" * 30 + "the-end.csv")


def test_a_file_is_one_line_with_its_numbers_at_the_right() -> None:
    lines = table({"to the bucket": [an_outcome()]}).splitlines()

    assert lines[5] == (
        "! orders/a.csv                      3        2        1         3         3"
        "      3       0  0.5  0.6"
    )


def test_the_last_line_sums_up_all_parts() -> None:
    last = table({"first": [an_outcome()], "second": [an_outcome()]}).splitlines()[-1]

    assert last.split() == ["total", "6", "4", "2", "6", "6", "6", "0"]


def test_a_file_that_differs_is_marked() -> None:
    assert "? orders/a.csv" in table({"": [an_outcome(dead_letters=1)]})


def test_nothing_is_wider_than_100_columns() -> None:
    outcomes = [an_outcome(LONG, readable_after_s={EAST: 1234.5, WEST: None}, dead_letters=9)]

    text = "\n".join([table({"part": outcomes}), notes(outcomes), verdict(outcomes, None)])

    assert max(map(len, text.splitlines())) <= 100


def test_of_a_long_key_the_end_is_shown() -> None:
    assert "…" in table({"": [an_outcome(LONG)]})
    assert "the-end.csv " in table({"": [an_outcome(LONG)]})


def test_a_failure_is_told_with_code_row_and_message() -> None:
    failure = {"code": "TRUNCATED_JSON", "message": "the file ends", "row": 4}
    failed = an_outcome(
        **stored(ledger_entry=a_ledger_entry("FAILED", failure=failure)), dead_letters=1
    )

    assert "failed    orders/a.csv: TRUNCATED_JSON at row 4: the file ends" in notes([failed])


def test_the_reasons_of_rejections_are_told() -> None:
    assert "rejected  orders/a.csv: 1 BAD_FORMAT amount" in notes([an_outcome()])


def test_records_that_a_newer_file_has_replaced_are_told() -> None:
    replaced = an_outcome(superseded={EAST: [1], WEST: [1]})

    told = "replaced  orders/a.csv: 1 of its records are from a newer row or file by now"
    assert told in notes([replaced]).splitlines()


def test_the_verdict_is_as_expected_when_nothing_differs() -> None:
    said = verdict([an_outcome(), an_outcome()], a_round())

    assert said == (
        "VERDICT   as expected: every row is accounted for (2 files, 6 rows), in both regions"
    )


def test_the_verdict_is_not_as_expected_when_a_file_differs_and_says_what() -> None:
    outcomes = [an_outcome(), an_outcome(dead_letters=1)]

    assert "MISMATCH  orders/a.csv: dead letters: expected 0, got 1" in notes(outcomes)
    assert verdict(outcomes, None) == (
        "VERDICT   NOT as expected: 1 of 2 files do not match, see MISMATCH above"
    )


@pytest.mark.parametrize("wrong", [{"holds": False}, {"dead_letters": 1}])
def test_a_correction_round_that_goes_wrong_is_in_the_verdict_and_says_what(
    wrong: dict[str, Any],
) -> None:
    correction = a_round(**wrong)

    assert "NOT as expected" in verdict([an_outcome()], correction)
    assert "MISMATCH" in round_notes(correction)
    assert report([an_outcome()], correction)["right"] is False


def test_a_correction_round_shows_the_command_and_takes_about_a_dozen_lines() -> None:
    lines = round_notes(a_round()).splitlines()

    assert "  ops rejected orders/a.csv --out rejected.csv" in lines
    assert "! sent orders/a.csv: 2 accepted, 1 rejected, 3 announced" in lines
    assert "✓ one record each" in lines
    assert len(lines) < 15


def test_the_hints_name_the_buckets_that_are_deployed_and_end_with_the_page() -> None:
    buckets = {EAST: "files-acme", WEST: "files-dr-acme"}
    lines = hints(buckets, "http://127.0.0.1:8000/t/").splitlines()

    assert sum("s3://files-acme/" in line for line in lines) == 1
    assert sum("s3://files-dr-acme/" in line for line in lines) == 1
    assert '  eval "$(make env)"' in "\n".join(lines)
    assert lines[-1] == "  http://127.0.0.1:8000/t/", "the demo ends with the page's address"


def test_the_report_for_programs_comes_to_the_same_verdict() -> None:
    right, wrong = report([an_outcome()]), report([an_outcome(dead_letters=1)])

    assert (right["right"], wrong["right"]) == (True, False)
    assert wrong["files"][0]["differences"] == ["dead letters: expected 0, got 1"]
