from dataclasses import replace
from pathlib import Path

import pytest

from policies.finding import Finding, at, at_stack, rule_id, texts
from policies.gate import Verdict, accepting
from tests.policy.templates import resource, stack

STACK = stack({"Queue": resource("AWS::SQS::Queue")}, outputs={"QueueUrl": {"Value": "u"}})


def test_a_finding_is_at_its_resource_and_names_its_type() -> None:
    [queue] = STACK.resources("AWS::SQS::Queue")

    found = at(queue, "why")

    assert (found.rule, found.region, found.message) == ("", "us-east-1", "why")
    assert found.path == "pipeline/primary/tap/Queue"
    assert found.source == "serverless-data-ingestion-prod, Queue (AWS::SQS::Queue)"


def test_a_finding_is_at_its_stack_or_at_its_output() -> None:
    of_stack, of_output = at_stack(STACK, "why"), at_stack(STACK, "why", logical_id="QueueUrl")

    assert (of_stack.rule, of_stack.path) == ("", "pipeline/primary/tap")
    assert of_stack.source == "serverless-data-ingestion-prod"
    assert of_output.path == "pipeline/primary/tap/QueueUrl"


def test_findings_on_one_construct_are_told_apart_in_brackets() -> None:
    assert rule_id("names", "") == "names"
    assert rule_id("names", "exact") == "names[exact]"
    assert at_stack(STACK, "why", exact="table").rule == "[table]"
    assert at_stack(STACK, "why", exact="table").kind == ""


def test_a_finding_names_the_line_that_made_its_construct() -> None:
    known = replace(STACK, sources={"pipeline/primary/tap/Queue": "stages/tap_stack.py:40"})
    [queue] = known.resources("AWS::SQS::Queue")

    assert at(queue, "why").source == "stages/tap_stack.py:40, Queue (AWS::SQS::Queue)"


def test_what_the_pipeline_is_made_of_later_is_told_where_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [
        'Step("Synth")',
        'Step(f"Verify-{region}")',
        'add_override("A.Retries", 1)',
        "run_order=1",
        "retry=1",
        "retry=2",
    ]
    (tmp_path / "approval.py").write_text("timeout_in_minutes=1")
    (tmp_path / "builds.py").write_text("\n".join(steps))
    monkeypatch.chdir(tmp_path)
    pipeline = stack({"Pipeline": resource("AWS::CodePipeline::Pipeline")})
    known = replace(pipeline, sources={"pipeline/primary/tap/Pipeline": "stack.py:63"})
    [made] = known.resources()

    def lines(exact: str) -> list[str]:
        return at(made, "why", exact).source.split(", ")[:-2]

    assert lines("Stages.a.Synth.RunOrder 1 -> 2") == [
        "builds.py:4 (RunOrder)",
        "builds.py:1 (Synth)",
    ]
    assert lines("Verify-eu-west-1.Retry is 2") == ["builds.py:2 (Verify-eu-west-1)"]
    assert lines("Synth.Retries is 2") == ["builds.py:3 (Retries)", "builds.py:1 (Synth)"]
    assert lines("Synth.TimeoutInMinutes is 2") == ["builds.py:1 (Synth)"]
    assert lines("the stages are a, b") == []


def test_what_is_the_same_in_both_regions_is_told_once_with_every_place() -> None:
    here = replace(at_stack(STACK, "why"), rule="names")
    there = replace(here, region="us-west-2", path="pipeline/standby/tap")
    other = replace(here, message="something else")

    one, two = texts([here, there, other])

    assert one.splitlines()[1:3] == [
        "  at  pipeline/primary/tap",
        "  at  pipeline/standby/tap",
    ]
    assert one.startswith("names  us-east-1, us-west-2\n")
    assert [two] == texts([other])


def test_what_is_the_same_of_two_constructs_is_told_once_with_one_row() -> None:
    here = replace(at_stack(STACK, "why"), rule="names", source="a.py:1, One")
    one = replace(here, path="p/One", remedy=f"mend it, {accepting('names', 'One')}")
    other = replace(one, path="p/Other", remedy=f"mend it, {accepting('names', 'Other')}")

    [told] = texts([one, replace(other, source="a.py:1, Other")])

    assert told.splitlines()[1:4] == [
        "  at  p/One",
        "  at  p/Other",
        "  in  a.py:1, One, a.py:1, Other",
    ]
    assert told.endswith("findings = ['names']\n      paths = ['One', 'Other']")


def test_of_many_lines_that_make_the_same_the_first_three_are_told() -> None:
    found = [
        replace(at_stack(STACK, "why"), rule=f"unused[{n}]", gate="register", source=f"a.toml:{n}")
        for n in range(5)
    ]

    assert "  in  a.toml:0, a.toml:1, a.toml:2 and 2 more" in texts(found)[0].splitlines()


def test_a_cause_is_told_first_and_a_flaw_of_the_register_last() -> None:
    order = [
        "part-removed",
        "stateful-replaced",
        "access-widened",
        "custom-call",
        "unclassified",
        "unused-waiver",
    ]
    gates = {"unused-waiver": "register"}
    found = [
        Finding(gate=gates.get(rule, "changes"), rule=f"{rule}[x]", region="", path="", message="")
        for rule in sorted(order)
    ]

    assert [each.kind for each in sorted(found, key=lambda each: each.rank)] == order


def test_rows_that_accept_nothing_any_more_are_one_text_with_a_line_for_each() -> None:
    flaw = replace(at_stack(STACK, "nothing to accept"), gate="register", source="a.toml")
    flaws = [replace(flaw, rule=f"unused-waiver[{rule}]") for rule in ("A-1", "A-2", "A-3")]

    [told] = texts(flaws)

    assert told.splitlines() == [
        "unused-waiver, 3 rows  us-east-1",
        *(f"  at  pipeline/primary/tap[{rule}]" for rule in ("A-1", "A-2", "A-3")),
        "  in  a.toml",
        "  why nothing to accept",
    ]


def test_a_verdict_counts_what_it_tells_and_not_each_place_of_it() -> None:
    here = replace(at_stack(STACK, "why"), rule="names")
    there = replace(here, region="us-west-2", path="pipeline/standby/tap")
    other = replace(here, message="something else")

    assert Verdict(findings=(here, there), accepted=()).colour.startswith("RED, 1 finding, ")
    assert Verdict(findings=(here, there, other), accepted=()).colour.startswith("RED, 2 findings")
