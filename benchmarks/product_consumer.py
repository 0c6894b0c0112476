"""The product's stream consumer, put together for a benchmark as its function is."""

import os
from decimal import Decimal

from aws_lambda_powertools import Logger, Metrics

from benchmarks.job import Job
from services.aws_client import clients
from services.stream_consumer.runtime.handler import Handler, make_handler
from services.stream_consumer.runtime.publisher import (
    ANSWER_TIMEOUT_S,
    CALLS_AT_ONCE,
    CONNECT_TIMEOUT_S,
    EventBridgePublisher,
)
from services.stream_consumer.runtime.telemetry import PowertoolsTelemetry

_REMAINING_MS = 900_000


def consumer(job: Job) -> Handler:
    """Return the stream consumer as its function has it, with the bus of a job."""
    events = clients.eventbridge(
        job.origin["region"],
        os.environ,
        connections=CALLS_AT_ONCE,
        connect_timeout_s=CONNECT_TIMEOUT_S,
        request_timeout_s=ANSWER_TIMEOUT_S,
    )
    metrics = Metrics(namespace="bench", service="bench")
    telemetry = PowertoolsTelemetry(Logger(service="bench"), metrics)
    return metrics.log_metrics(
        make_handler(
            publisher=EventBridgePublisher(events, job.table),
            telemetry=telemetry,
            rejected_share_announced=Decimal("0.05"),
        )
    )


class Context:
    """Lambda's context object, with plenty of time left."""

    def get_remaining_time_in_millis(self) -> int:
        return _REMAINING_MS
