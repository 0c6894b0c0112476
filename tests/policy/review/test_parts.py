"""The report's parts that read files: findings, tests, packages, SARIF."""

import json
from pathlib import Path

from review import findings, packages, test_results
from review.findings import Rows
from review.render import sarif
from tests.policy.review.reports import FINDING

JUNIT = (
    '<testsuites><testsuite name="pytest" tests="10" failures="1" errors="1" skipped="2" '
    'time="3.5"></testsuite></testsuites>'
)
LOCK = "requirements/dev.txt"


def reported(*rules: str) -> Rows:
    rows = [{**{key: FINDING[key] for key in FINDING if key != "state"}, "rule": r} for r in rules]
    return {(row["rule"], row["region"], row["path"]): row for row in rows}


def test_findings_are_new_fixed_or_unchanged_in_this_order() -> None:
    rows = findings.compared(reported("A", "C"), reported("A", "B"))

    assert [(row["state"], row["rule"]) for row in rows] == [
        ("new", "C"),
        ("fixed", "B"),
        ("unchanged", "A"),
    ]


def test_without_a_base_no_finding_is_new() -> None:
    assert [row["state"] for row in findings.compared(reported("A"), None)] == ["unchanged"]


def test_test_results_are_counted_by_file(tmp_path: Path) -> None:
    (tmp_path / "unit.xml").write_text(JUNIT)

    assert test_results.suites(tmp_path) == [
        {"name": "unit", "passed": 6, "failed": 2, "skipped": 2, "seconds": 3.5}
    ]


def test_results_that_cannot_be_read_are_a_failure(tmp_path: Path) -> None:
    (tmp_path / "unit.xml").write_text("<testsuites")

    assert [suite["failed"] for suite in test_results.suites(tmp_path)] == [1]


def test_packages_are_added_removed_and_changed_by_the_locks() -> None:
    before = {LOCK: "old==1.0 \\\n    --hash=sha256:0\nsame==2\nmoved[extra]==3\n"}
    after = {LOCK: "new==1.0 \\\n    --hash=sha256:0\nsame==2\nmoved[extra]==4 ; python_version\n"}

    found = packages.compared(lambda p: after.get(p, ""), lambda p: before.get(p, ""))

    assert found == {
        "components": 3,
        "added": [{"name": "new", "version": "1.0"}],
        "removed": [{"name": "old", "version": "1.0"}],
        "changed": [{"name": "moved", "before": "3", "after": "4"}],
    }


def test_packages_of_node_are_told_by_their_innermost_name() -> None:
    lock = {"packages": {"": {}, "node_modules/a/node_modules/@b/c": {"version": "1"}}}

    found = packages.compared(
        lambda p: json.dumps(lock) if p == "package-lock.json" else "", lambda _: ""
    )

    assert found["added"] == [{"name": "npm:@b/c", "version": "1"}]


def test_sarif_points_to_the_line_that_made_the_construct_and_suppresses_what_is_accepted() -> None:
    [run] = sarif.document([FINDING])["runs"]
    [result] = run["results"]

    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] == "note"
    assert result["suppressions"][0]["justification"] == "There is nothing private to reach."
    [location] = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "services/service_function.py"
    assert location["physicalLocation"]["region"] == {"startLine": 40}


def test_sarif_reports_an_open_new_finding_as_an_error_and_a_fixed_one_as_absent() -> None:
    open_ = {**FINDING, "state": "new", "waived": False, "waiver": None, "source": ""}
    results = sarif.document([open_, {**FINDING, "state": "fixed"}])["runs"][0]["results"]

    assert [(each["level"], each["baselineState"]) for each in results] == [
        ("error", "new"),
        ("note", "absent"),
    ]
    assert "suppressions" not in results[0]
    assert "physicalLocation" not in results[0]["locations"][0]


def test_the_same_finding_has_the_same_fingerprint_whatever_its_message() -> None:
    results = sarif.document([FINDING, {**FINDING, "message": "other"}])["runs"][0]["results"]

    assert results[0]["partialFingerprints"] == results[1]["partialFingerprints"]
