"""The pipeline's builds: their commands, roles and environments."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import CfnOutput, Duration, RemovalPolicy, pipelines
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

import naming
from services.deployment_target import Target
from services.service_function import LOGS_KEPT
from stages.accounts import Accounts
from stages.pipeline.review_reports import Reports

# The build stops at the first red gate, before anything is deployed.
GATES = (
    "make check",
    "make unit",
    "make adapters",
    "make infra",
    "make scan",
    "make review BASE=deployed",
)
# The image's Python stays the build's own; Lambda's, which compiles the bundles, is added to PATH.
# Both are named by variables of the image, which has the versions installed.
ADD_LAMBDA_PYTHON = "pyenv global $PYTHON_311_VERSION $PYTHON_314_VERSION"
PUBLISH = "make publish-review"
# What the approval's mail says of the report; the pipeline has it as a variable of the build.
SUMMARY = "SUMMARY"
READ_SUMMARY = f'export {SUMMARY}="$(cat build/review/mail.txt)"'
# What "make supersede" reads; CodePipeline fills in the execution.
EXECUTION = {
    "PIPELINE": naming.PIPELINE,
    "PRIMARY_STAGE": naming.stage(naming.PRIMARY),
    "APPROVAL_STAGE": naming.APPROVAL_STAGE,
    "EXECUTION": "#{codepipeline.PipelineExecutionId}",
}
# What "make verify" reads, and the outputs of the region's stack that give it.
DEPLOYED = {
    "BUCKET": "IngestionBucketName",
    "TABLE": "TableName",
    "CANARY_EVENTS_URL": "CanaryEventsUrl",
    "ACCESS_POINT": "AccessPointArn",
}
SYNTH_TIMEOUT = Duration.minutes(30)
VERIFICATION_TIMEOUT = Duration.minutes(30)
SUPERSESSION_TIMEOUT = Duration.minutes(15)


@dataclass(frozen=True, kw_only=True, slots=True)
class Builds:
    """Makes builds from ``source`` that publish to ``reports``."""

    source: pipelines.CodePipelineSource
    reports: Reports
    accounts: Accounts

    def synth(self) -> pipelines.CodeBuildStep:
        """Return the build that runs every gate and reports what the commit would change."""
        return pipelines.CodeBuildStep(
            "Synth",
            input=self.source,
            install_commands=[ADD_LAMBDA_PYTHON],
            commands=list(GATES),
            partial_build_spec=_finally(PUBLISH),
            env=self.reports.environment,
            primary_output_directory="cdk.out",
            role_policy_statements=[
                *_read_templates(self.accounts),
                _read_code(self.accounts.primary),
                _read_history(self.accounts.primary),
            ],
            timeout=SYNTH_TIMEOUT,
        )

    def verification(
        self, scope: Construct, target: Target, outputs: Mapping[str, CfnOutput]
    ) -> pipelines.CodeBuildStep:
        """Return the build that verifies the deployed region and adds the outcome to the report."""
        environment = {"REGION": target.region, "ROLE": target.verification_role_arn}
        peer_role = self.accounts.peer_verification_role(target)
        if peer_role:
            environment |= {"PEER_REGION": target.peer_region, "PEER_ROLE": peer_role}
        environment |= self.reports.environment
        assumed = {target.verification_role_arn, peer_role or target.verification_role_arn}
        return pipelines.CodeBuildStep(
            f"Verify-{target.region}",
            input=self.source,
            commands=["make verify"],
            partial_build_spec=_finally(PUBLISH, READ_SUMMARY),
            env=environment,
            # The access point's is in the stack only that owns it, which is deployed last.
            env_from_cfn_outputs={
                name: outputs[key] for name, key in DEPLOYED.items() if key in outputs
            },
            role=self._verifier(scope, target, sorted(assumed)),
            timeout=VERIFICATION_TIMEOUT,
        )

    def supersession(self) -> pipelines.CodeBuildStep:
        """Return the build that stops an older commit that is still waiting for approval.

        It must not be in a stage that is rolled back: that would run it for the commit that waits.
        """
        return pipelines.CodeBuildStep(
            "Supersede",
            input=self.source,
            commands=["make supersede"],
            env=EXECUTION,
            role_policy_statements=[_stop_executions(self.accounts.primary)],
            timeout=SUPERSESSION_TIMEOUT,
        )

    def _verifier(self, scope: Construct, target: Target, assumed: list[str]) -> iam.Role:
        role = iam.Role(
            scope,
            f"Verifier-{target.region}",
            role_name=naming.verifier_role(target.region),
            assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"),
        )
        role.add_to_policy(iam.PolicyStatement(actions=["sts:AssumeRole"], resources=assumed))
        role.add_to_policy(self.reports.write_access())
        return role


def build_logs(scope: Construct) -> codebuild.LoggingOptions:
    """Let all builds log to one group that forgets; CodeBuild's own groups never do."""
    group = logs.LogGroup(
        scope,
        "BuildLogs",
        log_group_name=f"/aws/codebuild/{naming.PIPELINE}",
        retention=LOGS_KEPT,
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )
    return codebuild.LoggingOptions(cloud_watch=codebuild.CloudWatchLoggingOptions(log_group=group))


def _finally(*commands: str) -> codebuild.BuildSpec:
    """Return a build spec whose ``commands`` run even after a failure: red reports are read too."""
    return codebuild.BuildSpec.from_object({"phases": {"post_build": {"commands": [*commands]}}})


def _pipeline(target: Target) -> str:
    return f"arn:aws:codepipeline:{target.region}:{target.account}:{naming.PIPELINE}"


def _read_history(target: Target) -> iam.PolicyStatement:
    """Allow asking which commits the pipeline has run, and which of them it has deployed."""
    return iam.PolicyStatement(
        actions=["codepipeline:ListActionExecutions"], resources=[_pipeline(target)]
    )


def _read_code(target: Target) -> iam.PolicyStatement:
    """Allow reading the deployed contracts, whose results are compared with this commit's."""
    bucket = naming.bootstrap_assets_bucket(target.region, target.account)
    return iam.PolicyStatement(actions=["s3:GetObject"], resources=[f"arn:aws:s3:::{bucket}/*"])


def _stop_executions(target: Target) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=[
            "codepipeline:GetPipelineState",
            "codepipeline:GetPipelineExecution",
            "codepipeline:StopPipelineExecution",
        ],
        resources=[_pipeline(target)],
    )


def _read_templates(accounts: Accounts) -> list[iam.PolicyStatement]:
    """Allow reading the deployed templates; in another account, through CDK's lookup role."""
    account = accounts.primary.account
    names = [
        (naming.PIPELINE, naming.PRIMARY),
        (naming.artifact_stack(naming.STANDBY), naming.STANDBY),
        *((naming.stack(each.region), each.region) for each in accounts.local),
    ]
    stacks = [f"arn:aws:cloudformation:{region}:{account}:stack/{name}/*" for name, region in names]
    statements = [iam.PolicyStatement(actions=["cloudformation:GetTemplate"], resources=stacks)]
    return [*statements, *accounts.assume_foreign("lookup")]
