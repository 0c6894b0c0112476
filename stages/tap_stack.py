from aws_cdk import CfnOutput, CfnResource, Environment, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_sqs as sqs
from constructs import Construct

import naming
from services.canary.construct import Canary
from services.deployment_target import Target
from services.processor.construct import Processor
from services.processor.large_files import LargeFiles
from services.stream_consumer.construct import StreamConsumer
from stages.accounts import Accounts
from stages.identities.people import People
from stages.identities.producers import Producers
from stages.settings import Settings
from stages.storage.ingestion_bucket import IngestionBucket
from stages.verification_resources import Verification
from stages.watch.alarm_text import runbooks_url
from stages.watch.alarm_topic import Alerts
from stages.watch.construct import Watch
from stages.watch.notices import Notices


class TapStack(Stack):
    """All resources of one region, from the ingestion bucket to the alarms.

    ``outputs`` name the region's resources for operators and tools; both regions use the same keys.

    What can't be undone is created last, and what acts by itself after that, so that a failed first
    deployment leaves nothing behind: docs/decisions/0040-what-cannot-be-undone-comes-last.md.
    """

    def __init__(self, scope: Construct, id_: str, *, target: Target, settings: Settings) -> None:
        super().__init__(
            scope,
            id_,
            stack_name=naming.stack(target.region),
            env=Environment(account=target.account, region=target.region),
            description="File ingestion: S3 to DynamoDB to EventBridge, one region",
            termination_protection=True,
        )
        accounts = Accounts.of(settings)
        self._target = target
        self._bus = events.EventBus(self, "Events", event_bus_name=naming.EVENT_BUS)
        self._take_in_files(settings, accounts)
        self._consumer = StreamConsumer(
            self,
            "StreamConsumer",
            target=target,
            bus=self._bus,
            rejected_share_announced=settings.rejected_share_announced,
        )
        self._store_large_files(settings)
        self._alerts = Alerts(self, "Alerts", email=settings.alert_email, account=target.account)
        Notices(self, "Notices", bus=self._bus, topic=self._alerts.topic)
        self._watch_over(accounts, settings)
        self._verification = Verification(
            self, "Verification", target=target, accounts=accounts, bus=self._bus
        )
        self._let_in(settings, accounts)
        self._make_last(settings, accounts)
        values = self._output_values(settings)
        self.outputs = {name: CfnOutput(self, name, value=value) for name, value in values.items()}

    def _take_in_files(self, settings: Settings, accounts: Accounts) -> None:
        self._processor = Processor(
            self,
            "Processor",
            target=self._target,
            rejected_rows_kept_days=settings.rejected_rows_kept_days,
            status_index=settings.status_index,
        )
        self._ingestion = IngestionBucket(
            self,
            "Ingestion",
            target=self._target,
            processor=self._processor,
            files_kept_days=int(settings.raw_files_kept_days),
        )
        for statement in accounts.admitted_through_access_point(self._target):
            self._ingestion.bucket.add_to_resource_policy(statement)

    def _store_large_files(self, settings: Settings) -> None:
        self._large_files = LargeFiles(
            self,
            "LargeFiles",
            target=self._target,
            processor=self._processor,
            bus=self._bus,
            ranges_at_once=int(settings.ranges_at_once),
        )

    def _let_in(self, settings: Settings, accounts: Accounts) -> None:
        self._access_point = accounts.access_point(
            self, "AccessPoint", self._target, bucket=self._ingestion.bucket
        )
        if self._access_point:
            self._access_point.let_choose_routes(self._verification.role)
        self._people = People(
            self,
            "People",
            target=self._target,
            accounts=accounts,
            operators=settings.operators,
            readers=settings.readers,
        )
        Producers(
            self,
            "Producers",
            folders=settings.producers,
            region=self._target.region,
            accounts=accounts,
        )

    def _watch_over(self, accounts: Accounts, settings: Settings) -> None:
        every_minutes = int(settings.canary_every_minutes)
        self._canary = Canary(
            self,
            "Canary",
            target=self._target,
            bus=self._bus,
            readable_tables=accounts.readable_tables(self._target),
            every_minutes=every_minutes,
        )
        self._watch = Watch(
            self,
            "Watch",
            target=self._target,
            topic=self._alerts.topic,
            canary_every_minutes=every_minutes,
            large_files_arn=self._large_files.machine.attr_arn,
            runbooks=runbooks_url(settings.repository, settings.branch),
        )

    def _make_last(self, settings: Settings, accounts: Accounts) -> None:
        """Make the table, then what needs its stream's ARN, and then what puts the first file."""
        can_be_undone = self._resources()
        rows_expire = settings.rejected_rows_kept_days != "0"
        self._table = accounts.table(self, "Table", self._target, rows_expire=rows_expire)
        self._table.node.add_dependency(*can_be_undone)
        self._consumer.read(self._table.stream_arn)
        self._watch.watch_changes(self._consumer.mapping)
        self._canary.call_regularly(after=[self._consumer, self._watch])

    def _resources(self) -> list[CfnResource]:
        return [each for each in self.node.find_all() if isinstance(each, CfnResource)]

    def _output_values(self, settings: Settings) -> dict[str, str]:
        processor, consumer = self._processor, self._consumer
        return {
            "IngestionBucketName": self._ingestion.bucket.bucket_name,
            "IngestionBucketArn": self._ingestion.bucket.bucket_arn,
            "AccessLogsBucketName": self._ingestion.access_logs.bucket_name,
            "AccessLogsBucketArn": self._ingestion.access_logs.bucket_arn,
            "TableName": naming.TABLE,
            "TableArn": self._target.table_arn,
            "TableStreamArn": self._table.stream_arn,
            "StatusIndex": settings.status_index,
            "RejectedRowsKeptDays": settings.rejected_rows_kept_days,
            "ProcessorName": processor.function.function_name,
            "ProcessorArn": processor.function.function_arn,
            **_queue("ProcessorDlq", processor.dlq),
            **self._large_files.outputs,
            **_queue("Quarantine", processor.quarantine),
            "StreamConsumerName": consumer.function.function_name,
            "StreamConsumerArn": consumer.function.function_arn,
            **_queue("StreamConsumerFailures", consumer.failures),
            "TakeoverMappingId": consumer.takeover.event_source_mapping_id,
            "OperatorRoleArn": self._people.operator.role_arn,
            "ReaderRoleArn": self._people.reader.role_arn,
            "AlertsTopicName": self._alerts.topic.topic_name,
            "AlertsTopicArn": self._alerts.topic.topic_arn,
            "EventBusName": self._bus.event_bus_name,
            "EventBusArn": self._bus.event_bus_arn,
            "DashboardName": self._watch.dashboard.dashboard_name,
            "CanaryName": self._canary.function.function_name,
            **_queue("CanaryEvents", self._verification.queue),
            **(self._access_point.outputs if self._access_point else {}),
        }


def _queue(name: str, queue: sqs.IQueue) -> dict[str, str]:
    return {
        f"{name}Name": queue.queue_name,
        f"{name}Arn": queue.queue_arn,
        f"{name}Url": queue.queue_url,
    }
