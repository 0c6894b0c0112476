"""The way of a record, 1: a notification of the bucket names objects."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import unquote_plus

import msgspec

from services.processor.runtime.errors import PermanentError
from services.processor.runtime.keys import file_id, version_name

TEST_EVENT: Final = "s3:TestEvent"


class MalformedEventError(PermanentError):
    """The event, or a record of it, names no object; the message says what is wrong with it."""


class ObjectRef(msgspec.Struct, frozen=True, kw_only=True):
    """An object as an event names it; without ``version_id`` it is the newest version."""

    bucket: str
    key: str
    version_id: str | None
    etag: str
    event_time: datetime

    @property
    def version(self) -> str:
        return version_name(self.version_id, self.etag)

    @property
    def file_id(self) -> str:
        """The id of the file, if the event says which version it means."""
        return file_id(self.bucket, self.key, self.version)


class _Bucket(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{1,255}\Z")]


class _Object(msgspec.Struct):
    key: Annotated[str, msgspec.Meta(min_length=1)]
    version_id: str | None = msgspec.field(name="versionId", default=None)
    etag: str = msgspec.field(name="eTag", default="")


class _S3(msgspec.Struct):
    bucket: _Bucket
    object: _Object


class _Record(msgspec.Struct):
    s3: _S3
    event_time: Annotated[datetime, msgspec.Meta(tz=True)] = msgspec.field(name="eventTime")


class _Notification(msgspec.Struct):
    records: Annotated[list[object], msgspec.Meta(min_length=1)] = msgspec.field(name="Records")


def read_event(event: object) -> list[ObjectRef | MalformedEventError]:
    """List the objects of a notification, and of records that name none, what is wrong with them.

    The message S3 sends when it is set up has none. Raise ``MalformedEventError`` when the event is
    something else.
    """
    if isinstance(event, dict) and event.get("Event") == TEST_EVENT:
        return []
    try:
        notification = msgspec.convert(event, _Notification)
    except msgspec.ValidationError as error:
        raise MalformedEventError(f"not a notification of a bucket: {error}") from error
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
    )
    # A lone surrogate has no UTF-8, so neither S3 nor the table knows such a text.
    f"{ref.key}{ref.version_id}{ref.etag}".encode()
    return ref
