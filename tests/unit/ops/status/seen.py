"""Files as a listing of the status index shows them, and a moment to look at them from."""

from datetime import UTC, datetime, timedelta

import naming
from ops.status.ledger import Listing, Listings, SeenFile
from services.processor.runtime.attributes import utc_ms

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
EAST, WEST = naming.REGIONS
EMPTY = Listing(files=(), whole=True)


def seen(
    key: str, status: str, *, minutes_ago: float = 1, region: str = EAST, code: str = ""
) -> SeenFile:
    return SeenFile(
        id=f"{region} {key} {minutes_ago}",
        timestamp=utc_ms(AT - timedelta(minutes=minutes_ago)),
        status=status,
        dataset="orders",
        region=region,
        bucket=naming.ingestion_bucket(region, ""),
        key=key,
        version="v",
        code=code,
    )


def listings(east: list[SeenFile], west: list[SeenFile] | None = None) -> Listings:
    """What both replicas list; that of the standby has the same files unless others are given."""
    of = {EAST: east, WEST: east if west is None else west}
    return {
        (region, status): listed([file for file in files if file.status == status])
        for region, files in of.items()
        for status in ("PROCESSING", "SUSPENDED", "FAILED", "COMPLETED", "IGNORED")
    }


def listed(files: list[SeenFile], *, whole: bool = True) -> Listing:
    newest_first = sorted(files, key=lambda file: file.timestamp, reverse=True)
    return Listing(files=tuple(newest_first), whole=whole)
