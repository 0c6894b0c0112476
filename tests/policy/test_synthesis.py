"""The gate that every synthesis goes through, on the whole app."""

from dataclasses import replace
from pathlib import Path

import aws_cdk as cdk
import pytest
from constructs import Construct

from policies import register, synthesis
from policies.check import REPORT, check, reported, stack_of
from policies.finding import at_stack
from policies.gate import Verdict
from policies.register import PLUGINS
from policies.synthesis import PACKS, PolicyError
from policies.templates import assembly
from services.deployment_target import Target
from stages.settings import Settings
from stages.tap_stack import TapStack
from tests.policy.conftest import TODAY, Synthesize
from tests.policy.templates import stack


class PlantedStack(TapStack):
    """A region's stack with what each pack and the project's rules must see."""

    def __init__(self, scope: Construct, id_: str, *, target: Target, settings: Settings) -> None:
        super().__init__(scope, id_, target=target, settings=settings)
        bucket = cdk.aws_s3.CfnBucket(self, "PlantedBucket")
        quiet = cdk.Acknowledgment(id="AwsSolutions::AwsSolutions-KMS5", reason="false positive")
        cdk.Validations.of(bucket).acknowledge(quiet)
        cdk.aws_sns.CfnTopic(self, "PlantedTopic")
        cdk.aws_lambda.CfnFunction(
            self,
            "PlantedFunction",
            code=cdk.aws_lambda.CfnFunction.CodeProperty(zip_file="pass"),
            role="arn:aws:iam::000000000000:role/planted",
        )


def test_every_pack_speaks_and_looks_at_every_stack(green: Path) -> None:
    stacks = assembly.read(green).stacks

    found = reported(green, stacks)

    assert {each.gate for each in found} == set(PACKS)
    seen = {(each.gate, stack_of(each.path, stacks).path) for each in found}
    assert {path for _, path in seen} == {stack.path for stack in stacks}
    regional = {stack.path for stack in stacks if stack.stage}
    assert {(pack, path) for pack in PACKS for path in regional} <= seen


def test_a_deployers_own_settings_pass_with_the_same_register(customised: Path) -> None:
    judged = check(assembly.read(customised), register.load(), TODAY)

    assert judged.findings == ()


def test_a_violation_inside_a_stage_stops_synthesis_and_is_reported_for_both_regions(
    synthesize: Synthesize, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("stages.pipeline_stage.TapStack", PlantedStack)
    # A report of better days must not speak for this synthesis.
    (tmp_path / REPORT).write_text('{"of": "", "packs": {}, "cdk": []}')

    with pytest.raises(PolicyError) as red:
        synthesize(outdir=tmp_path)

    findings = {(found.rule, found.region) for found in red.value.findings}
    assert {
        (rule, region)
        for region in ("us-east-1", "us-west-2")
        for rule in (
            "AwsSolutions-S1",
            "Serverless-LambdaDLQ",
            "NIST.800.53.R5-S3BucketVersioningEnabled",
            "HIPAA.Security-S3BucketVersioningEnabled",
            "PCI.DSS.321-S3BucketVersioningEnabled",
            "Project-encrypted-at-rest",
            "Project-retained",
            "unregistered-waiver[AwsSolutions::AwsSolutions-KMS5]",
        )
    } <= findings
    assert {found.gate for found in red.value.findings} == {*PLUGINS, "register"}


@pytest.mark.parametrize(
    ("kinds", "stopping"),
    [
        (["unused-waiver"], []),
        (["expired-waiver"], ["expired-waiver"]),
        (["AwsSolutions-S1", "unused-waiver"], ["AwsSolutions-S1", "unused-waiver"]),
    ],
)
def test_only_rows_that_accept_nothing_are_left_to_the_comparison_to_explain(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kinds: list[str], stopping: list[str]
) -> None:
    found = tuple(replace(at_stack(stack(), "said"), rule=kind) for kind in kinds)
    for step in ("report", "assembly.read"):
        monkeypatch.setattr(f"policies.synthesis.{step}", lambda *_: None)
    judged = Verdict(findings=found, accepted=())
    monkeypatch.setattr("policies.synthesis.check", lambda *_: judged)
    stopped: list[str] = []

    try:
        synthesis.synthesize(cdk.App(outdir=str(tmp_path)), TODAY)
    except PolicyError as error:
        stopped += (each.rule for each in error.findings)

    assert stopped == stopping


def test_the_message_says_what_is_wrong_where_and_what_to_do(
    synthesize: Synthesize, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policies.register.load", list)

    with pytest.raises(PolicyError) as red:
        synthesize()

    [told] = [
        each
        for each in str(red.value).split("\n\n")
        if each.startswith("AwsSolutions-SQS3  us-east-1, us-west-2\n") and "/Failures/" in each
    ]
    assert "  at  serverless-pipeline-prod/standby/tap/StreamConsumer/Failures/Queue" in told
    assert "      findings = ['AwsSolutions-SQS3']\n" in told
    assert "'tap/StreamConsumer/Failures/Queue/Resource'" in told.splitlines()[-1]


def test_the_packs_are_known_by_the_names_that_they_report_under() -> None:
    assert (*PACKS, "Project") == PLUGINS
