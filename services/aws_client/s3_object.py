"""An object of S3 that is being read."""

from collections.abc import Iterator

from services.aws_client.answer import Answer
from services.aws_client.checksums import Checksums
from services.aws_client.errors import DamagedAnswerError
from services.aws_client.object_line import ObjectLine

CHUNK_BYTES = 256 * 1024


class S3Object:
    """An open object: iterating reads it once, a chunk of at least 256 KiB whenever one is wanted.

    ``headers`` have lower-case names. Iterating raises ``TransportError`` if the connection breaks
    or is silent for too long, and ``DamagedObjectError`` at the end if a checksum does not match.
    """

    def __init__(self, line: ObjectLine, head: Answer, silence_s: float) -> None:
        self.status = head.status
        self.headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in head.headers.items()
        }
        self.checksums: Checksums | None = None
        self.skipped_bytes = 0
        self._line = line
        self._silence_s = silence_s

    def __iter__(self) -> Iterator[bytes]:
        skip_bytes = self.skipped_bytes
        while chunk := self._line.read(CHUNK_BYTES, self._silence_s):
            skipped, chunk = chunk[:skip_bytes], chunk[skip_bytes:]
            skip_bytes -= len(skipped)
            if chunk:
                if self.checksums is not None:
                    self.checksums.update(chunk)
                yield chunk
        if skip_bytes:
            raise DamagedAnswerError(f"the object ends {skip_bytes} bytes before the first wanted")
        if self.checksums is not None:
            self.checksums.verify()

    def close(self) -> None:
        """Stop reading; the rest is not fetched."""
        if not self._line.is_free:
            self._line.close()
