"""Whatever is planted in the app stops its synthesis, each violation by the rule that is for it."""

from collections.abc import Sequence
from pathlib import Path

import aws_cdk as cdk
import pytest
from constructs import Construct

from policies.finding import Finding
from policies.synthesis import PolicyError
from services.deployment_target import Target
from stages.pipeline.stack import PipelineStack
from stages.settings import Settings
from stages.tap_stack import TapStack
from tests.policy.conftest import Synthesize
from tests.policy.seeded.violation import Violation
from tests.policy.seeded.violations import VIOLATIONS

STAGES = {"us-east-1": "primary", "us-west-2": "standby"}
PIPELINE = "serverless-pipeline-prod"


class SeededStack(TapStack):
    def __init__(self, scope: Construct, id_: str, *, target: Target, settings: Settings) -> None:
        super().__init__(scope, id_, target=target, settings=settings)
        here = [each for each in VIOLATIONS if target.region in each.regions]
        plant(self, [each for each in here if not each.in_pipeline])


class SeededPipeline(PipelineStack):
    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_, settings=settings)
        plant(self, [each for each in VIOLATIONS if each.in_pipeline])


def plant(stack: cdk.Stack, violations: Sequence[Violation]) -> None:
    resources = {
        below(stack.node.path, node.node.path): node
        for node in stack.node.find_all()
        if isinstance(node, cdk.CfnResource)
    }
    for violation in violations:
        violation.plant(resources[violation.at])


def below(stack: str, path: str) -> str:
    """A construct's path in its stack, ``.`` for the stack itself."""
    return path.removeprefix(stack).removeprefix("/").removesuffix("/Resource") or "."


def stack_path(violation: Violation, region: str) -> str:
    return PIPELINE if violation.in_pipeline else f"{PIPELINE}/{STAGES[region]}/tap"


@pytest.fixture(scope="module")
def findings(synthesize: Synthesize, tmp_path_factory: pytest.TempPathFactory) -> Sequence[Finding]:
    """What the gate says of all of them together; each has a place, or a rule, of its own."""
    outdir: Path = tmp_path_factory.mktemp("seeded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stages.pipeline_stage.TapStack", SeededStack)
        patch.setattr("pipeline_app.PipelineStack", SeededPipeline)
        with pytest.raises(PolicyError) as red:
            synthesize(outdir=outdir)
    return red.value.findings


@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda each: each.what)
def test_a_violation_is_caught_by_its_own_rule_which_says_what_and_where(
    findings: Sequence[Finding], violation: Violation
) -> None:
    for region in violation.regions:
        stack = stack_path(violation, region)
        found = [
            each
            for each in findings
            if each.kind == violation.rule
            and each.region == region
            and each.path.startswith(stack)
            and below(stack, each.path) == violation.place
            and violation.says in f"{each.message} {each.rule}"
        ]

        assert found, f"not by {violation.rule} in {region}"
        assert all(each.message and each.remedy for each in found)


def test_no_two_violations_could_be_taken_for_each_other() -> None:
    traces = [(each.rule, each.in_pipeline, each.place, each.says) for each in VIOLATIONS]

    assert len(set(traces)) == len(VIOLATIONS) >= 55


def test_nothing_is_reported_that_was_not_planted(findings: Sequence[Finding]) -> None:
    planted = {
        f"{stack_path(violation, region)}/{place}".removesuffix("/.")
        for violation in VIOLATIONS
        for region in violation.regions
        for place in (violation.place, violation.at)
    }
    reported = {each.path.removesuffix("/Resource") for each in findings}
    # A policy's wildcard is also more than its role declares.
    consequences = {f"{PIPELINE}/{stage}/tap/Processor/Service/Role" for stage in STAGES.values()}

    assert reported - planted - consequences == set()
