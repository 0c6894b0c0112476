"""The source of objects: a port, and its implementation with S3."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from services.aws_client.checksums import Checksums
from services.aws_client.errors import AwsClientError
from services.aws_client.service_error import ServiceError
from services.processor.runtime.errors import (
    ObjectMissingError,
    ObjectRefusedError,
    SourceUnavailableError,
    UnreadableFileError,
)
from services.processor.runtime.intake.event import ObjectRef
from services.processor.runtime.intake.object_stream import ObjectStream, OpenObject
from services.processor.runtime.keys import version_name

_MISSING_CODES = frozenset({"NoSuchKey", "NoSuchVersion", "MethodNotAllowed", "404", "405"})
_FORBIDDEN = 403
_PAUSES_S = (0.2, 1.0)
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


class ObjectVersion(msgspec.Struct, frozen=True, kw_only=True):
    """An open object; ``chunks_from(byte)`` are its bytes from there on, read as they are needed.

    Its bytes are those of one version: from any offset, the same contents or an error. Only the
    chunks that were asked for last can be read. ``close`` releases the connection.
    """

    bucket: str
    key: str
    version: str
    last_modified: datetime
    size_bytes: int
    chunks_from: Callable[[int], Iterable[bytes]]
    sequencer: str = ""
    close: Callable[[], None] = lambda: None

    @property
    def chunks(self) -> Iterable[bytes]:
        """Return all bytes of the object."""
        return self.chunks_from(0)


class Source(Protocol):
    """A source of objects."""

    def open(self, ref: ObjectRef) -> ObjectVersion:
        """Open the version that the reference names, or the newest one.

        An object that S3 denies opens as well, described by its event, so that it gets a ledger
        entry like any other file; its chunks raise ``ObjectMissingError`` or
        ``ObjectRefusedError``.

        Raises:
            SourceUnavailableError: here or while reading chunks; try again later.

        """


class ObjectStore(Protocol):
    """What opens objects; see ``aws_client.s3``."""

    def open(
        self,
        bucket: str,
        key: str,
        version_id: str | None,
        *,
        first_byte: int,
        etag: str | None,
        checksums: Checksums | None,
    ) -> OpenObject:
        """Open a version of an object, or the newest, from a byte on."""


class S3Source:
    """A source that reads from S3; needs GetObject and GetObjectVersion only.

    What fails transiently is asked for again after a short, random pause, three times in all.
    """

    def __init__(
        self,
        s3: ObjectStore,
        sleep: Callable[[float], object] = time.sleep,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._s3 = s3
        self._sleep = sleep
        self._draw = draw

    def open(self, ref: ObjectRef) -> ObjectVersion:
        try:
            opened = self._open(ref)
        except UnreadableFileError as error:
            return _denied(ref, error)
        etag = opened.headers["etag"]

        def reopen(position: int, checksums: Checksums | None) -> OpenObject:
            # The ETag makes sure of the same contents in a bucket without versioning as well.
            return self._open(ref, position, etag, checksums)

        stream = ObjectStream(opened, reopen)
        return ObjectVersion(
            bucket=ref.bucket,
            key=ref.key,
            version=version_name(opened.headers.get("x-amz-version-id"), etag),
            last_modified=http_date(opened.headers["last-modified"]),
            size_bytes=int(opened.headers["content-length"]),
            chunks_from=stream.from_byte,
            sequencer=ref.sequencer,
            close=stream.close,
        )

    def _open(
        self,
        ref: ObjectRef,
        first_byte: int = 0,
        etag: str | None = None,
        checksums: Checksums | None = None,
    ) -> OpenObject:
        for longest_pause_s in (*_PAUSES_S, None):
            try:
                # Reading without a version needs a lesser permission, perhaps all that is granted.
                return self._s3.open(
                    ref.bucket,
                    ref.key,
                    ref.version_id,
                    first_byte=first_byte,
                    etag=etag,
                    checksums=checksums,
                )
            except AwsClientError as error:
                if longest_pause_s is None or not error.is_transient:
                    raise _translated(error) from error
            self._sleep(self._draw(0, longest_pause_s))
        raise AssertionError("unreachable")


def http_date(text: str) -> datetime:
    """Return the moment that a header such as ``Sat, 31 Jan 2026 12:00:00 GMT`` names.

    Python's own parsers of dates take longer to import than all of this file.
    """
    _, day, month, year, time, _ = text.split()
    hour, minute, second = map(int, time.split(":"))
    number = _MONTHS.index(month) // 3 + 1
    return datetime(int(year), number, int(day), hour, minute, second, tzinfo=UTC)


def _translated(error: AwsClientError) -> UnreadableFileError | SourceUnavailableError:
    if isinstance(error, ServiceError):
        if error.code in _MISSING_CODES:
            return ObjectMissingError(str(error))
        if error.status == _FORBIDDEN and not error.is_transient:
            return ObjectRefusedError(str(error))
    return SourceUnavailableError(str(error))


def _denied(ref: ObjectRef, error: UnreadableFileError) -> ObjectVersion:
    return ObjectVersion(
        bucket=ref.bucket,
        key=ref.key,
        version=ref.version,
        last_modified=ref.event_time,
        size_bytes=0,
        chunks_from=lambda _: _raising(error),
        sequencer=ref.sequencer,
    )


def _raising(error: UnreadableFileError) -> Iterator[bytes]:
    raise error
    yield b""
