"""The bytes of an object, streamed over as many connections as it takes.

How it works: rows are read as slowly as the table takes them, and S3 may end a connection that is
read so slowly. The stream therefore counts the bytes it has passed on. When a connection breaks, it
opens another one from exactly that position (a range request that names the object's ETag, so that
it gets the same contents or none) and continues: the reader sees one uninterrupted stream and no
byte twice.

It has two states, reading and reopening. Each new connection must bring at least one byte before it
may be replaced, so the number of connections is at most the number of bytes, and a dead server ends
the run after one. It holds one chunk of 256 KiB.

Three things it does not repair: a connection that brings nothing, an object that ends before the
position it is reopened at, and a checksum mismatch: botocore compares checksums at the end of an
object, when its rows have been passed on, so all it can do is fail the run. The worst case is a
server that ignores the range: then each connection reads the object from its start again and skips
the beginning, which costs the object's size for every connection.
"""

from collections.abc import Callable, Iterator

from botocore.exceptions import (
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
)
from botocore.response import StreamingBody
from urllib3.exceptions import HTTPError

from services.processor.runtime.errors import SourceUnavailableError

CHUNK_BYTES = 256 * 1024
_BROKEN = (HTTPClientError, IncompleteReadError, HTTPError)


def skip(body: StreamingBody, size_bytes: int) -> None:
    """Read that many bytes of ``body`` and discard them, or raise ``SourceUnavailableError``."""
    left = size_bytes
    try:
        while left and (chunk := body.read(min(left, CHUNK_BYTES))):
            left -= len(chunk)
    except _BROKEN as error:
        raise SourceUnavailableError(f"connection to S3 broke: {error}") from error
    if left:
        problem = f"object ends {left} bytes before the position to resume at"
        raise SourceUnavailableError(problem)


class ObjectStream:
    """Iterates over an object's bytes, reconnecting when the connection breaks.

    Raises ``SourceUnavailableError`` when a connection brings nothing, or damaged bytes.
    """

    def __init__(self, body: StreamingBody, reopen: Callable[[int], StreamingBody]) -> None:
        """Take the open ``body``; ``reopen(position)`` returns the same contents from there on."""
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
                raise SourceUnavailableError(f"object arrived damaged: {error}") from error
            except _BROKEN as error:
                if position == began:
                    raise SourceUnavailableError(f"connection to S3 broke: {error}") from error
            else:
                return
            self.close()
            self._body = self._reopen(position)

    def close(self) -> None:
        """Close the current connection."""
        self._body.close()
