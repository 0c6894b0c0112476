"""Sends a file, and knows where its items will be: ids and times are functions of the version."""

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from local.demo.files import File
from local.demo.regions import Region

FIRST_ROW = 1


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One version of an object; ``started_s`` is the monotonic time at which its upload began."""

    file: File
    bucket: str
    version: str
    stored_at: datetime
    started_s: float

    @cached_property
    def file_id(self) -> str:
        identity = f"{self.bucket}\0{self.file.key}\0{self.version}"
        return "f" + hashlib.sha256(identity.encode()).hexdigest()[:31]

    @property
    def first_record_id(self) -> str:
        return f"{self.file_id}.{FIRST_ROW:09d}"

    @property
    def timestamp(self) -> str:
        """The sort key of all items of the file."""
        moment = self.stored_at.astimezone(UTC).replace(tzinfo=None)
        return f"{moment.isoformat(timespec='milliseconds')}Z"


def deliver(file: File, region: Region) -> Delivery:
    started_s = time.monotonic()
    where = {"Bucket": region.bucket, "Key": file.key}
    with file.path.open("rb") as body:
        version: str = region.s3.put_object(**where, Body=body)["VersionId"]
    head = region.s3.head_object(**where, VersionId=version)
    return Delivery(
        file=file,
        bucket=region.bucket,
        version=version,
        stored_at=head["LastModified"],
        started_s=started_s,
    )
