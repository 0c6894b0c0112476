from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

import naming
from services.deployment_target import Target
from stages.watch import alarms, flow_alarms
from stages.watch.alarm_row import AlarmRow
from stages.watch.alarm_text import alarm_text
from stages.watch.dashboard import widgets


class Watch(Construct):
    """Alarms that notify ``topic`` when they fire and clear, and a dashboard of both regions."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        target: Target,
        topic: sns.ITopic,
        canary_every_minutes: int,
        large_files_arn: str,
        runbooks: str,
    ) -> None:
        super().__init__(scope, id_)
        self._region = target.region
        self._runbooks = runbooks
        self._action = actions.SnsAction(topic)
        rows = alarms.rows(
            peer_region=target.peer_region,
            canary_every_minutes=canary_every_minutes,
            large_files_arn=large_files_arn,
        )
        for row in rows:
            self._alarm(row)
        self.dashboard = cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=naming.dashboard(target.region),
            widgets=widgets(target.region, target.peer_region),
        )

    def watch_changes(self, mapping: lambda_.IEventSourceMapping) -> None:
        """Add the alarms on the mapping that gives the stream consumer its changes."""
        for row in flow_alarms.changes(mapping.event_source_mapping_id):
            self._alarm(row)

    def _alarm(self, row: AlarmRow) -> None:
        name = naming.alarm(row.subject)
        alarm = cloudwatch.Alarm(
            self,
            row.subject,
            alarm_name=name,
            alarm_description=alarm_text(
                row, name=name, region=self._region, runbooks=self._runbooks
            ),
            metric=row.metric,
            threshold=row.limit,
            comparison_operator=row.fires_when,
            evaluation_periods=row.periods,
            treat_missing_data=row.without_data,
        )
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)
