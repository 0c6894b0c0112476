"""Composition root: the only module with side effects at import. Tests do not import it."""

import os
import sys
from datetime import UTC, datetime
from functools import partial

from aws_lambda_powertools import Logger, Metrics

from services.aws_client import clients
from services.canary.runtime.canary import Canary
from services.canary.runtime.handler import make_handler
from services.canary.runtime.settings import Settings
from services.canary.runtime.table import DynamoDbTable
from services.canary.runtime.telemetry import PowertoolsTelemetry
from services.canary.runtime.uploads import S3Bucket

_settings = Settings.from_env(os.environ)
_logger = Logger(python=sys.version.partition(" ")[0])
_metrics = Metrics()
_own, _peer = (
    clients.dynamodb(region, os.environ, connections=1)
    for region in (_settings.region, _settings.peer_region)
)

lambda_handler = _logger.inject_lambda_context(
    _metrics.log_metrics(
        make_handler(
            Canary(
                bucket=S3Bucket(clients.s3(_settings.region, os.environ), _settings.bucket_name),
                table=DynamoDbTable(_own, _settings.table_name),
                peer_table=DynamoDbTable(_peer, _settings.table_name),
                telemetry=PowertoolsTelemetry(_logger, _metrics),
                region=_settings.region,
                peer_region=_settings.peer_region,
                fresh_for_s=_settings.fresh_for_s,
                now=partial(datetime.now, UTC),
            )
        )
    )
)
