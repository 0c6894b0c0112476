"""The builds of the pipeline: what runs in them, as whom, and what they are told."""

from collections.abc import Mapping

from aws_cdk import CfnOutput, Duration, pipelines
from aws_cdk import aws_iam as iam
from constructs import Construct

from stages import naming
from stages.targets import Target

# What a person is asked to wait for; a red gate stops here, before anything is deployed.
GATES = ("make check", "make unit", "make infra", "make synth")
SYNTH_TIMEOUT = Duration.minutes(30)
VERIFICATION_TIMEOUT = Duration.minutes(20)


def synth(source: pipelines.CodePipelineSource) -> pipelines.CodeBuildStep:
    return pipelines.CodeBuildStep(
        "Synth",
        input=source,
        commands=list(GATES),
        primary_output_directory="cdk.out",
        timeout=SYNTH_TIMEOUT,
    )


def verification(
    scope: Construct,
    source: pipelines.CodePipelineSource,
    target: Target,
    outputs: Mapping[str, CfnOutput],
) -> pipelines.CodeBuildStep:
    """A proof of the deployed region."""
    assumed = f"arn:aws:iam::{target.account}:role/{naming.verification_role(target.region)}"
    role = iam.Role(
        scope,
        f"Verifier-{target.region}",
        role_name=naming.verifier_role(target.region),
        assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"),
    )
    role.add_to_policy(iam.PolicyStatement(actions=["sts:AssumeRole"], resources=[assumed]))
    return pipelines.CodeBuildStep(
        f"Verify-{target.region}",
        input=source,
        commands=["make verify"],
        env={
            "REGION": target.region,
            "PEER_REGION": target.peer_region,
            "ROLE": assumed,
        },
        env_from_cfn_outputs={
            "BUCKET": outputs["IngestionBucketName"],
            "TABLE": outputs["TableName"],
            "CANARY_EVENTS_URL": outputs["CanaryEventsUrl"],
        },
        role=role,
        timeout=VERIFICATION_TIMEOUT,
    )
