import json
from pathlib import Path

from aws_cdk import Environment, Stack, pipelines
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

import naming
from stages import pipeline_steps, targets
from stages.approval import Approval
from stages.artifact_store import ArtifactStore, ArtifactStoreStack
from stages.pipeline_stage import PipelineStage
from stages.reports import Reports
from stages.settings import Settings
from stages.targets import Target

ROOT = Path(__file__).resolve().parent.parent
# As the build image offers it: its default is one that the CDK no longer supports. What builds from
# our sources brings its own.
NODE = {"runtime-versions": {"nodejs": "22"}}


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
        stores = self._artifact_stores(scope, primary, standby)
        self._reports = Reports(
            bucket=stores[primary.region],
            bucket_name=naming.artifact_bucket(primary.region, settings.bucket_suffix),
            region=primary.region,
            commit=self._source.source_attribute("CommitId"),
        )
        self._pipeline = self._self_mutating(
            pipeline_steps.synth(self._source, self._reports, (primary, standby), settings.account),
            stores,
        )
        approval = Approval(self, "Approval", settings=settings, review_url=self._reports.url)
        self._deploy(primary)
        self._pipeline.add_wave(naming.APPROVAL_STAGE, post=[approval.step])
        self._deploy(standby)
        self._pipeline.build_pipeline()
        _publish_with_the_pinned_cli(self._pipeline, settings.account, (primary, standby))
        built = self._pipeline.pipeline
        approval.limit(built)
        _limit_role(built, settings.connection_arn, (self._artifacts.key, approval.key))
        _roll_back_failed_stages(built, (primary, standby))

    def _artifact_stores(
        self, scope: Construct, primary: Target, standby: Target
    ) -> dict[str, s3.IBucket]:
        suffix = self._settings.bucket_suffix
        other = ArtifactStoreStack(
            scope,
            f"{naming.PIPELINE}-artifacts",
            account=self._settings.account,
            region=standby.region,
            suffix=suffix,
        )
        self.add_stack_dependency(other, "the pipeline can't start without its bucket there")
        self._artifacts = ArtifactStore(self, "Artifacts", region=primary.region, suffix=suffix)
        return {primary.region: self._artifacts.bucket, standby.region: other.bucket}

    def _self_mutating(
        self, synth: pipelines.CodeBuildStep, stores: dict[str, s3.IBucket]
    ) -> pipelines.CodePipeline:
        return pipelines.CodePipeline(
            self,
            "Pipeline",
            pipeline_name=naming.PIPELINE,
            pipeline_type=codepipeline.PipelineType.V2,
            # A newer commit takes the place of one that waits: between stages by this mode, before
            # an approval by "make supersede" (docs/decisions/0008-a-newer-commit-supersedes.md).
            execution_mode=codepipeline.ExecutionMode.SUPERSEDED,
            synth=synth,
            self_mutation=True,
            cli_version=_cdk_cli_version(),
            cross_account_keys=True,
            enable_key_rotation=True,
            cross_region_replication_buckets=stores,
            publish_assets_in_parallel=False,
            use_pipeline_role_for_actions=True,
            self_mutation_code_build_defaults=pipelines.CodeBuildOptions(
                partial_build_spec=codebuild.BuildSpec.from_object({"phases": {"install": NODE}})
            ),
            code_build_defaults=pipelines.CodeBuildOptions(
                build_environment=codebuild.BuildEnvironment(
                    build_image=codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5,
                    compute_type=codebuild.ComputeType.MEDIUM,
                )
            ),
        )

    def _deploy(self, target: Target) -> None:
        stage = PipelineStage(self, target=target, settings=self._settings)
        proof = pipeline_steps.verification(
            self, self._source, self._reports, target, stage.stack.outputs
        )
        self._pipeline.add_stage(stage, post=[proof])


def _cdk_cli_version() -> str:
    """The one pin, in ``package.json``: synthesis here and deployment there use the same CLI."""
    version = json.loads((ROOT / "package.json").read_text())["devDependencies"]["aws-cdk"]
    assert isinstance(version, str)  # noqa: S101  # narrows the type
    return version


def _publish_with_the_pinned_cli(
    pipeline: pipelines.CodePipeline, account: str, deployed: tuple[Target, ...]
) -> None:
    """CDK Pipelines would install ``cdk-assets``, whose versions read other assemblies than ours.

    The CLI that has synthesized publishes as well; docs/decisions/0014-one-cli.md. It looks up the
    version of the bootstrap, in another account as the role that deploys there.
    """
    install = f"npm install -g aws-cdk@{_cdk_cli_version()}"
    publish = f"cdk -a . publish-assets --unstable=publish-assets '{naming.PIPELINE}/*/*'"
    phases = {"install": {**NODE, "commands": [install]}, "build": {"commands": [publish]}}
    project = pipeline.node.find_child("Assets").node.find_child("FileAsset")
    assert isinstance(project, codebuild.PipelineProject)  # noqa: S101  # narrows the type
    resource = project.node.default_child
    assert isinstance(resource, codebuild.CfnProject)  # noqa: S101  # narrows the type
    specification = json.dumps({"version": "0.2", "phases": phases}, indent=2)
    resource.add_property_override("Source.BuildSpec", specification)
    versions = [naming.bootstrap_version_arn(each.region, account) for each in deployed]
    elsewhere = [
        naming.bootstrap_role_arn("deploy", each.region, each.account)
        for each in deployed
        if each.account != account
    ]
    needs = (("ssm:GetParameter", versions), ("sts:AssumeRole", elsewhere))
    for action, resources in needs:
        if resources:
            project.add_to_role_policy(iam.PolicyStatement(actions=[action], resources=resources))


def _limit_role(
    pipeline: codepipeline.Pipeline, connection_arn: str, keys: tuple[kms.IKey, ...]
) -> None:
    """Give and take what CDK does not.

    It allows the connection under the service's old name only; for IAM the two are different
    rights. And it allows every key, as it can't know the ARN of one in another region.
    """
    own_keys = [naming.ARTIFACTS_KEY_ALIAS, naming.APPROVALS_KEY_ALIAS]
    for statement in (
        iam.PolicyStatement(actions=["codeconnections:UseConnection"], resources=[connection_arn]),
        # Its own stack's keys are named: an alias that is new is not known to IAM for minutes.
        iam.PolicyStatement(
            effect=iam.Effect.DENY,
            actions=["kms:*"],
            not_resources=[key.key_arn for key in keys],
            conditions={"ForAllValues:StringNotEquals": {"kms:ResourceAliases": own_keys}},
        ),
    ):
        pipeline.add_to_role_policy(statement)


def _roll_back_failed_stages(pipeline: codepipeline.Pipeline, deployed: tuple[Target, ...]) -> None:
    resource = pipeline.node.default_child
    assert isinstance(resource, codepipeline.CfnPipeline)  # noqa: S101  # narrows the type
    for index, stage in enumerate(pipeline.stages):
        if stage.stage_name in {target.stage_id for target in deployed}:
            resource.add_property_override(f"Stages.{index}.OnFailure", {"Result": "ROLLBACK"})
