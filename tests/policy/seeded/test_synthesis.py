"""Whatever is planted in the app stops its synthesis, each violation by the rule that is for it."""

from collections.abc import Sequence
from pathlib import Path

import aws_cdk as cdk
import pytest
from constructs import Construct

from policies.gate import PolicyError
from policies.problem import Problem
from stages.settings import Settings
from stages.tap_stack import TapStack
from stages.targets import Target
from tests.policy.conftest import Synthesize
from tests.policy.seeded.violations import VIOLATIONS, Violation

STAGES = {"us-east-1": "primary", "us-west-2": "standby"}


class SeededStack(TapStack):
    def __init__(self, scope: Construct, id_: str, *, target: Target, settings: Settings) -> None:
        super().__init__(scope, id_, target=target, settings=settings)
        resources = {
            node.node.path.removeprefix(f"{self.node.path}/").removesuffix("/Resource"): node
            for node in self.node.find_all()
            if isinstance(node, cdk.CfnResource)
        }
        for violation in VIOLATIONS:
            if target.region in violation.regions:
                violation.plant(resources[violation.at])


@pytest.fixture(scope="module")
def problems(synthesize: Synthesize, tmp_path_factory: pytest.TempPathFactory) -> Sequence[Problem]:
    """What the gate says of all of them together; each has a place, or a rule, of its own."""
    outdir: Path = tmp_path_factory.mktemp("seeded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stages.pipeline_stage.TapStack", SeededStack)
        with pytest.raises(PolicyError) as red:
            synthesize(outdir=outdir)
    return red.value.problems


@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda each: each.what)
def test_a_violation_is_caught_by_its_own_rule_which_says_what_and_where(
    problems: Sequence[Problem], violation: Violation
) -> None:
    for region in violation.regions:
        place = f"serverless-pipeline-prod/{STAGES[region]}/tap/{violation.place}".removesuffix(
            "/."
        )
        found = [
            problem
            for problem in problems
            if problem.rule.partition("[")[0] == violation.rule
            and problem.region == region
            and problem.path.removesuffix("/Resource") == place
            and violation.says in f"{problem.message} {problem.rule}"
        ]

        assert found, f"not by {violation.rule} in {region}"
        assert all(problem.message and problem.remedy for problem in found)


def test_no_two_violations_could_be_taken_for_each_other() -> None:
    traces = [(each.rule, each.place, each.says) for each in VIOLATIONS]

    assert len(set(traces)) == len(VIOLATIONS) >= 25


def test_nothing_is_reported_that_was_not_planted(problems: Sequence[Problem]) -> None:
    places = {violation.place for violation in VIOLATIONS} | {each.at for each in VIOLATIONS}
    places |= {"Processor/Service/Role"}  # its policy's wildcard is also more than it declares
    told = {problem.path.partition("/tap/")[2].removesuffix("/Resource") for problem in problems}
    elsewhere = told - places - {""}

    assert elsewhere == set()
