"""What is read from the reports in an assembly besides the findings themselves."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from policies.check import GATE, REPORT, reported
from policies.templates import assembly
from policies.templates.template import StackTemplate
from tests.policy.templates import stack

TRACE = """...aws-cdk-lib, jsii runtime...
(no user code in 10 frames)
wrapped (/repository/.venv/lib/python3.11/site-packages/aws_cdk/__init__.py:7)
__init__ (/repository/services/service_function.py:88)
__init__ (/repository/services/processor/construct.py:36)"""
QUEUE = "pipeline/primary/tap/Queue"
STACK = replace(stack(), sources={QUEUE: "services/a.py:88"})


def kinds(folder: Path, *stacks: StackTemplate) -> set[str]:
    """What is wrong with the report itself."""
    found = reported(folder, stacks)
    return {each.rule for each in found if each.gate == GATE}


def write(folder: Path, of: str = "") -> None:
    found = {"AwsSolutions": [("R", QUEUE, "D"), ("R", "elsewhere", "D")]}
    (folder / REPORT).write_text(json.dumps({"of": of, "packs": found, "cdk": []}))


def test_a_line_of_ours_is_told_with_its_caller_in_another_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Path, "cwd", lambda: Path("/repository"))

    assert assembly.source_line([TRACE]) == (
        "services/service_function.py:88, called at services/processor/construct.py:36"
    )
    assert assembly.source_line([TRACE.splitlines()[0]]) == ""


def test_a_finding_has_the_region_of_its_stack_and_the_line_that_made_its_construct(
    tmp_path: Path,
) -> None:
    write(tmp_path)

    *_, here, elsewhere = reported(tmp_path, [STACK])

    assert (here.gate, here.rule, here.message) == ("AwsSolutions", "R", "D")
    assert (here.region, here.path, here.source) == ("us-east-1", QUEUE, "services/a.py:88")
    assert (elsewhere.region, elsewhere.source) == ("", "")


def test_a_report_is_of_the_templates_that_it_names(tmp_path: Path) -> None:
    write(tmp_path, of=assembly.digest([STACK]))

    assert "stale-report" not in kinds(tmp_path, STACK)
    assert "stale-report" in kinds(tmp_path, replace(STACK, template={}))


def test_no_report_is_not_an_empty_report(tmp_path: Path) -> None:
    assert kinds(tmp_path) == {"missing-report"}
