"""The source of objects: a port, and its implementation with S3."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from botocore.client import BaseClient
from botocore.exceptions import (
    ClientError,
    ConnectionError,  # noqa: A004  # botocore's own, not an OSError
    HTTPClientError,
)
from botocore.response import StreamingBody

from services.processor.runtime.errors import (
    ObjectMissingError,
    ObjectRefusedError,
    SourceUnavailableError,
    UnreadableFileError,
)
from services.processor.runtime.intake.event import ObjectRef
from services.processor.runtime.intake.object_stream import ObjectStream, skip
from services.processor.runtime.keys import version_name

_MISSING_CODES = frozenset({"NoSuchKey", "NoSuchVersion", "MethodNotAllowed", "404", "405"})
_FORBIDDEN = 403


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectVersion:
    """An open object; ``chunks`` are its bytes, read as they are asked for.

    ``close`` releases the connection.
    """

    bucket: str
    key: str
    version: str
    last_modified: datetime
    size_bytes: int
    chunks: Iterable[bytes]
    sequencer: str = ""
    close: Callable[[], None] = lambda: None


class Source(Protocol):
    """A source of objects."""

    def open(self, ref: ObjectRef) -> ObjectVersion:
        """Open the version that the reference names, or the newest one.

        An object that S3 denies opens as well, described by its event, so that it gets a ledger
        entry like any other file; its ``chunks`` raise ``ObjectMissingError`` or
        ``ObjectRefusedError``.

        Raises:
            SourceUnavailableError: here or while reading ``chunks``; try again later.

        """


class S3Source:
    """A source that reads from S3; needs GetObject and GetObjectVersion only."""

    def __init__(self, client: BaseClient) -> None:
        self._client = client

    def open(self, ref: ObjectRef) -> ObjectVersion:
        try:
            response = self._get(ref)
        except UnreadableFileError as error:
            return _denied(ref, error)
        etag = response["ETag"]

        def reopen(position: int) -> StreamingBody:
            # The ETag makes sure of the same contents in a bucket without versioning as well.
            again = self._get(ref, Range=f"bytes={position}-", IfMatch=etag)
            body: StreamingBody = again["Body"]
            if not again.get("ContentRange", "").startswith(f"bytes {position}-"):
                # A server may ignore the range and send the whole object, whose rows are not new.
                skip(body, position)
            return body

        stream = ObjectStream(response["Body"], reopen)
        return ObjectVersion(
            bucket=ref.bucket,
            key=ref.key,
            version=version_name(response.get("VersionId"), etag),
            last_modified=response["LastModified"],
            size_bytes=response["ContentLength"],
            chunks=stream,
            sequencer=ref.sequencer,
            close=stream.close,
        )

    def _get(self, ref: ObjectRef, **options: str) -> Mapping[str, Any]:
        # Reading without a version needs a lesser permission, which may be all that is granted.
        version = {"VersionId": ref.version_id} if ref.version_id else {}
        try:
            response: Mapping[str, Any] = self._client.get_object(
                Bucket=ref.bucket, Key=ref.key, **version, **options
            )
        except ClientError as error:
            raise _translated(error) from error
        except (ConnectionError, HTTPClientError) as error:
            raise SourceUnavailableError(str(error)) from error
        return response


def _translated(error: ClientError) -> UnreadableFileError | SourceUnavailableError:
    if error.response["Error"]["Code"] in _MISSING_CODES:
        return ObjectMissingError(str(error))
    if error.response["ResponseMetadata"]["HTTPStatusCode"] == _FORBIDDEN:
        return ObjectRefusedError(str(error))
    return SourceUnavailableError(str(error))


def _denied(ref: ObjectRef, error: UnreadableFileError) -> ObjectVersion:
    return ObjectVersion(
        bucket=ref.bucket,
        key=ref.key,
        version=ref.version,
        last_modified=ref.event_time,
        size_bytes=0,
        chunks=_raising(error),
        sequencer=ref.sequencer,
    )


def _raising(error: UnreadableFileError) -> Iterator[bytes]:
    raise error
    yield b""
