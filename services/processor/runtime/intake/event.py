"""Record path, step 1: an S3 event notification names the objects to ingest."""

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import unquote_plus

import msgspec

from services.processor.runtime.errors import MalformedEventError
from services.processor.runtime.keys import file_id, version_name

TEST_EVENT = "s3:TestEvent"


class ObjectRef(msgspec.Struct, frozen=True, kw_only=True):
    """An object as an event names it; without ``version_id`` it means the newest version.

    ``sequencer`` orders the versions of one key; it is empty in an event made by hand.
    """

    bucket: str
    key: str
    version_id: str | None
    etag: str
    event_time: datetime
    sequencer: str = ""

    @property
    def version(self) -> str:
        """Return the name of this version of the object: its version id, or else its ETag."""
        return version_name(self.version_id, self.etag)

    @property
    def file_id(self) -> str:
        """Return the file's id, provided that the event says which version it means."""
        return file_id(self.bucket, self.key, self.version)


class _Bucket(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{1,255}\Z")]


class _Object(msgspec.Struct):
    key: Annotated[str, msgspec.Meta(min_length=1)]
    version_id: str | None = msgspec.field(name="versionId", default=None)
    etag: str = msgspec.field(name="eTag", default="")
    sequencer: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Fa-f]{0,64}\Z")] = ""


class _S3(msgspec.Struct):
    bucket: _Bucket
    object: _Object


class _Record(msgspec.Struct):
    s3: _S3
    event_time: Annotated[datetime, msgspec.Meta(tz=True)] = msgspec.field(name="eventTime")


class _Notification(msgspec.Struct):
    records: Annotated[list[object], msgspec.Meta(min_length=1)] = msgspec.field(name="Records")


def read_event(event: object) -> list[ObjectRef | MalformedEventError]:
    """Return, for each record of a notification, its object or why it does not name one.

    The message that S3 sends when notifications are set up has no records: the list is empty.

    Raises:
        MalformedEventError: the event is not an S3 event notification.

    """
    if isinstance(event, dict) and event.get("Event") == TEST_EVENT:
        return []
    try:
        notification = msgspec.convert(event, _Notification)
    except msgspec.ValidationError as error:
        raise MalformedEventError(f"not an S3 event notification: {error}") from error
    return [_read(index, record) for index, record in enumerate(notification.records)]


def _read(index: int, record: object) -> ObjectRef | MalformedEventError:
    try:
        return _reference(msgspec.convert(record, _Record))
    except (msgspec.ValidationError, UnicodeError, OverflowError) as error:
        return MalformedEventError(f"Records[{index}] names no object: {error}")


def _reference(record: _Record) -> ObjectRef:
    ref = ObjectRef(
        bucket=record.s3.bucket.name,
        key=unquote_plus(record.s3.object.key, errors="strict"),
        version_id=record.s3.object.version_id or None,
        etag=record.s3.object.etag,
        event_time=record.event_time.astimezone(UTC),
        sequencer=record.s3.object.sequencer.upper(),
    )
    # A lone surrogate cannot be encoded as UTF-8, so it exists neither in S3 nor in the table.
    f"{ref.key}{ref.version_id}{ref.etag}".encode()
    return ref
