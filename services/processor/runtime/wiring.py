"""What both functions that store files are made of, so that they store alike."""

from services.aws_client.s3 import S3
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.intake.source import S3Source
from services.processor.runtime.settings import Settings
from services.processor.runtime.storage.ledger import DynamoDbLedger
from services.processor.runtime.storage.ledger_entry import Status
from services.processor.runtime.storage.sending import Sending
from services.processor.runtime.storage.writer import DynamoDbWriter
from services.processor.runtime.telemetry import Telemetry


def make_ingest(
    settings: Settings,
    s3: S3,
    sending: Sending,
    telemetry: Telemetry,
    *,
    unfinished: Status,
    large_file_bytes: int | None = None,
) -> Ingest:
    """Return the ingestion of files with these clients, as the settings have it."""
    return Ingest(
        source=S3Source(s3),
        ledger=DynamoDbLedger(sending, settings.table_name),
        writer=DynamoDbWriter(sending, settings.table_name),
        telemetry=telemetry,
        origin_region=settings.region,
        rejected_kept_days=settings.rejected_rows_kept_days,
        status_index=settings.status_index,
        large_file_bytes=large_file_bytes,
        unfinished=unfinished,
    )
