"""An object's bytes, however often the connection breaks that they come by."""

from collections.abc import Callable, Iterator
from typing import Final

from botocore.exceptions import (
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
)
from botocore.response import StreamingBody
from urllib3.exceptions import HTTPError

from services.processor.runtime.errors import TransientError

CHUNK_BYTES: Final = 256 * 1024
_BROKEN: Final = (HTTPClientError, IncompleteReadError, HTTPError)


class SourceUnavailableError(TransientError):
    """The object cannot be read now: no answer, or a stream that broke."""

    code = "SOURCE_UNAVAILABLE"


def pass_over(body: StreamingBody, size_bytes: int) -> None:
    """Read so many bytes of ``body`` and forget them, or raise ``SourceUnavailableError``."""
    left = size_bytes
    try:
        while left and (chunk := body.read(min(left, CHUNK_BYTES))):
            left -= len(chunk)
    except _BROKEN as error:
        raise SourceUnavailableError(f"the object's stream broke: {error}") from error
    if left:
        raise SourceUnavailableError(f"the object ends {left} bytes before where it broke")


class ObjectStream:
    """Goes on where a broken connection has left off, by another one of ``reopen``.

    Rows are read as slowly as the table takes them, and a server may end a connection that is read
    so slowly. One that brings nothing is not followed by another: ``SourceUnavailableError``.
    """

    def __init__(self, body: StreamingBody, reopen: Callable[[int], StreamingBody]) -> None:
        """``reopen`` gives the same contents' bytes from a position on."""
        self._body = body
        self._reopen = reopen

    def __iter__(self) -> Iterator[bytes]:
        position = 0
        while True:
            began = position
            try:
                for chunk in self._body.iter_chunks(CHUNK_BYTES):
                    position += len(chunk)
                    yield chunk
            except FlexibleChecksumError as error:
                raise SourceUnavailableError(f"the object came damaged: {error}") from error
            except _BROKEN as error:
                if position == began:
                    raise SourceUnavailableError(f"the object's stream broke: {error}") from error
            else:
                return
            self.close()
            self._body = self._reopen(position)

    def close(self) -> None:
        self._body.close()
