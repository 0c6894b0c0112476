"""The builds of the pipeline: what runs in them, as whom, and what they are told."""

from collections.abc import Mapping, Sequence

from aws_cdk import CfnOutput, Duration, pipelines
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_iam as iam
from constructs import Construct

import naming
from stages.reports import Reports
from stages.targets import Target

# A red gate stops here, before anything is deployed.
GATES = (
    "make check",
    "make unit",
    "make adapters",
    "make infra",
    "make scan",
    "make review BASE=deployed",
)
PUBLISH = "make publish-review"
# Which execution of which pipeline this is, as CodePipeline tells it.
EXECUTION = {
    "PIPELINE": naming.PIPELINE,
    "APPROVAL_STAGE": naming.APPROVAL_STAGE,
    "EXECUTION": "#{codepipeline.PipelineExecutionId}",
}
SYNTH_TIMEOUT = Duration.minutes(30)
VERIFICATION_TIMEOUT = Duration.minutes(30)


def synth(
    source: pipelines.CodePipelineSource, reports: Reports, targets: Sequence[Target], account: str
) -> pipelines.CodeBuildStep:
    """Every gate, and the report of what this commit changes in what is deployed."""
    return pipelines.CodeBuildStep(
        "Synth",
        input=source,
        commands=list(GATES),
        partial_build_spec=_afterwards(PUBLISH),
        env=reports.environment,
        primary_output_directory="cdk.out",
        role_policy_statements=_reading_templates(targets, account),
        timeout=SYNTH_TIMEOUT,
    )


def verification(
    scope: Construct,
    source: pipelines.CodePipelineSource,
    reports: Reports,
    target: Target,
    outputs: Mapping[str, CfnOutput],
) -> pipelines.CodeBuildStep:
    """A proof of the deployed region, which becomes part of the commit's report.

    The first region's proof also stops an older commit that still waits for its approval.
    """
    assumed = _verification_role(target.region, target.account)
    peer = _peer_environment(target)
    roles = sorted({assumed, peer.get("PEER_ROLE", assumed)})
    return pipelines.CodeBuildStep(
        f"Verify-{target.region}",
        input=source,
        commands=["make verify", *([] if target.standby else ["make supersede"])],
        partial_build_spec=_afterwards(PUBLISH),
        env={
            "REGION": target.region,
            "ROLE": assumed,
            **peer,
            **reports.environment,
            **({} if target.standby else EXECUTION),
        },
        env_from_cfn_outputs={
            "BUCKET": outputs["IngestionBucketName"],
            "TABLE": outputs["TableName"],
            "CANARY_EVENTS_URL": outputs["CanaryEventsUrl"],
        },
        role=_verifier(scope, target, roles, reports),
        timeout=VERIFICATION_TIMEOUT,
    )


def _verifier(
    scope: Construct, target: Target, assumed: Sequence[str], reports: Reports
) -> iam.Role:
    role = iam.Role(
        scope,
        f"Verifier-{target.region}",
        role_name=naming.verifier_role(target.region),
        assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"),
    )
    role.add_to_policy(iam.PolicyStatement(actions=["sts:AssumeRole"], resources=list(assumed)))
    role.add_to_policy(reports.writing())
    if not target.standby:
        role.add_to_policy(_stopping(target))
    return role


def _afterwards(command: str) -> codebuild.BuildSpec:
    """A command that follows the others even when they have failed: red reports are read, too."""
    return codebuild.BuildSpec.from_object({"phases": {"post_build": {"commands": [command]}}})


def _stopping(target: Target) -> iam.PolicyStatement:
    pipeline = f"arn:aws:codepipeline:{target.region}:{target.account}:{naming.PIPELINE}"
    return iam.PolicyStatement(
        actions=["codepipeline:GetPipelineState", "codepipeline:StopPipelineExecution"],
        resources=[pipeline],
    )


def _peer_environment(target: Target) -> dict[str, str]:
    """Where else the proof looks for the record, and as whom.

    With two accounts the primary is there before there is a replica; the standby's proof sees both.
    """
    if target.shares_account:
        peer = _verification_role(target.region, target.account)
    elif target.standby:
        peer = _verification_role(target.peer_region, target.peer_account)
    else:
        return {}
    return {"PEER_REGION": target.peer_region, "PEER_ROLE": peer}


def _verification_role(region: str, account: str) -> str:
    return f"arn:aws:iam::{account}:role/{naming.verification_role(region)}"


def _reading_templates(targets: Sequence[Target], account: str) -> list[iam.PolicyStatement]:
    """What is deployed, to compare with; in another account by the role CDK keeps for look-ups."""
    primary, standby = targets
    names = [
        (naming.PIPELINE, primary.region),
        (naming.artifact_stack(standby.region), standby.region),
        *((naming.stack(each.region), each.region) for each in targets if each.account == account),
    ]
    stacks = [f"arn:aws:cloudformation:{region}:{account}:stack/{name}/*" for name, region in names]
    elsewhere = [
        naming.bootstrap_role_arn("lookup", each.region, each.account)
        for each in targets
        if each.account != account
    ]
    needs = (("cloudformation:GetTemplate", stacks), ("sts:AssumeRole", elsewhere))
    return [
        iam.PolicyStatement(actions=[action], resources=resources)
        for action, resources in needs
        if resources
    ]
