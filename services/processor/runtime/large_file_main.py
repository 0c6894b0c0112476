"""Composition root of the worker: as ``main`` is that of the processor, whose bundle it shares."""

import os

from aws_lambda_powertools import Logger, Metrics

from services.aws_client import clients
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.intake.source import S3Source
from services.processor.runtime.large.range_ledger import DynamoDbRangeLedger
from services.processor.runtime.large.steps import make_steps
from services.processor.runtime.large.worker import LargeFiles
from services.processor.runtime.settings import Settings
from services.processor.runtime.storage.ledger import DynamoDbLedger
from services.processor.runtime.storage.sending import Sending
from services.processor.runtime.storage.writer import DynamoDbWriter
from services.processor.runtime.telemetry import PowertoolsTelemetry

_settings = Settings.from_env(os.environ)
_logger = Logger()
_metrics = Metrics()
_dynamodb = clients.dynamodb(_settings.region, os.environ, connect_timeout_s=3, request_timeout_s=5)
_sending = Sending(_dynamodb)

lambda_handler = _logger.inject_lambda_context(
    _metrics.log_metrics(
        make_steps(
            LargeFiles(
                ingest=Ingest(
                    source=S3Source(clients.s3(_settings.region, os.environ)),
                    ledger=DynamoDbLedger(_sending, _settings.table_name),
                    writer=DynamoDbWriter(_sending, _settings.table_name),
                    telemetry=PowertoolsTelemetry(_logger, _metrics),
                    origin_region=_settings.region,
                    rejected_kept_days=_settings.rejected_rows_kept_days,
                    status_index=_settings.status_index,
                    unfinished="PROCESSING",
                ),
                ranges=DynamoDbRangeLedger(_sending, _settings.table_name),
            )
        )
    )
)
