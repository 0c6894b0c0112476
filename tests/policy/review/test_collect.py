from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import naming
from datasets.compatibility.comparison import DataComparison
from policies import register
from policies.changes.comparison import Base
from policies.templates import assembly
from policies.templates.template import StackTemplate
from review import attention, collect
from review.collect import Subject
from review.sources import Sources
from review.test_results import suites
from stages.storage.table_schema import INDEXED_ATTRIBUTES
from tests.policy.conftest import TODAY
from tests.policy.review.reports import FINDING, PROBLEM, RIGHT, html, markdown, report, says
from tests.policy.review.results import COLLECTED, passed

SAME_RIGHTS: tuple[dict[str, Any], dict[str, Any]] = ({"the": "same"}, {"the": "same"})
PASSED = {"region": "us-east-1", "verdict": "passed", "seconds": 3.0, "steps": ["put"], "error": ""}
TREE = "0123456789abcdef"
MAY = (
    "serverless-data-processor-us-east-1-prod may dynamodb:DeleteItem"
    " on serverless-processed-data-prod"
)
COMMIT = {"id": "c" * 40, "subject": "A change", "author": "A", "date": "2026-11-23"}


@pytest.fixture
def subject(green: Path, tmp_path: Path) -> Subject:
    """The whole app, against itself."""
    read = assembly.read(green)
    return Subject(
        assembly=read,
        base=Base(name="itself", stacks=read.stacks, folder=green),
        commit=COMMIT,
        waivers=[each for each in register.load() if each.gate != register.CHANGES],
        sources=Sources(unknown="templates only"),
        read=lambda _: "",
        tests=suites(passed(tmp_path, TREE), TREE, COLLECTED),
        today=TODAY,
        data=DataComparison(),
    )


def test_nothing_changes_between_an_assembly_and_itself(subject: Subject) -> None:
    made = collect.report(subject)

    assert (made["verdict"]["colour"], made["verdict"]["reasons"]) == ("green", [])
    assert made["changes"]["resources"] == []
    assert {row["state"] for row in (*made["findings"], *made["iam"])} == {"unchanged"}
    assert made["cost"]["delta_usd"] == 0


def test_the_same_subject_gives_the_same_report(subject: Subject) -> None:
    assert collect.report(subject) == collect.report(subject)


def test_every_finding_is_accepted_by_a_row_of_the_register(subject: Subject) -> None:
    rows = collect.report(subject)["findings"]

    assert len(rows) > 100
    assert all(row["waived"] and row["waiver"]["reason"] for row in rows)
    assert {row["region"] for row in rows} == {"us-east-1", "us-west-2"}


def test_an_expired_waiver_makes_the_report_red_and_is_named(subject: Subject) -> None:
    made = collect.report(replace(subject, today=date(2040, 1, 1)))

    assert made["verdict"]["colour"] == "red"
    assert "expired-waiver" in " ".join(each["rule"] for each in made["verdict"]["reasons"])


def test_a_widened_role_is_a_new_right_and_a_reason_for_red(subject: Subject) -> None:
    stacks = [_widened(stack) for stack in subject.assembly.stacks]
    made = collect.report(replace(subject, assembly=_with(subject, stacks)))

    new = [row for row in made["iam"] if row["state"] == "new"]
    assert {(row["principal"], row["region"], *row["actions"]) for row in new} == {
        (f"serverless-data-processor-{region}-prod", region, "dynamodb:DeleteBackup")
        for region in ("us-east-1", "us-west-2")
    }
    rules = " ".join(each["rule"] for each in made["verdict"]["reasons"])
    assert "access-widened" in rules
    assert "declared-actions" in rules


def test_of_an_index_the_report_knows_its_attributes(subject: Subject) -> None:
    [(name, attributes)] = collect.report(subject)["indexes"].items()

    assert name == f"{naming.TABLE}/index/{naming.STATUS_INDEX}"
    assert attributes.split(",") == INDEXED_ATTRIBUTES


def test_a_new_right_of_a_role_asks_for_new_policies_of_the_bootstrap(subject: Subject) -> None:
    stacks = subject.assembly.stacks
    wider = [_widened(stack) for stack in stacks]

    assert collect.bootstrap_changes(wider, stacks, SAME_RIGHTS)
    assert not collect.bootstrap_changes(stacks, stacks, SAME_RIGHTS)
    assert says(report(bootstrap_changes=True)) == [
        "update the bootstrap's policies before the deployment (docs/deployment.md)"
    ]


def test_a_type_that_takes_the_place_of_another_asks_for_new_policies_of_the_bootstrap(
    subject: Subject,
) -> None:
    stacks = subject.assembly.stacks
    other = [_retyped(stack, "AWS::CloudWatch::Dashboard") for stack in stacks]

    assert collect.bootstrap_changes(stacks, other, SAME_RIGHTS)
    assert not collect.bootstrap_changes(other, stacks, SAME_RIGHTS)


def test_other_rights_of_cloudformation_ask_for_new_policies_of_the_bootstrap(
    subject: Subject,
) -> None:
    before = {"bootstrap/actions.toml": "rights = 'fewer'"}

    made = collect.report(replace(subject, sources=Sources(read=lambda path: before.get(path, ""))))

    assert made["bootstrap_changes"]


def test_another_comment_on_the_rights_of_cloudformation_asks_for_nothing(subject: Subject) -> None:
    def commented(path: str) -> str:
        return f"# another comment\n{subject.read(path)}" if path.endswith(".toml") else ""

    made = collect.report(replace(subject, sources=Sources(read=commented)))

    assert not made["bootstrap_changes"]


def test_the_hash_is_of_the_templates_whatever_their_order(subject: Subject) -> None:
    stacks = subject.assembly.stacks
    digest = assembly.digest(stacks)

    assert assembly.digest(stacks[::-1]) == digest
    assert assembly.digest([_widened(stack) for stack in stacks]) != digest


def test_a_verification_is_added_and_the_newest_of_a_region_counts() -> None:
    failed = {**PASSED, "verdict": "failed", "error": "timed out waiting for: item"}

    red = attention.with_verification(report(), [failed])
    green = attention.with_verification(red, [PASSED])

    assert red["verdict"]["colour"] == "red"
    assert says(red) == ["verification of us-east-1: timed out waiting for: item"]
    assert (green["verdict"]["colour"], green["verification"]) == ("green", [PASSED])


def test_a_failed_test_is_a_reason_for_red() -> None:
    suite = {"name": "unit", "passed": 3, "failed": 1, "state": "failed"}

    assert says(report(tests=[suite])) == ["tests: 1 of unit failed"]


def test_a_commit_with_a_suite_that_was_not_run_is_not_green(
    subject: Subject, tmp_path: Path
) -> None:
    (tmp_path / "functions.xml").unlink()
    tests = suites(tmp_path, TREE, COLLECTED)

    made = collect.report(replace(subject, tests=tests))

    assert made["verdict"]["colour"] == "red"
    assert made["verdict"]["unproved"] == "tests of this commit that were not run: functions"


def test_the_results_of_another_tree_are_not_those_of_this_commit(
    subject: Subject, tmp_path: Path
) -> None:
    tests = suites(tmp_path, "another", COLLECTED)

    made = collect.report(replace(subject, tests=tests))

    assert made["verdict"]["colour"] == "red"
    assert made["verdict"]["unproved"] == "none of this commit's tests was run"


def test_tests_that_were_not_run_are_no_danger_and_stand_below_them() -> None:
    suite = {"name": "unit", "what": "", "passed": 0, "failed": 0, "state": "not run here"}
    alone, beside = (report(tests=[suite], problems=each) for each in ([], [PROBLEM]))

    assert says(alone) == []
    assert "Red: not proved yet" in html(alone)
    for text in (html(beside), markdown(beside)):
        assert "Red: do not approve" in text
        assert text.index(PROBLEM["rule"]) < text.index("Not proved here")
        assert "Not proved here" not in text.partition("<ol>")[2].partition("</ol>")[0]


def test_what_is_denied_anew_is_no_new_right() -> None:
    assert says(report(iam=[{**RIGHT, "effect": "deny"}])) == []


def test_a_green_report_says_what_is_worth_a_look() -> None:
    made = report(findings=[{**FINDING, "state": "new"}], iam=[RIGHT])

    assert made["verdict"]["colour"] == "green"
    assert says(made) == [f"new permissions: {MAY}", "findings newly accepted: tap/Processor"]


def test_a_right_that_both_regions_get_is_told_once() -> None:
    other = {key: str(value).replace("us-east-1", "us-west-2") for key, value in RIGHT.items()}
    rights = [RIGHT, {**other, "actions": RIGHT["actions"]}]

    assert says(report(iam=rights)) == [f"new permissions: {MAY.replace('us-east-1', '{region}')}"]


def test_data_that_needs_attention_is_worth_a_look_and_what_nobody_has_used_is_not() -> None:
    states = ("ok", "unknown", "attention")
    state = [{"about": f"what is {each}", "says": "7", "state": each} for each in states]

    made = report(verification=[{**PASSED, "at": "2026-11-23", "state": state}])

    [reason] = made["verdict"]["reasons"]
    assert reason["says"] == "us-east-1 now: what is attention: 7"
    assert f'id="{reason["part"]}"' in html(made)


def _retyped(stack: StackTemplate, type_: str) -> StackTemplate:
    """Each resource of a type is one of another that is there as well."""
    resources = {
        id_: {**resource, "Type": "AWS::CloudWatch::Alarm"}
        if resource["Type"] == type_
        else resource
        for id_, resource in stack.template["Resources"].items()
    }
    return replace(stack, template={**stack.template, "Resources": resources})


def _widened(stack: StackTemplate) -> StackTemplate:
    resources: dict[str, Any] = dict(stack.template["Resources"])
    for logical_id, body in resources.items():
        if "ProcessorServiceRoleDefaultPolicy" in logical_id:
            document = body["Properties"]["PolicyDocument"]
            allowed = {"Effect": "Allow", "Action": "dynamodb:DeleteBackup", "Resource": "arn:x"}
            statements = [*document["Statement"], allowed]
            policy = {**document, "Statement": statements}
            resources[logical_id] = {
                **body,
                "Properties": {**body["Properties"], "PolicyDocument": policy},
            }
    return replace(stack, template={**stack.template, "Resources": resources})


def _with(subject: Subject, stacks: list[StackTemplate]) -> assembly.Assembly:
    return replace(subject.assembly, stacks=tuple(stacks))
