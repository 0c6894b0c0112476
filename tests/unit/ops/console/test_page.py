"""What the page says, and that nothing from outside becomes part of it."""

import re
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

import naming
from ops.console.activity import Activity
from ops.console.drill_report import Drill, Scenario, Step
from ops.console.feed import Snapshot
from ops.console.page import curve, page, parts
from tests.unit.ops.console.snapshots import snapshot, with_key
from tests.unit.ops.status.aws import Aws, healthy

EAST, WEST = naming.REGIONS


def words(html: str) -> str:
    """Return the text of a page without its tags, each run of blanks as one."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.mark.parametrize(
    "key",
    ["<script>alert(1)</script>.csv", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "&lt;"],
)
def test_the_name_of_a_file_is_text_whatever_it_is(key: str) -> None:
    plain, hostile = page(with_key("name"), live=False), page(with_key(key), live=False)

    assert sorted(re.findall(r"<\w+", hostile)) == sorted(re.findall(r"<\w+", plain))
    assert "49" not in words(hostile).replace("1:49", "").split()


def test_a_page_in_a_file_has_no_script_and_loads_nothing() -> None:
    html = page(snapshot(), live=False)

    assert "<script" not in html
    assert "default-src 'none'" in html
    assert re.findall(r'(?:src|href)="(?!#|data:)', html) == []
    assert "http://www.w3.org/2000/svg" in html
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)[^ <;]*(?:js|css|woff)", html) == []


def test_a_live_page_runs_its_own_script_only() -> None:
    html = page(snapshot(), live=True, nonce="n0nce")

    assert re.findall(r"<script[^>]*>", html) == ['<script nonce="n0nce">']
    assert "script-src 'nonce-n0nce'; connect-src 'self'" in html


def test_before_the_first_look_the_page_says_so() -> None:
    assert "Looking at both regions" in page(None, live=True)


def test_every_line_of_the_status_is_on_the_page() -> None:
    found = snapshot()

    text = words(parts(found))

    for line in found.status.lines:
        assert line.says.replace("'", "&#39;") in text
    assert "Not everything is known" in text


def test_each_state_is_a_word_and_not_only_a_colour() -> None:
    aws = Aws()
    letters = {"Attributes": {**healthy(EAST)["get_queue_attributes"]["Attributes"]}}
    letters["Attributes"]["ApproximateNumberOfMessages"] = "3"
    aws.answers[EAST]["get_queue_attributes"] = letters

    text = words(parts(snapshot(aws)))

    assert "Needs attention" in text
    assert "Dead letters attention: 3 waiting ok: none" in text
    assert f"ops redrive --region {EAST}" in text


def test_a_region_that_is_gone_is_said_once_and_its_answers_are_unknown() -> None:
    gone = EndpointConnectionError(endpoint_url="https://x")
    text = words(parts(snapshot(Aws({EAST: {...: gone}, WEST: healthy(WEST)}))))

    assert f"{EAST} primary not reachable: the connection is refused" in text
    assert "Dead letters unknown: unknown ok: none" in text


def test_which_region_takes_new_files_is_said_by_the_dials_or_unknown() -> None:
    assert "primary takes all new files us-west-2 standby takes no new files" in words(
        parts(snapshot())
    )
    assert "new files unknown" in words(parts(snapshot(lost=WEST)))


def test_the_rows_are_counted_by_outcome_and_by_reason() -> None:
    text = words(parts(snapshot()))

    assert "90 accepted 10 rejected (10 %)" in text
    assert "BAD_FORMAT 10" in text


def test_files_without_counts_are_listed_and_the_counts_are_unknown() -> None:
    found = snapshot()
    denied = "denied: this role may not call BatchGetItem"
    without = Activity(files=found.activity.files, silence=denied)

    text = words(parts(replace(found, activity=without)))

    assert "orders/a.csv" in text
    assert f"Counts are unknown: {denied}" in text
    assert "unknown unknown unknown" in text


def test_files_that_could_not_be_listed_are_not_none() -> None:
    aws = Aws()
    denied = ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "Query")
    for region in naming.REGIONS:
        aws.answers[region]["query"] = denied
    found = snapshot(aws)
    nothing = Activity(files=(), silence="denied", unlisted=found.status.unlisted)

    text = words(parts(replace(found, activity=nothing)))

    assert "Files unknown ? completed ? suspended ? failed ? ignored" in text
    assert "Not listed: PROCESSING, SUSPENDED, FAILED, COMPLETED, IGNORED" in text
    assert "No file yet" not in text


def test_the_last_drill_is_a_timeline_with_its_numbers() -> None:
    scenario = Scenario(
        name="us-east-1 gone",
        verdict="met",
        timeline=[Step(at_s=0, what="calls are refused"), Step(at_s=61, what="dials moved")],
        facts={"rto": "4.2 s"},
    )
    found: Snapshot = replace(snapshot(), drill=Drill(scenarios=[scenario]))

    text = words(parts(found))

    assert "us-east-1 gone met RTO 4.2 s" in text
    assert "0.0 s calls are refused 1 min dials moved" in text


def test_the_newest_value_is_at_the_right_edge_and_zero_at_the_foot() -> None:
    assert curve([0, 5, 10]) == "0.0,46.0 120.0,24.0 240.0,2.0"
    assert curve([7]) == "240.0,2.0"
    assert curve([]) == ""
    assert curve([0, 0]) == "0.0,46.0 240.0,46.0"
