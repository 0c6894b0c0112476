"""Record path, step 1: an event names the objects to ingest.

S3 calls the function with a notification of each object whose key ends as expected. Every other
object is named by an ``Object Created`` event of EventBridge.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal
from urllib.parse import unquote_plus

import msgspec

from services.processor.runtime.errors import MalformedEventError
from services.processor.runtime.keys import file_id, version_name

TEST_EVENT = "s3:TestEvent"
# The console makes an empty object of such a name for a folder.
FOLDER_END = "/"


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
    def is_folder(self) -> bool:
        """Return whether it only makes an empty folder appear in the console."""
        return self.key.endswith(FOLDER_END)

    @property
    def file_id(self) -> str:
        """Return the file's id, provided that the event says which version it means."""
        return file_id(self.bucket, self.key, self.version)


_Key = Annotated[str, msgspec.Meta(min_length=1)]
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_Sequencer = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Fa-f]{0,64}\Z")]


class _Bucket(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{1,255}\Z")]


class _Object(msgspec.Struct):
    key: _Key
    version_id: str | None = msgspec.field(name="versionId", default=None)
    etag: str = msgspec.field(name="eTag", default="")
    sequencer: _Sequencer = ""


class _S3(msgspec.Struct):
    bucket: _Bucket
    object: _Object


class _Record(msgspec.Struct):
    s3: _S3
    event_time: _Moment = msgspec.field(name="eventTime")


class _Notification(msgspec.Struct):
    records: Annotated[list[object], msgspec.Meta(min_length=1)] = msgspec.field(name="Records")


class _CreatedObject(msgspec.Struct, rename="kebab"):
    key: _Key
    version_id: str | None = None
    etag: str = ""
    sequencer: _Sequencer = ""


class _Detail(msgspec.Struct):
    bucket: _Bucket
    object: _CreatedObject


class _ObjectCreated(msgspec.Struct, rename="kebab"):
    detail_type: Literal["Object Created"]
    time: _Moment
    detail: _Detail


def read_event(event: object) -> list[ObjectRef | MalformedEventError]:
    """Return the objects that an event names, and for a record that names none the reason.

    A folder of the console is no file, so it is left out. The message that S3 sends when
    notifications are set up names no object: the list is empty.

    Raises:
        MalformedEventError: it is neither a notification of S3 nor an event of a new object.

    """
    named = _read_event(event)
    return [each for each in named if not (isinstance(each, ObjectRef) and each.is_folder)]


def _read_event(event: object) -> list[ObjectRef | MalformedEventError]:
    if isinstance(event, dict) and event.get("Event") == TEST_EVENT:
        return []
    if isinstance(event, dict) and "detail-type" in event:
        return [_created(event)]
    try:
        notification = msgspec.convert(event, _Notification)
    except (msgspec.ValidationError, UnicodeError) as error:
        raise MalformedEventError(f"not an S3 event notification: {error}") from error
    return [_read(index, record) for index, record in enumerate(notification.records)]


def _created(event: object) -> ObjectRef:
    try:
        created = msgspec.convert(event, _ObjectCreated)
        named = created.detail.object
        return _checked(
            ObjectRef(
                bucket=created.detail.bucket.name,
                key=named.key,
                version_id=named.version_id or None,
                etag=named.etag,
                event_time=created.time.astimezone(UTC),
                sequencer=named.sequencer.upper(),
            )
        )
    except (msgspec.ValidationError, UnicodeError, OverflowError) as error:
        raise MalformedEventError(f"not an event of a new object: {error}") from error


def _read(index: int, record: object) -> ObjectRef | MalformedEventError:
    try:
        return _reference(msgspec.convert(record, _Record))
    except (msgspec.ValidationError, UnicodeError, OverflowError) as error:
        return MalformedEventError(f"Records[{index}] names no object: {error}")


def _reference(record: _Record) -> ObjectRef:
    return _checked(
        ObjectRef(
            bucket=record.s3.bucket.name,
            key=unquote_plus(record.s3.object.key, errors="strict"),
            version_id=record.s3.object.version_id or None,
            etag=record.s3.object.etag,
            event_time=record.event_time.astimezone(UTC),
            sequencer=record.s3.object.sequencer.upper(),
        )
    )


def _checked(ref: ObjectRef) -> ObjectRef:
    # A lone surrogate cannot be encoded as UTF-8, so it exists neither in S3 nor in the table.
    f"{ref.key}{ref.version_id}{ref.etag}".encode()
    return ref
