"""Composition root: the only module with side effects at import. Tests do not import it."""

import os

import boto3
from aws_lambda_powertools import Logger, Metrics
from botocore.config import Config

from services.processor.runtime.handler import make_handler
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.intake.source import S3Source
from services.processor.runtime.settings import Settings
from services.processor.runtime.storage.ledger import DynamoDbLedger
from services.processor.runtime.storage.retry import Retry
from services.processor.runtime.storage.writer import WORKERS, DynamoDbWriter
from services.processor.runtime.telemetry import PowertoolsTelemetry

_settings = Settings.from_env(os.environ)
_logger = Logger()
_metrics = Metrics()
_retry = Retry()
_dynamodb = boto3.client(
    "dynamodb",
    config=Config(
        max_pool_connections=WORKERS,
        # Shorter than the time kept in reserve; Retry repeats requests, as it knows the deadline.
        connect_timeout=3,
        read_timeout=5,
        retries={"total_max_attempts": 1},
        tcp_keepalive=True,
        # Takes a fifth of a write's time; tests make sure that the items are valid.
        parameter_validation=False,
    ),
)
_s3 = boto3.client(
    "s3", config=Config(connect_timeout=3, read_timeout=8, retries={"mode": "standard"})
)

lambda_handler = _logger.inject_lambda_context(
    _metrics.log_metrics(
        make_handler(
            Ingest(
                source=S3Source(_s3),
                ledger=DynamoDbLedger(_dynamodb, _settings.table_name, _retry),
                writer=DynamoDbWriter(_dynamodb, _settings.table_name, _retry),
                telemetry=PowertoolsTelemetry(_logger, _metrics),
                origin_region=_settings.region,
                rejected_kept_days=_settings.rejected_rows_kept_days,
            )
        )
    )
)
