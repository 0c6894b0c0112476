import json
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

import naming
from services.deployment_target import Target
from services.service_function import FailureQueue, ServiceFunction

RUNTIME_DIR = Path(__file__).parent / "runtime"
TIMEOUT = Duration.minutes(1)
MEMORY_MB = 512
BATCH_SIZE = 100
# Per shard, with each item's changes in order. One at a time is slower than the processor writes.
BATCHES_AT_ONCE = 10
# Each run retries for a minute itself, so a bus outage of ten minutes loses nothing.
RETRIES = 10
# Well within the 24 hours that a stream keeps a change, so that it can still be read.
OLDEST_CHANGE = Duration.hours(6)
# Where reading begins when a mapping is made; it never changes, as that would make another mapping.
# Before the standby's is made, its region has written nothing, and up to a day of the primary's
# changes would be read and filtered out before the first one of its own: decision 47.
BEGINS = {
    naming.PRIMARY: lambda_.StartingPosition.TRIM_HORIZON,
    naming.STANDBY: lambda_.StartingPosition.LATEST,
}
READING = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
EVENTS_COUNTED = lambda_.MetricsConfig(metrics=[lambda_.MetricType.EVENT_COUNT])


class StreamConsumer(Construct):
    """Publishes to ``bus`` each change of a stream that was first written in this region.

    It has no stream before ``read`` has told it which.

    People are told of a completed file if more than ``rejected_share_announced`` (a decimal from 0
    to 1) of its rows were rejected.

    Every replica's stream carries every write; the filter makes exactly one region publish it.
    A change that can't be published is isolated by bisecting, and its position in the stream goes
    to ``failures``.

    ``takeover`` is a second mapping, for the changes of the peer region. It is disabled: only while
    the peer is lost or drained does ``ops takeover`` enable it. It needs an alias, because a
    function can have one mapping for a stream. The alias follows the newest code, so that the two
    mappings can't differ and no deployment has to touch this one.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        target: Target,
        bus: events.IEventBus,
        rejected_share_announced: str,
    ) -> None:
        super().__init__(scope, id_)
        self._target = target
        self.failures: sqs.Queue = FailureQueue(
            self, "Failures", queue_name=naming.STREAM_CONSUMER_FAILURES
        ).queue
        self._service = service = ServiceFunction(
            self,
            "Service",
            target=target,
            function_name=naming.STREAM_CONSUMER,
            role_name=naming.stream_consumer_role(target.region),
            runtime_dir=RUNTIME_DIR,
            environment={
                "EVENT_BUS_NAME": bus.event_bus_name,
                "REJECTED_SHARE_ANNOUNCED": rejected_share_announced,
            },
            timeout=TIMEOUT,
            memory_mb=MEMORY_MB,
        )
        # Lambda requires it to create the mapping; the action lists streams, so it can't name one.
        service.allow(["dynamodb:ListStreams"], [f"{target.table_arn}/stream/*"])
        service.allow(["events:PutEvents"], [bus.event_bus_arn])
        service.allow(["sqs:SendMessage"], [self.failures.queue_arn])
        self.function: lambda_.Function = service.function
        self._alias = lambda_.Alias(
            self,
            "TakeoverAlias",
            alias_name=naming.TAKEOVER_ALIAS,
            version=self.function.latest_version,
        )

    def read(self, stream_arn: str) -> None:
        """Let it read the table's stream: what it publishes, and what it would in a takeover.

        The right is in a policy of its own, so that all else can be there before the table.
        """
        reading = iam.Policy(
            self,
            "Reading",
            roles=[self._service.role],
            statements=[iam.PolicyStatement(actions=list(READING), resources=[stream_arn])],
        )
        target = self._target
        self.mapping = self._consume(
            "Changes",
            self.function,
            stream_arn,
            target.region,
            begins=BEGINS[target.region],
            enabled=True,
        )
        self.takeover = self._consume(
            "Takeover",
            self._alias,
            stream_arn,
            target.peer_region,
            # It is first read when it is switched on, and then has to reach back.
            begins=lambda_.StartingPosition.TRIM_HORIZON,
            enabled=False,
        )
        for mapping in (self.mapping, self.takeover):
            mapping.node.add_dependency(reading)

    def _consume(
        self,
        id_: str,
        function: lambda_.IFunction,
        stream_arn: str,
        origin: str,
        *,
        begins: lambda_.StartingPosition,
        enabled: bool,
    ) -> lambda_.EventSourceMapping:
        """Map the changes first written in the region ``origin`` to ``function``."""
        return lambda_.EventSourceMapping(
            self,
            id_,
            target=function,
            enabled=enabled,
            event_source_arn=stream_arn,
            starting_position=begins,
            batch_size=BATCH_SIZE,
            parallelization_factor=BATCHES_AT_ONCE,
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            retry_attempts=RETRIES,
            max_record_age=OLDEST_CHANGE,
            on_failure=sources.SqsDlq(self.failures),
            metrics_config=EVENTS_COUNTED if enabled else None,
            filters=[{"pattern": json.dumps(pattern)} for pattern in _originated_in(origin)],
        )


def _originated_in(region: str) -> tuple[dict[str, object], dict[str, object]]:
    """Return patterns for changes first written in ``region``; a removal has only an old image."""
    origin = {"originRegion": {"S": [region]}}
    return (
        {"eventName": ["INSERT", "MODIFY"], "dynamodb": {"NewImage": origin}},
        {"eventName": ["REMOVE"], "dynamodb": {"OldImage": origin}},
    )
