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
from services.processor.runtime.keys import version_name
from services.processor.runtime.object_stream import (
    ObjectStream,
    SourceUnavailableError,
    pass_over,
)
from services.processor.runtime.parsing import UnreadableFileError

_MISSING: Final = frozenset({"NoSuchKey", "NoSuchVersion", "MethodNotAllowed", "404", "405"})
_FORBIDDEN: Final = 403


class ObjectMissingError(UnreadableFileError):
    """The version an event names is not there (any more)."""

    def __init__(self, problem: str) -> None:
        super().__init__("OBJECT_MISSING", problem)


class ObjectRefusedError(UnreadableFileError):
    """S3 does not give the object to this function.

    That is also what it answers when there is no such object, because the function may not list the
    bucket.
    """

    def __init__(self, problem: str) -> None:
        super().__init__("OBJECT_REFUSED", f"{problem}; S3 says the same of what is not there")


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

        A version that S3 does not give opens as well, known by what the event says of it, so that
        it gets its account like any other file; its ``chunks`` raise ``ObjectMissingError`` or
        ``ObjectRefusedError``.

        Raises:
            SourceUnavailableError: here and while reading ``chunks``; try again later.

        """


class S3Source:
    def __init__(self, client: BaseClient) -> None:
        self._client = client

    def open(self, ref: ObjectRef) -> ObjectVersion:
        try:
            response = self._get(ref)
        except UnreadableFileError as error:
            return _withheld(ref, error)
        etag = response["ETag"]

        def reopen(position: int) -> StreamingBody:
            # The same contents, also where there are no versions.
            again = self._get(ref, Range=f"bytes={position}-", IfMatch=etag)
            body: StreamingBody = again["Body"]
            if not again.get("ContentRange", "").startswith(f"bytes {position}-"):
                # A server may give the whole object instead, and its rows are not new.
                pass_over(body, position)
            return body

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
            raise _reason(error) from error
        except (ConnectionError, HTTPClientError) as error:
            raise SourceUnavailableError(str(error)) from error
        return response


def _reason(error: ClientError) -> UnreadableFileError | SourceUnavailableError:
    if error.response["Error"]["Code"] in _MISSING:
        return ObjectMissingError(str(error))
    if error.response["ResponseMetadata"]["HTTPStatusCode"] == _FORBIDDEN:
        return ObjectRefusedError(str(error))
    return SourceUnavailableError(str(error))


def _withheld(ref: ObjectRef, error: UnreadableFileError) -> ObjectVersion:
    return ObjectVersion(
        bucket=ref.bucket,
        key=ref.key,
        version=ref.version,
        last_modified=ref.event_time,
        size_bytes=0,
        chunks=_nothing_but(error),
    )


def _nothing_but(error: UnreadableFileError) -> Iterator[bytes]:
    raise error
    yield b""
