import json
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import CfnOutput, Duration, Environment, Stack, pipelines
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stages import naming, targets
from stages.approval import Approval
from stages.artifact_store import ArtifactStore, ArtifactStoreStack
from stages.pipeline_stage import PipelineStage
from stages.settings import Settings
from stages.targets import Target

ROOT = Path(__file__).resolve().parent.parent
# What a person is asked to wait for; a broken gate stops here, before anything is deployed.
GATES = ("make check", "make unit", "make infra", "make synth")
SYNTH_TIMEOUT = Duration.minutes(30)
VERIFICATION_TIMEOUT = Duration.minutes(20)


class PipelineStack(Stack):
    """Each push: gates, self-mutation, us-east-1, proof, a person, us-west-2, proof."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        primary, standby = targets.primary(settings), targets.standby(settings)
        super().__init__(
            scope,
            id_,
            stack_name=naming.PIPELINE,
            env=Environment(account=settings.account, region=primary.region),
            description="Delivery of the file ingestion to both regions",
            termination_protection=True,
        )
        self._settings = settings
        self._source = pipelines.CodePipelineSource.connection(
            settings.repository, settings.branch, connection_arn=settings.connection_arn
        )
        other_store = ArtifactStoreStack(
            scope,
            f"{naming.PIPELINE}-artifacts",
            account=settings.account,
            region=standby.region,
            suffix=settings.bucket_suffix,
        )
        self.add_stack_dependency(other_store, "the pipeline can't start without its bucket there")
        store = ArtifactStore(
            self, "Artifacts", region=primary.region, suffix=settings.bucket_suffix
        )
        self._pipeline = self._self_mutating(
            {primary.region: store.bucket, standby.region: other_store.bucket}
        )
        approval = Approval(self, "Approval", settings=settings)
        self._add(primary)
        self._pipeline.add_wave("approval", post=[approval.step])
        self._add(standby)
        self._pipeline.build_pipeline()
        approval.limit(self._pipeline.pipeline)
        _allow_connection(self._pipeline.pipeline, settings.connection_arn)
        _roll_back_failed_stages(self._pipeline.pipeline, (primary, standby))

    def _self_mutating(self, buckets: dict[str, s3.IBucket]) -> pipelines.CodePipeline:
        cli_version = _cdk_cli_version()
        return pipelines.CodePipeline(
            self,
            "Pipeline",
            pipeline_name=naming.PIPELINE,
            pipeline_type=codepipeline.PipelineType.V2,
            # A newer commit takes the place of one that waits for a person, so an approval never
            # promotes yesterday's commit and a forgotten one does not jam the queue.
            execution_mode=codepipeline.ExecutionMode.SUPERSEDED,
            synth=self._synth(),
            self_mutation=True,
            cli_version=cli_version,
            cdk_assets_cli_version=cli_version,
            cross_account_keys=True,
            enable_key_rotation=True,
            cross_region_replication_buckets=buckets,
            publish_assets_in_parallel=False,
            use_pipeline_role_for_actions=True,
            code_build_defaults=pipelines.CodeBuildOptions(
                build_environment=codebuild.BuildEnvironment(
                    build_image=codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5,
                    compute_type=codebuild.ComputeType.MEDIUM,
                )
            ),
        )

    def _synth(self) -> pipelines.CodeBuildStep:
        return pipelines.CodeBuildStep(
            "Synth",
            input=self._source,
            commands=list(GATES),
            primary_output_directory="cdk.out",
            timeout=SYNTH_TIMEOUT,
        )

    def _add(self, target: Target) -> None:
        stage = PipelineStage(self, target=target, settings=self._settings)
        self._pipeline.add_stage(stage, post=[self._verification(target, stage.stack.outputs)])

    def _verification(
        self, target: Target, outputs: Mapping[str, CfnOutput]
    ) -> pipelines.CodeBuildStep:
        role = iam.Role(
            self,
            f"Verifier-{target.region}",
            role_name=naming.verifier_role(target.region),
            assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"),
        )
        assumed = f"arn:aws:iam::{target.account}:role/{naming.verification_role(target.region)}"
        role.add_to_policy(iam.PolicyStatement(actions=["sts:AssumeRole"], resources=[assumed]))
        return pipelines.CodeBuildStep(
            f"Verify-{target.region}",
            input=self._source,
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


def _cdk_cli_version() -> str:
    """The one pin, in ``package.json``: synthesis here and deployment there use the same CLI."""
    version = json.loads((ROOT / "package.json").read_text())["devDependencies"]["aws-cdk"]
    assert isinstance(version, str)  # noqa: S101  # narrows the type
    return version


def _allow_connection(pipeline: codepipeline.Pipeline, connection_arn: str) -> None:
    """CDK allows it under the service's old name only; for IAM the two are different rights."""
    use = iam.PolicyStatement(actions=["codeconnections:UseConnection"], resources=[connection_arn])
    pipeline.add_to_role_policy(use)


def _roll_back_failed_stages(pipeline: codepipeline.Pipeline, deployed: tuple[Target, ...]) -> None:
    resource = pipeline.node.default_child
    assert isinstance(resource, codepipeline.CfnPipeline)  # noqa: S101  # narrows the type
    for index, stage in enumerate(pipeline.stages):
        if stage.stage_name in {target.stage_id for target in deployed}:
            resource.add_property_override(f"Stages.{index}.OnFailure", {"Result": "ROLLBACK"})
