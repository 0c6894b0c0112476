from collections.abc import Sequence

import pytest

from review import render
from review.render.markdown import LONGEST
from tests.policy.review.reports import CHANGE, FINDING, RIGHT, both_regions, report

PROBLEM = {
    "gate": "Project",
    "rule": "Project-retained",
    "region": "us-east-1",
    "path": "p/Table",
    "message": "can be lost",
    "remedy": "retain it",
    "source": "",
}
HOSTILE = "<script>alert(1)</script>|`x`\n# [y](z) @all"


def test_the_page_begins_with_the_verdict_and_its_reasons() -> None:
    page = render.html(report(problems=[PROBLEM]))

    body = page.partition("<main>")[2]
    assert body.index("Red: do not approve") < body.index("Project-retained: can be lost")
    assert body.index("Project-retained") < body.index("What changes")


def test_a_green_report_says_that_it_is_safe_to_approve() -> None:
    assert "Green: safe to approve" in render.html(report())
    assert "Green: safe to approve" in render.markdown(report())


def test_no_text_of_others_becomes_markup_in_the_page() -> None:
    commit = {"id": "c", "subject": HOSTILE, "author": HOSTILE, "date": ""}
    page = render.html(report(commit=commit, iam=[{**RIGHT, "resource": HOSTILE}]))

    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_no_text_of_others_becomes_markup_or_breaks_a_table_in_markdown() -> None:
    text = render.markdown(
        report(
            commit={"id": "c", "subject": HOSTILE, "author": "", "date": ""},
            iam=[{**RIGHT, "resource": HOSTILE}],
        )
    )

    assert "<script" not in text.replace("`<script>alert(1)</script>", "")
    assert "@all" not in text.partition("### Permissions")[0]
    [row] = [line for line in text.splitlines() if "DeleteItem" in line]
    assert row.replace("\\|", "").count("|") == 6


def test_what_is_the_same_in_both_regions_is_one_row() -> None:
    page = render.html(report(changes=_changes(both_regions(CHANGE)), iam=both_regions(RIGHT)))

    assert page.count("GlobalTable") == 1
    assert page.count("dynamodb:DeleteItem") == 1
    assert page.count("both regions") == 2


def test_what_differs_between_the_regions_is_two_rows() -> None:
    east, west = both_regions(CHANGE)
    page = render.html(report(changes=_changes([east, {**west, "data_loss": False}])))

    assert page.count("GlobalTable") == 2
    assert page.count("data is lost") == 1


@pytest.mark.parametrize("words", ["data is lost", "replaced"])
def test_a_replacement_and_lost_data_are_said_in_words(words: str) -> None:
    made = report(changes=_changes([CHANGE]))

    assert words in render.html(made)
    assert words in render.markdown(made)


def test_new_accepted_and_fixed_findings_are_told_apart() -> None:
    rows = [
        {**FINDING, "state": "new", "rule": "Accepted"},
        {**FINDING, "state": "new", "rule": "Open", "waived": False, "waiver": None},
        {**FINDING, "state": "fixed", "rule": "Gone"},
    ]
    lines = render.markdown(report(findings=rows)).splitlines()

    assert [line.split("|")[1].strip() for line in lines if "`Open`" in line] == ["**open**"]
    assert [line.split("|")[1].strip() for line in lines if "`Accepted`" in line] == ["accepted"]
    assert [line.split("|")[1].strip() for line in lines if "`Gone`" in line] == ["fixed"]


def test_a_comment_is_never_longer_than_github_takes_and_says_what_is_missing() -> None:
    rows = [{**FINDING, "state": "new", "rule": f"Rule-{n}", "waived": False} for n in range(2000)]
    text = render.markdown(report(findings=rows))

    assert len(text) <= LONGEST
    assert "report.html" in text
    assert "Red" not in text.partition("### What changes")[2]


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = render.html(report())

    assert "src=" not in page
    assert "default-src 'none'" in page


def _changes(resources: Sequence[object]) -> dict[str, object]:
    return {"hazards": [], "acknowledged": [], "resources": resources}


def test_a_report_of_what_is_not_committed_says_so() -> None:
    commit = {**report()["commit"], "uncommitted": "with uncommitted changes"}
    made = report(commit=commit)

    assert "cccccccccc` with uncommitted changes against" in render.markdown(made)
    assert "with uncommitted changes, compared with" in render.html(made)
    assert "uncommitted" not in render.markdown(report()) + render.html(report())


def test_the_page_says_why_a_change_was_accepted_and_by_whom() -> None:
    accepted = {
        "rule": "stateful-removed[AWS::S3::Bucket]",
        "region": "us-east-1",
        "path": "p/Data",
        "kind": "unused_bucket",
        "reason": "It was never written to.",
        "owner": "data team",
        "review_by": None,
    }

    page = render.html(report(changes={"hazards": [], "acknowledged": [accepted], "resources": []}))

    assert "It was never written to. (data team)" in page


def test_the_cost_shows_which_lines_differ_from_the_base_and_by_how_much() -> None:
    same = {
        "region": "us-east-1",
        "service": "KMS",
        "item": "keys",
        "unit": "key",
        "quantity": 3.0,
        "price_usd": 1.0,
        "monthly_usd": 3.0,
        "idle_usd": 3.0,
        "delta_usd": 0.0,
        "idle_delta_usd": 0.0,
    }
    more = {**same, "item": "dashboards", "delta_usd": 6.0, "idle_delta_usd": 3.0}
    cost = {**report()["cost"], "lines": [same, more], "delta_usd": 6.0, "idle_delta_usd": 3.0}

    shown = render.markdown(report(cost=cost)).partition("### Cost")[2].partition("<details>")[0]
    page = render.html(report(cost=cost))

    assert "| us-east-1 KMS dashboards | 3.00 | 3.00 | +3.00 | +6.00 |" in shown
    assert "| **all** | 2.50 | 12.50 | +3.00 | +6.00 |" in shown
    assert "keys" not in shown
    assert "10 files a day of 100 records" in page
    assert "$2.50 (+3.00) idle, $12.50 (+6.00) under load" in page
