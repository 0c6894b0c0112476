"""Files in the product: upload one, compute its ids, read its ledger entry and items."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import IO, Any

from ops import items
from ops.items import Item, plain
from ops.region import Region
from services.processor.runtime import keys

FINAL_STATUSES = ("COMPLETED", "FAILED", "IGNORED")


@dataclass(frozen=True, kw_only=True)
class FileVersion:
    """One version of an object, called a file in this product.

    Its ids are functions of the version, so its items can be looked up before they exist.
    """

    region: str
    bucket: str
    key: str
    version: str
    stored_at: datetime

    @cached_property
    def id(self) -> str:
        """Return the ``recordId`` of the file's ledger entry."""
        return keys.file_id(self.bucket, self.key, self.version)

    @cached_property
    def timestamp(self) -> str:
        """Return the sort key of all items of the file."""
        moment = self.stored_at.astimezone(UTC).replace(tzinfo=None)
        return f"{moment.isoformat(timespec='milliseconds')}Z"

    def record_id(self, row: int) -> str:
        """Return the ``recordId`` of a row; the first row is 1."""
        return keys.record_id(self.id, row)


def put(region: Region, key: str, body: bytes | IO[bytes]) -> FileVersion:
    """Put a file in the region's bucket; every call creates a new version, and so a new file."""
    where = {"Bucket": region.bucket, "Key": key}
    s3 = region.client("s3")
    version: str = s3.put_object(**where, Body=body)["VersionId"]
    head = s3.head_object(**where, VersionId=version)
    return FileVersion(
        region=region.name, **_lower(where), version=version, stored_at=head["LastModified"]
    )


def ledger_entry(region: Region, file: FileVersion) -> Mapping[str, Any]:
    """Return the file's ledger entry with plain values; empty if there is none yet."""
    return plain(item(region, file, file.id))


def item(region: Region, file: FileVersion, record_id: str) -> Item:
    """Return one item of the file, from a consistent read; empty if it does not exist."""
    return items.read(region, record_id, file.timestamp)


def _lower(where: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in where.items()}
