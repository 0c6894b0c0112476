from collections.abc import Sequence

import pytest

from naming import REGIONS
from review import attention
from review.render import LONGEST, LONGEST_MAIL
from tests.policy.review.reports import (
    CHANGE,
    FINDING,
    NO_SOURCES,
    PROBLEM,
    RIGHT,
    both_regions,
    html,
    mail,
    markdown,
    report,
    says,
)

HOSTILE = "<script>alert(1)</script>|`x`\n# [y](z) @all"


def test_the_page_begins_with_the_verdict_and_its_reasons() -> None:
    page = html(report(problems=[PROBLEM]))

    body = page.partition("<main>")[2]
    assert body.index("Red: do not approve") < body.index("Project-retained")
    assert body.index("Project-retained") < body.index("What changes")
    assert "retain it" in body


def test_a_green_report_says_that_it_is_safe_to_approve() -> None:
    for rendering in (html, markdown):
        assert "Green: safe to approve" in rendering(report())
        assert "Green: approve if this is meant" in rendering(report(iam=[RIGHT]))
        assert "safe to approve" not in rendering(report(iam=[RIGHT]))


def test_no_text_of_others_becomes_markup_in_the_page() -> None:
    commit = {"id": "c", "subject": HOSTILE, "author": HOSTILE, "date": ""}
    page = html(report(commit=commit, iam=[{**RIGHT, "resource": HOSTILE}]))

    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_no_text_of_others_becomes_markup_or_calls_anybody_in_a_comment() -> None:
    text = markdown(
        report(
            commit={"id": "c", "subject": HOSTILE, "author": "", "date": ""},
            iam=[{**RIGHT, "resource": HOSTILE}],
        )
    )

    assert "<script" not in text
    assert "@all" not in text
    # An empty line would end the HTML, and begin what GitHub reads as Markdown.
    assert "\n\n" not in text


def test_what_is_the_same_in_both_regions_is_one_row() -> None:
    page = html(report(changes=_changes(both_regions(CHANGE)), iam=both_regions(RIGHT)))

    assert page.count("GlobalTable") == 1
    assert page.partition('id="rights"')[2].count("dynamodb:DeleteItem") == 1
    assert page.count("both regions") == 2


def test_what_differs_between_the_regions_is_two_rows() -> None:
    east, west = both_regions(CHANGE)
    page = html(report(changes=_changes([east, {**west, "data_loss": False}])))

    assert page.count("GlobalTable") == 2
    assert page.count("data is lost") == 1


def test_a_change_is_shown_with_the_value_before_and_after_beside_what_it_does() -> None:
    made = report(changes=_changes([CHANGE]))

    for text in (html(made), markdown(made)):
        assert "replaced</b>" in text
        assert "data is lost" in text
        assert 'KeySchema: <del>recordId</del><span class="to"> → </span><ins>id</ins>' in text


def test_accepted_findings_are_shown_by_decision_with_who_accepted_them_and_until_when() -> None:
    rows = [{**FINDING, "path": f"p/{number}"} for number in range(240)]
    page = html(report(findings=[*rows, {**FINDING, "state": "new"}]))

    assert "240 accepted before, by 1 decisions" in page
    assert "240, accepted by platform team, until 2027-11-30" in page
    assert "1, accepted by platform team, until 2027-11-30" in page.partition("240 accepted")[0]


def test_a_comment_is_never_longer_than_github_takes_and_says_what_is_missing() -> None:
    rows = [{**FINDING, "state": "new", "rule": f"Rule-{n}", "path": f"p/{n}"} for n in range(2000)]
    text = markdown(report(findings=rows))

    assert len(text) <= LONGEST
    assert "report.html" in text
    known = [{**FINDING, "rule": f"Rule-{n}", "path": f"p/{n}"} for n in range(2000)]
    assert "2000, accepted by platform team" in markdown(report(findings=known))
    assert "What runs" in text


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = html(report())

    assert "src=" not in page
    assert "default-src 'none'" in page


def _changes(resources: Sequence[object]) -> dict[str, object]:
    return {"hazards": [], "acknowledged": [], "resources": resources}


def test_a_report_of_what_is_not_committed_says_so() -> None:
    commit = {**report()["commit"], "uncommitted": "with uncommitted changes"}
    made = report(commit=commit)

    for text in (markdown(made), html(made)):
        assert "with uncommitted changes, compared with" in text
    assert "uncommitted" not in markdown(report()) + html(report())


ACCEPTED = {
    **PROBLEM,
    "rule": "stateful-removed[AWS::S3::Bucket]",
    "message": "the bucket is removed: what is in it stays",
    "kind": "unused_bucket",
    "reason": "It was never written to.",
    "owner": "data team",
    "review_by": None,
}


def test_the_page_begins_with_what_was_accepted_and_why_and_by_whom_once_for_each_reason() -> None:
    accepted = [ACCEPTED, {**ACCEPTED, "rule": "index-changed[A]", "message": "it takes hours"}]
    made = report(changes={**_changes([]), "acknowledged": accepted})

    for text in (html(made), markdown(made)):
        top = text.partition('id="verdict"')[2].partition("</ol>")[0]
        assert "With exceptions: approve only if you know that this is intended" in top
        assert top.count("Accepted by data team: “It was never written to.”") == 1
        assert "<b>The bucket is removed</b>" in top
        assert "<b>It takes hours</b>" in top
        assert "accepted by data team, for this change only" in text


def test_an_exception_that_replaces_data_says_so_first() -> None:
    page = html(report(changes={**_changes([CHANGE]), "acknowledged": [ACCEPTED]}))

    assert "<h1>With exceptions, with data replaced or removed: approve only if" in page


def test_what_was_accepted_is_no_reason_for_red() -> None:
    page = html(report(changes={**_changes([]), "acknowledged": [ACCEPTED]}, problems=[PROBLEM]))

    assert "Red: do not approve" in page
    assert "It was never written to." not in page.partition("</ol>")[0]


def test_a_report_of_words_only_says_that_nothing_that_is_deployed_changes() -> None:
    nothing = "Nothing that is deployed changes."

    assert nothing in html(report())
    change = {**CHANGE, "replacement": "no", "stateful": False, "for": "runs"}
    assert nothing not in html(report(changes=_changes([change])))
    assert says(report(changes=_changes([change]))) == ["resources changed: tap/Table"]


def test_a_function_s_code_is_shown_with_its_difference() -> None:
    row = {"file": "services/a.py", "state": "changed", "more": 1, "less": 1, "left_out": 0}
    made = report(sources={**NO_SOURCES, "code": [{**row, "lines": ["-one()", "+two()"]}]})

    for text in (html(made), markdown(made)):
        assert "<del>-one()</del>" in text.partition("What runs")[2].partition(">Cost<")[0]


def test_only_the_first_names_of_many_are_told_at_the_top() -> None:
    sbom = {
        "components": 9,
        "changed": [{"name": f"p{n}", "before": "1", "after": "2"} for n in range(5)],
    }

    assert says(report(sbom=sbom)) == ["packages changed: p0, p1, p2 and 2 more"]


def test_reasons_of_one_rule_are_told_together_and_the_first_three_are_not_folded() -> None:
    many = [{**PROBLEM, "path": f"p/Table{number}"} for number in range(5)]
    page = html(report(problems=many))

    assert page.count('<b>Can be lost</b> <code class="soft">Project-retained</code>') == 1
    assert "5 places" in page
    assert "and 2 more" in page
    assert page.count("What to do: retain it") == 1


def test_what_several_places_have_in_common_is_told_once_and_their_values_beside_each() -> None:
    lines = "stages/table.py:37, called at stages/a.py:22, Table71 (AWS::DynamoDB::GlobalTable)"
    row = {**PROBLEM, "gate": "changes", "source": lines}
    page = html(
        report(
            problems=[
                {**row, "rule": f"index-changed[A.{n} 1 -> 2]", "message": f"it fails; it was {n}"}
                for n in range(3)
            ]
        )
    )

    assert page.count("It fails") == 1
    assert page.count("it was ") == 3
    assert page.count("stages/table.py:37, called at stages/a.py:22<") == 1
    assert "Table71" not in page


def test_new_permissions_count_once_for_both_regions() -> None:
    page = html(report(iam=both_regions(RIGHT)))

    assert '<span>Permissions changed</span> <b class="look">1</b>' in page


@pytest.mark.parametrize(("alike", "count"), [(REGIONS, 1), (REGIONS[:1], 2)])
def test_a_right_of_each_region_on_both_counts_once_and_one_that_one_region_has_does_not(
    alike: Sequence[str], count: int
) -> None:
    crossing = [
        {**RIGHT, "region": here, "principal": f"reader-{here}", "resource": f"index-{there}"}
        for here in REGIONS
        for there in REGIONS
        if here == there or here in alike
    ]

    page = html(report(iam=crossing))

    assert f'<span>Permissions changed</span> <b class="look">{count}</b>' in page


def test_the_page_begins_with_the_subjects_of_its_commits_in_their_order() -> None:
    commits = [{**COMMIT, "subject": f"Change {number}"} for number in range(5, 0, -1)]

    few, many = (
        html(report(sources={**NO_SOURCES, "commits": each})) for each in (commits[3:], commits)
    )

    assert "<p>“Change 1”; “Change 2” <code>" in few
    assert "<p>“Change 3”; “Change 4”; “Change 5” <code>" in many
    assert '<a href="#commits">2 more</a>' in many


def test_lines_that_were_accepted_are_shown_where_the_page_begins() -> None:
    lines = "".join(f"\n      -old {number}\n      +new {number}" for number in range(6))
    rewritten = {**ACCEPTED, "message": f"it runs for every file; these lines differ:{lines}"}
    changed = {
        **ACCEPTED,
        "rule": "alarm-changed[A 1 -> 2]",
        "message": "late; it was 1 and becomes 2",
    }

    less = {
        **ACCEPTED,
        "rule": "test-rewritten[a]",
        "message": "it may prove less:\n  test_a\n    -b",
    }

    page = html(report(changes={**_changes([]), "acknowledged": [rewritten, changed, less]}))

    top = page.partition("</ol>")[0]
    assert "<b>It may prove less</b>" in top
    assert "test_a\n<del>-b</del>" in top
    assert "<b>It runs for every file</b>" in top
    assert "<del>-old 0</del>\n<ins>+new 0</ins>" in top
    assert "… and 4 more lines" in top
    assert "<b>Late</b>" in top
    assert "it was 1 and becomes 2" in top


def test_a_permission_on_another_condition_is_told_once_with_both() -> None:
    before = {**RIGHT, "state": "removed", "condition": "StringEquals dynamodb:Select=COUNT"}
    made = report(iam=[before, {**RIGHT, "condition": ""}])

    page = html(attention.judged(made))

    assert "serverless-processed-data-prod without a condition</b></a>" in page
    assert page.count("on no condition, before only if StringEquals dynamodb:Select=COUNT") == 1
    assert page.count(">condition removed</span>") == 1
    assert "Permissions taken away" not in page
    assert "may no longer" not in page


def test_rights_of_each_region_on_both_that_get_different_conditions_are_each_told() -> None:
    differs = (*REGIONS, "new")
    crossing = [
        {
            **RIGHT,
            "region": here,
            "principal": f"reader-{here}",
            "resource": f"index-{there}",
            "state": state,
            "condition": f"Bool {'other' if (here, there, state) == differs else state}=1",
        }
        for here in REGIONS
        for there in REGIONS
        for state in ("removed", "new")
    ]

    page = html(report(iam=crossing))

    assert page.count(">on another condition</span>") == 3
    assert page.count("if Bool other=1") == 1


def test_a_right_that_changes_is_told_beside_what_the_same_role_may_do_already() -> None:
    same = {**RIGHT, "state": "unchanged"}
    other = {**same, "principal": "somebody-else"}
    for row, beside in ((RIGHT, 1), ({**RIGHT, "region": "us-west-2"}, 0)):
        text = markdown(report(iam=[row, {**same, "actions": ["dynamodb:Scan"]}, other]))
        assert text.count("What they may do already") == beside
        assert text.count("dynamodb:Scan") == beside
        assert "somebody-else" not in text


def test_a_right_on_an_index_says_which_attributes_it_has_and_which_are_newly_read() -> None:
    on = "arn:aws:dynamodb:us-east-1::table/t/index/a"
    before = {
        **RIGHT,
        "resource": on,
        "state": "removed",
        "condition": "Bool a=true and ForAllValues:StringEquals dynamodb:Attributes=id,status",
    }
    for condition, reads in (
        ("", "error, failure"),
        ("x dynamodb:Attributes=failure,id", "failure"),
    ):
        now = {**before, "state": "new", "condition": condition}
        made = attention.judged(report(iam=[before, now], indexes={"t/index/a": "error,failure"}))
        text = markdown(made)

        assert f"so that it can now read {reads}</b></a>" in text
        assert f"<b>Can now read {reads}.</b>" in text
        assert "This index has, beside its keys: error, failure" in text
    for row in (before, {**RIGHT, "resource": f"{on}b"}):
        assert "an now read" not in markdown(report(iam=[row], indexes={"t/index/a": "b"}))


def test_the_heading_names_the_region_that_an_approval_deploys() -> None:
    base = report()["base"]
    for deployed, words in ((False, "safe to approve<"), (True, "safe to approve us-west-2<")):
        made = report(base={**base, "deployed": deployed})
        assert words in html(made)


def test_an_exception_that_its_author_has_accepted_says_so() -> None:
    own, other = ({**ACCEPTED, "owner": who, "reason": "It is meant"} for who in ("Ann", "Ben"))
    sources = {**NO_SOURCES, "commits": [COMMIT]}
    page = html(
        attention.judged(
            report(sources=sources, changes={**_changes([]), "acknowledged": [own, other]})
        )
    )

    assert "Accepted by Ann, who wrote this change, and by nobody else: “It is meant”" in page
    assert "Accepted on behalf of Ben, in a row that came with this change of Ann: “It is" in page


COMMIT = {"id": "d" * 40, "subject": "Add it", "author": "Ann", "date": "2026-11-23"}


def test_the_commits_since_the_base_are_listed_with_authors_and_links() -> None:
    sources = {**NO_SOURCES, "commits": [COMMIT], "base": "b" * 40}
    made = report(sources=sources, repository="https://github.com/owner/name")

    for text in (html(made), markdown(made)):
        assert "Add it" in text
        assert "Ann" in text
        assert f'href="https://github.com/owner/name/commit/{"d" * 40}"' in text
        assert f'href="https://github.com/owner/name/compare/{"b" * 40}...{"c" * 40}"' in text


def test_without_an_address_of_the_repository_nothing_is_linked() -> None:
    assert 'href="http' not in html(report(sources={**NO_SOURCES, "commits": [COMMIT]}))


def test_what_guards_the_gates_is_a_part_of_its_own_with_the_difference() -> None:
    file = {"file": "Makefile", "state": "changed", "more": 1, "less": 1, "left_out": 0}
    guards = {
        "owners": ["@example/platform"],
        "files": [{**file, "lines": ["-\tmake scan", "+\ttrue"]}],
        "checks": [{"state": "gone", "name": "tests tests/a.py test_b"}],
    }
    made = report(sources={**NO_SOURCES, "guards": guards})

    page = html(made)
    assert page.index("What guards the gates") < page.index("<del>-\tmake scan</del>")
    assert "tests tests/a.py test_b" in page
    assert "Files of the gates themselves, for @example/platform to review: Makefile" in page
    assert "What guards the gates" not in html(report())


def test_the_mail_is_one_line_with_the_verdict_and_the_commits_and_nothing_a_shell_would_run() -> (
    None
):
    commits = [COMMIT, {**COMMIT, "subject": '$(rm) `x` "#{y.z}"\n' + 900 * "long "}]
    text = mail(report(sources={**NO_SOURCES, "commits": commits}))

    assert text.startswith("GREEN. To look at: nothing. Commits: (rm) 'x' ")
    assert text.endswith(" ….")
    assert len(text) <= LONGEST_MAIL
    assert not {*text} & {*'$`"#\\\n'}


def test_the_mail_says_what_is_wrong_with_what_and_where() -> None:
    right = {**PROBLEM, "gate": "changes", "rule": "access-widened[Allow s3:PutObject@arn:x]"}

    text = mail(report(problems=[right]))

    assert text.startswith("RED, do not approve. ")
    assert "Can be lost: access-widened Allow s3:PutObject@arn:x at " in text
    assert text.index("Can be lost") < text.index("access-widened")


def test_the_mail_says_why_something_was_accepted_once_for_each_reason() -> None:
    index = {**ACCEPTED, "rule": "index-changed[A]", "message": "it takes hours"}
    accepted = [ACCEPTED, index, {**index, "path": "other", "reason": "As well"}]

    text = mail(report(changes={**_changes([]), "acknowledged": accepted}))

    assert text.startswith("WITH EXCEPTIONS. ")
    assert "To look at: The bucket is removed; It takes hours. Accepted by" in text
    assert text.count("It was never written to.") == 1


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

    page = html(report(cost=cost))
    shown = page.partition(">Cost</h2>")[2].partition("<details>")[0]

    assert "+3.00 idle, +6.00 under load" in shown
    assert "dashboards" in shown
    assert "keys" not in shown
    assert "10 files a day of 100 records" in page
    assert "+3.00 dollars idle, +6.00 under load" in page


def test_a_finding_says_the_exact_right_and_of_a_value_its_place() -> None:
    right = {**PROBLEM, "gate": "changes", "rule": "access-widened[Allow s3:PutObject@arn:x]"}
    value = {**PROBLEM, "gate": "changes", "rule": "unclassified[Properties.A.b 1 -> 2]"}
    page = html(report(problems=[right, value]))

    assert "<code>Allow s3:PutObject@arn:x</code>" in page
    assert "<code>Properties.A.b</code>" in page


def test_a_table_that_is_replaced_is_told_among_the_facts() -> None:
    page = html(report(changes=_changes([{**CHANGE, "data_loss": False}])))

    assert '<span>Stores replaced or removed</span> <b class="bad">1</b>' in page
