from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

import naming
from services.deployment_target import Target
from stages.watch import alarms
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
        changes: lambda_.IEventSourceMapping,
        canary_every_minutes: int,
        large_files_arn: str,
        runbooks: str,
    ) -> None:
        super().__init__(scope, id_)
        self._region = target.region
        self._runbooks = runbooks
        action = actions.SnsAction(topic)
        rows = alarms.rows(
            peer_region=target.peer_region,
            mapping_id=changes.event_source_mapping_id,
            canary_every_minutes=canary_every_minutes,
            large_files_arn=large_files_arn,
        )
        self.alarms = [self._alarm(row, action) for row in rows]
        self.dashboard = cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=naming.dashboard(target.region),
            widgets=widgets(target.region, target.peer_region),
        )

    def _alarm(self, row: AlarmRow, action: cloudwatch.IAlarmAction) -> cloudwatch.Alarm:
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
        alarm.add_alarm_action(action)
        alarm.add_ok_action(action)
        return alarm
