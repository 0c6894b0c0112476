"""The bytes of an object, streamed over as many connections as it takes.

How it works: rows are read as slowly as the table takes them, and S3 may end a connection that is
read so slowly. The stream therefore counts the bytes it has passed on. When a connection breaks, it
opens another one from exactly that position (a range request that names the object's ETag, so that
it gets the same contents or none) and continues: the reader sees one uninterrupted stream and no
byte twice. A reader that goes on at a later byte gets another connection in the same way.

It has two states, reading and reopening. Each new connection must bring at least one byte before it
may be replaced, so the number of connections is at most the number of bytes, and a dead server ends
the run after one. It holds one chunk of 256 KiB.

Two things it does not repair: a connection that brings nothing, and a checksum that does not match.
That shows at the end of the object, when its rows have been passed on, so all it can do is fail the
run. Bytes that are read from a later one on have no checksum. The worst case is a server that
ignores the range: then each connection reads the object from its start again and skips the
beginning, which costs the object's size for every connection.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from services.aws_client.checksums import Checksums
from services.aws_client.errors import DamagedObjectError, TransportError
from services.processor.runtime.errors import SourceUnavailableError


class OpenObject(Protocol):
    """An object that is being read; see ``aws_client.s3``."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the headers of its answer, by lower-case name."""

    @property
    def checksums(self) -> Checksums | None:
        """Return what is known of the bytes read so far."""

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes that are still to be read."""

    def close(self) -> None:
        """Stop reading."""


Reopen = Callable[[int, Checksums | None], OpenObject]
"""Returns the same contents from a byte on; the checksums go on with them."""


class ObjectStream:
    """Streams an object's bytes, reconnecting when the connection breaks.

    Raises ``SourceUnavailableError`` when a connection brings nothing, or damaged bytes.
    """

    def __init__(self, opened: OpenObject, reopen: Reopen) -> None:
        self._object = opened
        self._reopen = reopen
        self._position = 0

    def from_byte(self, byte: int) -> Iterator[bytes]:
        """Yield the bytes from an offset on; an iteration that began before is over."""
        if byte != self._position:
            self._continue_at(byte, None)
        while True:
            began = self._position
            try:
                for chunk in self._object:
                    self._position += len(chunk)
                    yield chunk
            except DamagedObjectError as error:
                raise SourceUnavailableError(f"object arrived damaged: {error}") from error
            except TransportError as error:
                if self._position == began:
                    raise SourceUnavailableError(f"connection to S3 broke: {error}") from error
            else:
                return
            self._continue_at(self._position, self._object.checksums)

    def close(self) -> None:
        """Close the current connection."""
        self._object.close()

    def _continue_at(self, position: int, checksums: Checksums | None) -> None:
        self.close()
        self._object = self._reopen(position, checksums)
        self._position = position
