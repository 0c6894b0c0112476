"""The gate that every synthesis passes: on a laptop, in CI and in the pipeline."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import IConstruct

from policies import packs, register, validation_report
from policies.check import check
from policies.choices import Choices
from policies.finding import Finding, texts
from policies.gate import PAGE
from policies.register import PLUGINS, Grant, Waiver
from policies.templates import assembly
from policies.templates.template import Place

VALIDATION_FAILED = "ValidationFailed"


class PolicyError(Exception):
    """The app violates its policies; the message lists what, where, and how to fix it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings
        details = "\n\n".join(texts(findings))
        super().__init__(f"policies: {len(findings)} finding(s), {PAGE}\n\n{details}")


def synthesize(app: cdk.App, today: date) -> None:
    """Synthesize ``app`` and check it; raise ``PolicyError`` unless it is clean."""
    waivers = register.load()
    guard(app, waivers)
    outdir = Path(app.outdir)
    # If this synthesis writes no report, an older one must not be taken for it.
    (outdir / validation_report.FILE).unlink(missing_ok=True)
    failure = _synth(app)
    verdict = check(assembly.read(outdir), waivers, today)
    if not verdict.green:
        raise PolicyError(verdict.findings)
    if failure:
        raise failure


def guard(app: cdk.App, waivers: Sequence[Waiver]) -> None:
    """Attach packs and rules to ``app`` and acknowledge the findings that the register accepts."""
    own = [waiver for waiver in waivers if waiver.gate in PLUGINS]
    stacks = {_place(node): node for node in app.node.find_all() if isinstance(node, cdk.Stack)}
    rows = register.grants(own, list(stacks), _choices(app))
    by_path = sorted(rows, key=lambda grant: grant.path)
    for path, grants in groupby(by_path, key=lambda grant: grant.path):
        accepted = list(grants)
        construct = _descendant(stacks[accepted[0].place], path)
        if construct:
            cdk.Validations.of(construct).acknowledge(*map(_acknowledgment, accepted))
    packs.attach(app)


def _choices(app: cdk.App) -> Choices:
    constructs = app.node.find_all()
    buckets = [node for node in constructs if isinstance(node, s3.CfnBucket)]
    subscriptions = [node for node in constructs if isinstance(node, sns.CfnSubscription)]
    managed = [node for node in constructs if isinstance(node, iam.CfnManagedPolicy)]
    return Choices.seen_in(
        (str(bucket.bucket_name) for bucket in buckets),
        (str(subscription.endpoint) for subscription in subscriptions),
        ((str(each.description), _resolved(each)) for each in managed),
    )


def _resolved(policy: iam.CfnManagedPolicy) -> object:
    document: object = cdk.Stack.of(policy).resolve(policy.policy_document)
    return document


def _acknowledgment(grant: Grant) -> cdk.Acknowledgment:
    waiver = grant.waiver
    return cdk.Acknowledgment(
        id=f"{waiver.gate}::{grant.finding}",
        reason=f"{waiver.reason} ({waiver.owner}, {waiver.expiry})",
    )


def _synth(app: cdk.App) -> RuntimeError | None:
    """Return the error with which CDK reports findings; raise any other."""
    try:
        app.synth()
    except RuntimeError as error:
        if VALIDATION_FAILED not in str(error):
            raise
        return error
    return None


def _place(stack: cdk.Stack) -> Place:
    stage = cdk.Stage.of(stack)
    return Place(
        path=stack.node.path,
        stage_path=stage.node.path if stage else "",
        region=stack.region,
        account=stack.account,
    )


def _descendant(stack: cdk.Stack, path: str) -> IConstruct | None:
    construct: IConstruct | None = stack
    for part in path.removeprefix(stack.node.path).strip("/").split("/"):
        construct = construct.node.try_find_child(part) if construct and part else construct
    return construct
