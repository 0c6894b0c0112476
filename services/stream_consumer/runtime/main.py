"""Composition root: the only module with side effects at import. Tests do not import it."""

import os

import boto3
from aws_lambda_powertools import Logger, Metrics

from services.stream_consumer.runtime.handler import make_handler
from services.stream_consumer.runtime.publisher import CLIENT_CONFIG, EventBridgePublisher
from services.stream_consumer.runtime.settings import Settings
from services.stream_consumer.runtime.telemetry import PowertoolsTelemetry

_settings = Settings.from_env(os.environ)
_logger = Logger()
_metrics = Metrics()
_events = boto3.client("events", region_name=_settings.region, config=CLIENT_CONFIG)

lambda_handler = _logger.inject_lambda_context(
    _metrics.log_metrics(
        make_handler(
            publisher=EventBridgePublisher(_events, _settings.event_bus_name),
            telemetry=PowertoolsTelemetry(_logger, _metrics),
            rejected_share_announced=_settings.rejected_share_announced,
        )
    )
)
