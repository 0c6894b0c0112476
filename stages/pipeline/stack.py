import json
from pathlib import Path

from aws_cdk import CfnResource, Environment, Stack, pipelines
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

import naming
from services.deployment_target import Target
from stages.accounts import Accounts
from stages.pipeline.approval import Approval
from stages.pipeline.artifact_store import ArtifactStore, ArtifactStoreStack
from stages.pipeline.builds import SUMMARY, Builds, build_logs
from stages.pipeline.review_reports import Reports
from stages.pipeline_stage import PipelineStage
from stages.settings import Settings

PACKAGE_JSON = Path(__file__).resolve().parents[2] / "package.json"
# A version that the build image offers and the CDK supports; the image's default is too old. Builds
# of our own sources install their own.
NODE = {"runtime-versions": {"nodejs": "22"}}


class PipelineStack(Stack):
    """The delivery of a push: gates, self-mutation, primary, verification, approval, standby."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(
            scope,
            id_,
            stack_name=naming.PIPELINE,
            env=Environment(account=settings.account, region=naming.PRIMARY),
            description="Delivery of the file ingestion to both regions",
            termination_protection=True,
        )
        # The review, which reads templates and no settings, estimates the costs of it.
        self.template_options.metadata = {"Load": dict(settings.load)}
        self._settings = settings
        self._accounts = Accounts.of(settings)
        source = pipelines.CodePipelineSource.connection(
            settings.repository, settings.branch, connection_arn=settings.connection_arn
        )
        stores = self._artifact_stores(scope)
        reports = Reports(
            bucket=stores[naming.PRIMARY],
            bucket_name=naming.artifact_bucket(naming.PRIMARY, settings.bucket_suffix),
            region=naming.PRIMARY,
            commit=source.source_attribute("CommitId"),
        )
        self._builds = Builds(source=source, reports=reports, accounts=self._accounts)
        self._pipeline = self._self_mutating(self._builds.synth(), stores)
        summary = self._deploy(self._accounts.primary).exported_variable(SUMMARY)
        approval = Approval(
            self, "Approval", settings=settings, summary=summary, review_url=reports.url
        )
        self._pipeline.add_wave("supersede", post=[self._builds.supersession()])
        self._pipeline.add_wave(naming.APPROVAL_STAGE, post=[approval.step])
        self._deploy(self._accounts.standby)
        self._pipeline.build_pipeline()
        _publish_with_the_pinned_cli(self._pipeline, self._accounts)
        built = self._pipeline.pipeline
        approval.limit(built)
        _limit_role(built, settings.connection_arn, (self._artifacts.key, approval.key))
        _roll_back_failed_stages(built)
        self._make_last(built)

    def _make_last(self, pipeline: codepipeline.Pipeline) -> None:
        """Create the pipeline after all else, because its first run puts files in the bucket.

        A bucket with a file in it could not be deleted any more if something else failed.
        """
        last = pipeline.node.default_child
        assert isinstance(last, CfnResource)  # noqa: S101  # narrows the type
        last.node.add_dependency(
            *(
                each
                for each in self.node.find_all()
                if isinstance(each, CfnResource) and each.stack == self and each != last
            )
        )

    def _artifact_stores(self, scope: Construct) -> dict[str, s3.IBucket]:
        account, suffix = self._settings.account, self._settings.bucket_suffix
        standby = ArtifactStoreStack(
            scope,
            f"{naming.PIPELINE}-artifacts",
            account=account,
            region=naming.STANDBY,
            suffix=suffix,
        )
        self.add_stack_dependency(standby, "the pipeline can't start without its bucket there")
        self._artifacts = ArtifactStore(self, "Artifacts", region=naming.PRIMARY, suffix=suffix)
        return {naming.PRIMARY: self._artifacts.bucket, naming.STANDBY: standby.bucket}

    def _self_mutating(
        self, synth: pipelines.CodeBuildStep, stores: dict[str, s3.IBucket]
    ) -> pipelines.CodePipeline:
        return pipelines.CodePipeline(
            self,
            "Pipeline",
            pipeline_name=naming.PIPELINE,
            pipeline_type=codepipeline.PipelineType.V2,
            # A newer commit supersedes a waiting one: between stages by this mode, before an
            # approval by "make supersede" (docs/decisions/0008-a-newer-commit-supersedes.md).
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
                logging=build_logs(self),
                build_environment=codebuild.BuildEnvironment(
                    build_image=codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5,
                    compute_type=codebuild.ComputeType.MEDIUM,
                ),
            ),
        )

    def _deploy(self, target: Target) -> pipelines.CodeBuildStep:
        stage = PipelineStage(self, target=target, settings=self._settings)
        verification = self._builds.verification(self, target, stage.stack.outputs)
        self._pipeline.add_stage(stage, post=[verification])
        return verification


def _cdk_cli_version() -> str:
    """Return the version pinned in ``package.json``, so that one CLI synthesizes and deploys."""
    version = json.loads(PACKAGE_JSON.read_text())["devDependencies"]["aws-cdk"]
    assert isinstance(version, str)  # noqa: S101  # narrows the type
    return version


def _publish_with_the_pinned_cli(pipeline: pipelines.CodePipeline, accounts: Accounts) -> None:
    """Publish assets with the CLI that synthesized them; docs/decisions/0014-one-cli.md.

    CDK Pipelines would install ``cdk-assets``, whose versions may refuse the CLI's assemblies. The
    CLI looks up the bootstrap's version; in another account it does so as the deployment role.
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
    account = accounts.primary.account
    versions = [naming.bootstrap_version_arn(region, account) for region in naming.REGIONS]
    project.add_to_role_policy(
        iam.PolicyStatement(actions=["ssm:GetParameter"], resources=versions)
    )
    for statement in accounts.assume_foreign("deploy"):
        project.add_to_role_policy(statement)


def _limit_role(
    pipeline: codepipeline.Pipeline, connection_arn: str, keys: tuple[kms.IKey, ...]
) -> None:
    """Allow the connection under the service's new name, and deny every key but our own.

    CDK allows the connection only under the old name, which is a different permission to IAM, and
    it allows every key, because it can't know the ARN of one in another region.
    """
    own_keys = [naming.ARTIFACTS_KEY_ALIAS, naming.APPROVALS_KEY_ALIAS]
    for statement in (
        iam.PolicyStatement(actions=["codeconnections:UseConnection"], resources=[connection_arn]),
        # This stack's keys are named as well: IAM takes minutes to see a new alias.
        iam.PolicyStatement(
            effect=iam.Effect.DENY,
            actions=["kms:*"],
            not_resources=[key.key_arn for key in keys],
            conditions={"ForAllValues:StringNotEquals": {"kms:ResourceAliases": own_keys}},
        ),
    ):
        pipeline.add_to_role_policy(statement)


def _roll_back_failed_stages(pipeline: codepipeline.Pipeline) -> None:
    resource = pipeline.node.default_child
    assert isinstance(resource, codepipeline.CfnPipeline)  # noqa: S101  # narrows the type
    deploying = {naming.stage(region) for region in naming.REGIONS}
    for index, stage in enumerate(pipeline.stages):
        if stage.stage_name in deploying:
            resource.add_property_override(f"Stages.{index}.OnFailure", {"Result": "ROLLBACK"})
