"""Composition root: the only module with side effects at import. Tests do not import it."""

import gc

# Importing leaves no garbage, and looking for it takes a tenth of a cold start.
gc.disable()

import os
import sys

from aws_lambda_powertools import Logger, Metrics

from services.aws_client.clients import eventbridge
from services.stream_consumer.runtime.handler import make_handler
from services.stream_consumer.runtime.publisher import (
    ANSWER_TIMEOUT_S,
    CALLS_AT_ONCE,
    CONNECT_TIMEOUT_S,
    EventBridgePublisher,
)
from services.stream_consumer.runtime.settings import Settings
from services.stream_consumer.runtime.telemetry import PowertoolsTelemetry

_settings = Settings.from_env(os.environ)
_logger = Logger(python=sys.version.partition(" ")[0])
_metrics = Metrics()
_events = eventbridge(
    _settings.region,
    os.environ,
    connections=CALLS_AT_ONCE,
    connect_timeout_s=CONNECT_TIMEOUT_S,
    request_timeout_s=ANSWER_TIMEOUT_S,
)

lambda_handler = _logger.inject_lambda_context(
    _metrics.log_metrics(
        make_handler(
            publisher=EventBridgePublisher(_events, _settings.event_bus_name),
            telemetry=PowertoolsTelemetry(_logger, _metrics),
            rejected_share_announced=_settings.rejected_share_announced,
        )
    )
)

# What exists by now lives as long as the process, so no collection looks at it again.
gc.freeze()
gc.enable()
