from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from services.bundling import bundle

LOGGING = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
LOGS_KEPT = logs.RetentionDays.ONE_YEAR
# The longest SQS allows: what failed waits for a person, weekends and holidays included.
FAILURES_KEPT_DAYS = 14


class ServiceFunction(Construct):
    """The one way to make a service's function: bundle, bounded logs, and a role that can only log.

    The service grants the rest with ``allow``.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        function_name: str,
        role_name: str,
        runtime_dir: Path,
        bundle_platform: str,
        environment: Mapping[str, str],
        timeout: Duration,
        memory_mb: int,
        dead_letter_queue: sqs.IQueue | None = None,
        async_retries: int | None = None,
    ) -> None:
        super().__init__(scope, id_)
        log_group = self._log_group(function_name)
        self._role = iam.Role(
            self,
            "Role",
            role_name=role_name,
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        self.allow(LOGGING, [log_group.log_group_arn])
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=function_name,
            runtime=lambda_.Runtime("python3.14", lambda_.RuntimeFamily.PYTHON),
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(str(bundle(runtime_dir, bundle_platform))),
            handler=f"services.{runtime_dir.parent.name}.runtime.main.lambda_handler",
            environment={"POWERTOOLS_SERVICE_NAME": function_name, **environment},
            timeout=timeout,
            memory_size=memory_mb,
            # CDK would grant more than is needed, for queues above all.
            role=self._role.without_policy_updates(),
            log_group=log_group,
            dead_letter_queue=dead_letter_queue,
            retry_attempts=async_retries,
        )

    def allow(self, actions: Sequence[str], resources: Sequence[str]) -> None:
        """Let the function call ``actions`` on ``resources``; nothing else is granted anywhere."""
        self._role.add_to_policy(
            iam.PolicyStatement(actions=list(actions), resources=list(resources))
        )

    def _log_group(self, function_name: str) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/lambda/{function_name}",
            retention=LOGS_KEPT,
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )


class FailureQueue(Construct):
    """Where an event goes that a function could not handle: encrypted, TLS only, 14 days."""

    def __init__(self, scope: Construct, id_: str, *, queue_name: str) -> None:
        super().__init__(scope, id_)
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=queue_name,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(FAILURES_KEPT_DAYS),
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
