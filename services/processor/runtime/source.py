from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from botocore.client import BaseClient
from botocore.exceptions import (
    ClientError,
    ConnectionError,  # noqa: A004  # botocore's own, no OSError
    HTTPClientError,
)
from botocore.response import StreamingBody

from services.processor.runtime.event import ObjectRef
from services.processor.runtime.object_stream import ObjectStream, SourceUnavailableError
from services.processor.runtime.parsing import UnreadableFileError

NO_VERSION: Final = "null"
_MISSING: Final = frozenset({"NoSuchKey", "NoSuchVersion", "MethodNotAllowed", "404", "405"})


class ObjectMissingError(UnreadableFileError):
    """The version an event names is not there (any more)."""

    def __init__(self, problem: str) -> None:
        super().__init__("OBJECT_MISSING", problem)


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectVersion:
    """An open object; ``chunks`` are its bytes, read as they are asked for."""

    bucket: str
    key: str
    version: str
    last_modified: datetime
    size_bytes: int
    chunks: Iterable[bytes]
    close: Callable[[], None] = lambda: None


class Source(Protocol):
    def open(self, ref: ObjectRef) -> ObjectVersion:
        """Open the version the reference names, or the newest one.

        A version that is not there opens as well, known by what the event says of it, so that it
        gets its account like any other file; its ``chunks`` raise ``ObjectMissingError``.

        Raises:
            SourceUnavailableError: here and while reading ``chunks``; try again later.

        """


class S3Source:
    def __init__(self, client: BaseClient) -> None:
        self._client = client

    def open(self, ref: ObjectRef) -> ObjectVersion:
        try:
            response = self._get(ref)
        except ObjectMissingError as error:
            return _missing(ref, error)
        etag = response["ETag"]

        def reopen(position: int) -> StreamingBody:
            # The same contents, also where there are no versions.
            return self._get(ref, Range=f"bytes={position}-", IfMatch=etag)["Body"]

        stream = ObjectStream(response["Body"], reopen)
        return ObjectVersion(
            bucket=ref.bucket,
            key=ref.key,
            version=version_name(response.get("VersionId"), etag),
            last_modified=response["LastModified"],
            size_bytes=response["ContentLength"],
            chunks=stream,
            close=stream.close,
        )

    def _get(self, ref: ObjectRef, **options: str) -> Mapping[str, Any]:
        # Reading without a version asks for a smaller permission, which all there may be.
        version = {"VersionId": ref.version_id} if ref.version_id else {}
        try:
            response: Mapping[str, Any] = self._client.get_object(
                Bucket=ref.bucket, Key=ref.key, **version, **options
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                raise ObjectMissingError(str(error)) from error
            raise SourceUnavailableError(f"{ref.bucket}/{ref.key}: {error}") from error
        except (ConnectionError, HTTPClientError) as error:
            raise SourceUnavailableError(f"{ref.bucket}/{ref.key}: {error}") from error
        return response


def version_name(version_id: str | None, etag: str) -> str:
    """Tell the contents of a key apart: by version, or by ETag in an unversioned bucket."""
    if version_id and version_id != NO_VERSION:
        return version_id
    return etag.strip('"')


def _missing(ref: ObjectRef, error: ObjectMissingError) -> ObjectVersion:
    return ObjectVersion(
        bucket=ref.bucket,
        key=ref.key,
        version=version_name(ref.version_id, ref.etag),
        last_modified=ref.event_time,
        size_bytes=0,
        chunks=_nothing_but(error),
    )


def _nothing_but(error: ObjectMissingError) -> Iterator[bytes]:
    raise error
    yield b""
