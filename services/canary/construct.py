import json
from collections.abc import Sequence
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

import naming
from services.deployment_target import Target
from services.service_function import ServiceFunction

RUNTIME_DIR = Path(__file__).parent / "runtime"
TIMEOUT = Duration.seconds(30)
MEMORY_MB = 256
FOLDER = "canary"
# A sign of life is fresh until the second one after it is late by a minute.
SPARE_S = 60


class Canary(Construct):
    """Puts a file every ``every_minutes`` and publishes what becomes of it, here and at the peer.

    It may read ``readable_tables``. It is called by each event on ``bus`` that announces this
    region's canary record, and by a schedule once ``call_regularly`` has made it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        target: Target,
        bus: events.IEventBus,
        readable_tables: list[str],
        every_minutes: int,
    ) -> None:
        super().__init__(scope, id_)
        self._target = target
        self._every_minutes = every_minutes
        service = ServiceFunction(
            self,
            "Service",
            target=target,
            function_name=naming.CANARY,
            role_name=naming.canary_role(target.region),
            runtime_dir=RUNTIME_DIR,
            environment={
                "BUCKET_NAME": target.ingestion_bucket,
                "TABLE_NAME": naming.TABLE,
                "PEER_REGION": target.peer_region,
                "FRESH_FOR_S": str(2 * 60 * every_minutes + SPARE_S),
            },
            timeout=TIMEOUT,
            memory_mb=MEMORY_MB,
            # The next run is better than a late one.
            async_retries=0,
        )
        service.allow(
            ["s3:PutObject"], [f"{target.ingestion_bucket_arn}/{FOLDER}/{target.region}.json"]
        )
        service.allow(["dynamodb:GetItem"], readable_tables)
        self.function: lambda_.Function = service.function
        self._schedule_role = self._callers_role()
        self._call_on_announcements(bus)

    def _callers_role(self) -> iam.Role:
        role = iam.Role(
            self,
            "ScheduleRole",
            role_name=naming.canary_schedule_role(self._target.region),
            assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com").with_conditions(
                {"StringEquals": {"aws:SourceAccount": self._target.account}}
            ),
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["lambda:InvokeFunction"], resources=[self.function.function_arn]
            )
        )
        return role

    def call_regularly(self, *, after: Sequence[Construct]) -> None:
        """Make the schedule when all of ``after`` exist, because its first call follows at once.

        A bucket with a file in it could not be deleted any more if they failed.
        """
        minutes, role = self._every_minutes, self._schedule_role
        schedule = scheduler.CfnSchedule(
            self,
            "Schedule",
            name=naming.CANARY,
            description="Lets the canary put its next file and look at both regions.",
            schedule_expression=f"rate({minutes} minute{'s' if minutes > 1 else ''})",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=self.function.function_arn,
                role_arn=role.role_arn,
                input=json.dumps({}),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(maximum_retry_attempts=0),
            ),
        )
        # On the role, and so on what it allows, as well.
        schedule.node.add_dependency(role, *after)

    def _call_on_announcements(self, bus: events.IEventBus) -> None:
        """Call it with the events of its own record, not of other canaries'."""
        rule = events.CfnRule(
            self,
            "Announcements",
            event_bus_name=bus.event_bus_name,
            event_pattern={
                "detail-type": ["CanaryChanged"],
                "detail": {
                    "recordId": [f"{FOLDER}:{self._target.region}"],
                    "change": ["CREATED", "UPDATED"],
                },
            },
            targets=[
                events.CfnRule.TargetProperty(id="Canary", arn=self.function.function_arn),
            ],
        )
        lambda_.CfnPermission(
            self,
            "Hear",
            action="lambda:InvokeFunction",
            function_name=self.function.function_name,
            principal="events.amazonaws.com",
            source_arn=rule.attr_arn,
        )
