"""Composition root of the worker: as ``main`` is that of the processor, whose bundle it shares."""

import os
import sys

from aws_lambda_powertools import Logger, Metrics

from services.aws_client import clients
from services.processor.runtime.large.range_ledger import DynamoDbRangeLedger
from services.processor.runtime.large.steps import make_steps
from services.processor.runtime.large.worker import LargeFiles
from services.processor.runtime.settings import Settings
from services.processor.runtime.storage.sending import Sending
from services.processor.runtime.telemetry import PowertoolsTelemetry
from services.processor.runtime.wiring import make_ingest

_settings = Settings.from_env(os.environ)
_logger = Logger(python=sys.version.partition(" ")[0])
_metrics = Metrics()
_dynamodb = clients.dynamodb(_settings.region, os.environ, connect_timeout_s=3, request_timeout_s=5)
_sending = Sending(_dynamodb)

lambda_handler = _logger.inject_lambda_context(
    _metrics.log_metrics(
        make_steps(
            LargeFiles(
                ingest=make_ingest(
                    _settings,
                    clients.s3(_settings.region, os.environ),
                    _sending,
                    PowertoolsTelemetry(_logger, _metrics),
                    unfinished="PROCESSING",
                ),
                ranges=DynamoDbRangeLedger(_sending, _settings.table_name),
            )
        )
    )
)
