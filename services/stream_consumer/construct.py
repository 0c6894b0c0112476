import json
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from services.service_function import FailureQueue, ServiceFunction

RUNTIME_DIR = Path(__file__).parent / "runtime"
TIMEOUT = Duration.minutes(1)
MEMORY_MB = 512
BATCH_SIZE = 100
# Of one shard, an item's changes in order. One at a time is slower than the processor writes.
BATCHES_AT_ONCE = 10
# With a minute of its own retries in each run: a bus that is away for ten minutes loses nothing.
RETRIES = 10
# Well within the 24 hours that a stream keeps a change, so that the failure queue is read in time.
OLDEST_CHANGE = Duration.hours(6)


class StreamConsumer(Construct):
    """Announces on ``bus`` each change of the table's stream that was first written in ``region``.

    Every replica's stream carries every write; the filter makes sure that one region announces it.
    What can't be announced is isolated by bisecting and its position ends in ``failures``.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        function_name: str,
        role_name: str,
        failures_name: str,
        metrics_namespace: str,
        bundle_platform: str,
        table_arn: str,
        stream_arn: str,
        bus: events.IEventBus,
        region: str,
    ) -> None:
        super().__init__(scope, id_)
        self.failures: sqs.Queue = FailureQueue(self, "Failures", queue_name=failures_name).queue
        service = ServiceFunction(
            self,
            "Service",
            function_name=function_name,
            role_name=role_name,
            runtime_dir=RUNTIME_DIR,
            bundle_platform=bundle_platform,
            environment={
                "EVENT_BUS_NAME": bus.event_bus_name,
                "REGION": region,
                "POWERTOOLS_METRICS_NAMESPACE": metrics_namespace,
            },
            timeout=TIMEOUT,
            memory_mb=MEMORY_MB,
        )
        _allow_reading(service, stream_arn, table_arn)
        service.allow(["events:PutEvents"], [bus.event_bus_arn])
        service.allow(["sqs:SendMessage"], [self.failures.queue_arn])
        self.function: lambda_.Function = service.function
        self._consume(stream_arn, region)

    def _consume(self, stream_arn: str, region: str) -> None:
        lambda_.EventSourceMapping(
            self,
            "Changes",
            target=self.function,
            event_source_arn=stream_arn,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=BATCH_SIZE,
            parallelization_factor=BATCHES_AT_ONCE,
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            retry_attempts=RETRIES,
            max_record_age=OLDEST_CHANGE,
            on_failure=sources.SqsDlq(self.failures),
            filters=[{"pattern": json.dumps(pattern)} for pattern in _originated_in(region)],
        )


def _allow_reading(service: ServiceFunction, stream_arn: str, table_arn: str) -> None:
    service.allow(
        ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
        [stream_arn],
    )
    # Lambda checks for it when the mapping is made; it lists streams, so it can't name one.
    service.allow(["dynamodb:ListStreams"], [f"{table_arn}/stream/*"])


def _originated_in(region: str) -> tuple[dict[str, object], dict[str, object]]:
    """Patterns of a change first written in ``region``; a removal has an old image only."""
    origin = {"originRegion": {"S": [region]}}
    return (
        {"eventName": ["INSERT", "MODIFY"], "dynamodb": {"NewImage": origin}},
        {"eventName": ["REMOVE"], "dynamodb": {"OldImage": origin}},
    )
