"""Composition root: the only module with side effects at import. Tests do not import it."""

import gc

# Importing leaves no garbage, and looking for it takes a tenth of a cold start.
gc.disable()

import os
import sys

from aws_lambda_powertools import Logger, Metrics

from services.aws_client import clients
from services.processor.runtime.handler import make_handler
from services.processor.runtime.ingest import LARGE_FILE_BYTES
from services.processor.runtime.settings import Settings
from services.processor.runtime.storage.sending import Sending
from services.processor.runtime.telemetry import PowertoolsTelemetry
from services.processor.runtime.wiring import make_ingest

_settings = Settings.from_env(os.environ)
_logger = Logger(python=sys.version.partition(" ")[0])
_metrics = Metrics()
# Shorter than the time kept in reserve: what fails is sent again, as long as there is time.
_dynamodb = clients.dynamodb(_settings.region, os.environ, connect_timeout_s=3, request_timeout_s=5)

lambda_handler = _logger.inject_lambda_context(
    _metrics.log_metrics(
        make_handler(
            make_ingest(
                _settings,
                clients.s3(_settings.region, os.environ),
                Sending(_dynamodb),
                PowertoolsTelemetry(_logger, _metrics),
                unfinished="SUSPENDED",
                large_file_bytes=LARGE_FILE_BYTES,
            )
        )
    )
)

# What exists by now lives as long as the process, so no collection looks at it again.
gc.freeze()
gc.enable()
