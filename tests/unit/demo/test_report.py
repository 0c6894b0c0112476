from local.demo.report import hints, notes, report, table
from tests.unit.demo.factory import EAST, WEST, a_file, a_ledger_entry, an_outcome, stored

LONG = a_file("orders/" + "2026/" * 30 + "the-end.csv")


def test_a_file_is_one_line_with_its_numbers_at_the_right() -> None:
    lines = table({"to the bucket": [an_outcome()]}).splitlines()

    assert lines[5] == (
        "✓ orders/a.csv                      3        2        1         3         3"
        "      3       0  0.5  0.6"
    )


def test_the_last_line_sums_up_all_parts() -> None:
    last = table({"first": [an_outcome()], "second": [an_outcome()]}).splitlines()[-1]

    assert last.split() == ["total", "6", "4", "2", "6", "6", "6", "0"]


def test_a_file_that_differs_is_marked() -> None:
    assert "✗ orders/a.csv" in table({"": [an_outcome(dead_letters=1)]})


def test_nothing_is_wider_than_100_columns() -> None:
    outcomes = [an_outcome(LONG, readable_after_s={EAST: 1234.5, WEST: None}, dead_letters=9)]

    text = table({"part": outcomes}) + notes(outcomes)

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


def test_the_verdict_is_passed_when_nothing_differs() -> None:
    verdict = notes([an_outcome(), an_outcome()]).splitlines()[-1]

    assert verdict == "PASSED    every row is accounted for (2 files, 6 rows), in both regions"


def test_the_verdict_is_failed_when_anything_differs_and_says_what() -> None:
    text = notes([an_outcome(), an_outcome(dead_letters=1)])

    assert "MISMATCH  orders/a.csv: dead letters: expected 0, got 1" in text
    assert text.splitlines()[-1] == "FAILED    1 of 2 files do not match, see above"


def test_the_hints_name_the_buckets_that_are_deployed() -> None:
    lines = hints({EAST: "files-acme", WEST: "files-dr-acme"}).splitlines()

    assert sum("s3://files-acme/" in line for line in lines) == 1
    assert sum("s3://files-dr-acme/" in line for line in lines) == 1
    assert '  eval "$(make env)"' in "\n".join(lines)


def test_the_report_for_programs_comes_to_the_same_verdict() -> None:
    right, wrong = report([an_outcome()]), report([an_outcome(dead_letters=1)])

    assert (right["right"], wrong["right"]) == (True, False)
    assert wrong["files"][0]["differences"] == ["dead letters: expected 0, got 1"]
