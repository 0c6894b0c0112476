from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

import naming
from services.bundling import bundle
from services.deployment_target import Target

LOGGING = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
LOGS_KEPT = logs.RetentionDays.ONE_YEAR
# The longest retention SQS offers: a failure may have to wait over weekends and holidays.
FAILURES_KEPT_DAYS = 14


class ServiceFunction(Construct):
    """A service's Lambda function with its bundle, bounded logs, and a role that can only log.

    Every service makes its function with this construct and grants it the rest with ``allow``,
    before the function is created, or in a policy of its own for ``role``, when it exists.
    ``environment`` holds the service's own variables; the region and what Powertools reads are set
    for every function. Its handler is in the module ``main`` of its runtime.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        target: Target,
        function_name: str,
        role_name: str,
        runtime_dir: Path,
        main: str = "main",
        environment: Mapping[str, str],
        timeout: Duration,
        memory_mb: int,
        dead_letter_queue: sqs.IQueue | None = None,
        async_retries: int | None = None,
    ) -> None:
        super().__init__(scope, id_)
        log_group = function_logs(self, "Logs", function_name)
        self.role = self._lambda_role(role_name)
        self.allow(LOGGING, [log_group.log_group_arn])
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=function_name,
            runtime=lambda_.Runtime("python3.14", lambda_.RuntimeFamily.PYTHON),
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(str(bundle(runtime_dir, target.bundle_platform))),
            handler=f"services.{runtime_dir.parent.name}.runtime.{main}.lambda_handler",
            environment=_environment(function_name, target, environment),
            timeout=timeout,
            memory_size=memory_mb,
            # CDK would grant more than is needed, above all on queues.
            role=self.role.without_policy_updates(),
            log_group=log_group,
            dead_letter_queue=dead_letter_queue,
            retry_attempts=async_retries,
        )

    def allow(self, actions: Sequence[str], resources: Sequence[str]) -> None:
        """Let the function call ``actions`` on ``resources``; nothing else grants it anything."""
        self.role.add_to_policy(
            iam.PolicyStatement(actions=list(actions), resources=list(resources))
        )

    def _lambda_role(self, role_name: str) -> iam.Role:
        service = iam.ServicePrincipal("lambda.amazonaws.com")
        return iam.Role(self, "Role", role_name=role_name, assumed_by=service)


class FailureQueue(Construct):
    """A queue for the events a function could not handle: encrypted, TLS only, kept 14 days."""

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


def function_logs(scope: Construct, id_: str, function_name: str) -> logs.LogGroup:
    """Make the log group Lambda expects for the function; it outlives its stack."""
    return logs.LogGroup(
        scope,
        id_,
        log_group_name=f"/aws/lambda/{function_name}",
        retention=LOGS_KEPT,
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )


def _environment(function_name: str, target: Target, own: Mapping[str, str]) -> dict[str, str]:
    return {
        "POWERTOOLS_SERVICE_NAME": function_name,
        **own,
        "REGION": target.region,
        "POWERTOOLS_METRICS_NAMESPACE": naming.METRICS_NAMESPACE,
    }
