from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_events as events
from constructs import Construct

import naming
from services.processor.construct import Processor
from services.stream_consumer.construct import StreamConsumer
from stages.alerts import Alerts
from stages.ingestion_bucket import IngestionBucket
from stages.outputs import outputs
from stages.records_across_accounts import AccountReplica, SourceTable
from stages.records_table import RecordsReplica, RecordsTable
from stages.settings import Settings
from stages.targets import Target
from stages.verification import Verification
from stages.watch import Watch


class TapStack(Stack):
    """All resources of one region: files tapped from a bucket, stored, announced, watched."""

    def __init__(self, scope: Construct, id_: str, *, target: Target, settings: Settings) -> None:
        super().__init__(
            scope,
            id_,
            stack_name=naming.stack(target.region),
            env=Environment(account=target.account, region=target.region),
            description="File ingestion: S3 to DynamoDB to EventBridge, one region",
            termination_protection=True,
        )
        self._target = target
        self._platform = settings.bundle_platform
        self._table_arn = naming.table_arn(target.region, target.account)
        table = self._table()
        processor = self._processor()
        processor.node.add_dependency(table)
        bucket = IngestionBucket(self, "Ingestion", target=target, processor=processor.function)
        bus = events.EventBus(self, "Events", event_bus_name=naming.EVENT_BUS)
        consumer = self._stream_consumer(table.stream_arn, bus)
        alerts = Alerts(self, "Alerts", email=settings.alert_email, account=target.account)
        watch = Watch(self, "Watch", target=target, topic=alerts.topic)
        verification = Verification(
            self, "Verification", target=target, bus=bus, pipeline_account=settings.account
        )
        values = outputs(
            bucket=bucket,
            table_arn=self._table_arn,
            stream_arn=table.stream_arn,
            processor=processor,
            consumer=consumer,
            topic=alerts.topic,
            bus=bus,
            dashboard=watch.dashboard,
            canary_events=verification.queue,
        )
        self.outputs = {name: CfnOutput(self, name, value=value) for name, value in values.items()}

    def _table(self) -> RecordsTable | RecordsReplica | SourceTable | AccountReplica:
        one_account = RecordsReplica if self._target.standby else RecordsTable
        two_accounts = AccountReplica if self._target.standby else SourceTable
        kind = one_account if self._target.shares_account else two_accounts
        return kind(self, "Table", target=self._target)

    def _processor(self) -> Processor:
        return Processor(
            self,
            "Processor",
            function_name=naming.PROCESSOR,
            role_name=naming.processor_role(self._target.region),
            dlq_name=naming.PROCESSOR_DLQ,
            metrics_namespace=naming.METRICS_NAMESPACE,
            bundle_platform=self._platform,
            bucket_arn=naming.bucket_arn(self._target.ingestion_bucket),
            table_name=naming.TABLE,
            table_arn=self._table_arn,
            region=self._target.region,
        )

    def _stream_consumer(self, stream_arn: str, bus: events.IEventBus) -> StreamConsumer:
        return StreamConsumer(
            self,
            "StreamConsumer",
            function_name=naming.STREAM_CONSUMER,
            role_name=naming.stream_consumer_role(self._target.region),
            failures_name=naming.STREAM_CONSUMER_FAILURES,
            metrics_namespace=naming.METRICS_NAMESPACE,
            bundle_platform=self._platform,
            table_arn=self._table_arn,
            stream_arn=stream_arn,
            bus=bus,
            region=self._target.region,
        )
