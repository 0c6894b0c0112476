"""Reads objects from S3 as streams."""

import re
import ssl
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from services.aws_client.answer import Answer
from services.aws_client.checksums import Checksums
from services.aws_client.endpoint import Addresses, Endpoint, configured_url, endpoint_of
from services.aws_client.errors import BrokenConnectionError, DamagedAnswerError, TransportError
from services.aws_client.object_line import ObjectLine
from services.aws_client.service_error import from_xml
from services.aws_client.signature import EMPTY_SHA256, quoted_query
from services.aws_client.signer import Signer

CHUNK_BYTES = 256 * 1024
_LARGEST_ERROR_BYTES = 1024 * 1024
_OK, _PARTIAL = 200, 206
# What a host name can begin with, and a certificate for *.s3.<region>.amazonaws.com covers.
_HOST_LABEL = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")

Query = tuple[tuple[str, str], ...]


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


class S3:
    """Reads from the buckets of a region, one object at a time.

    A connection must be open after ``connect_timeout_s`` and may be silent for ``silence_s``.
    """

    def __init__(
        self,
        region: str,
        env: Mapping[str, str],
        signer: Signer,
        context: ssl.SSLContext,
        *,
        connect_timeout_s: float = 3.0,
        silence_s: float = 8.0,
    ) -> None:
        self._endpoint = endpoint_of("s3", region, env)
        self._is_configured = configured_url("s3", env) is not None
        self._signer = signer
        self._context = context
        self._connect_timeout_s = connect_timeout_s
        self._silence_s = silence_s
        self._line: ObjectLine | None = None

    def open(
        self,
        bucket: str,
        key: str,
        version_id: str | None = None,
        *,
        first_byte: int = 0,
        etag: str | None = None,
        checksums: Checksums | None = None,
    ) -> S3Object:
        """Open a version of an object, or the newest, from ``first_byte`` on.

        With ``etag`` it has the same contents or there is an error. ``checksums`` are those of the
        object whose reading goes on here. The object that was opened before is closed.

        Raises:
            ServiceError: S3 refuses; also if its answer to a request that was signed anew, because
                of the clock or of expired credentials, is the second refusal.
            AwsClientError: there is no answer, or none that can be trusted.

        """
        query = (("versionId", version_id),) if version_id else ()
        wanted = {"if-match": etag} if etag else {}
        if first_byte:
            wanted["range"] = f"bytes={first_byte}-"
        else:
            wanted["x-amz-checksum-mode"] = "ENABLED"
        try:
            opened = self._get(bucket, key, query, wanted, is_repeated=False)
            opened.skipped_bytes = _skipped_bytes(opened, first_byte) if first_byte else 0
        except TransportError:
            self.close()
            raise
        opened.checksums = checksums if first_byte else Checksums(opened.headers)
        return opened

    def close(self) -> None:
        """Close the connection."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _get(
        self, bucket: str, key: str, query: Query, wanted: dict[str, str], *, is_repeated: bool
    ) -> S3Object:
        endpoint, path = self.place(bucket, key)
        named = {"host": endpoint.host_header, "x-amz-content-sha256": EMPTY_SHA256, **wanted}
        headers, signature, credentials = self._signer.prepare(
            "GET", path, query, named, self._signer.now_s()
        )
        target = f"{path}?{quoted_query(query)}" if query else path
        lines = [f"GET {target} HTTP/1.1", *(f"{name}: {headers[name]}" for name in headers)]
        lines.append(f"authorization: {signature.authorization}{signature.of(EMPTY_SHA256)}")
        self._line = line = self._connected(endpoint)
        head = line.ask("\r\n".join([*lines, "", ""]).encode(), self._silence_s)
        if head.status in (_OK, _PARTIAL):
            return S3Object(line, head, self._silence_s)
        error = from_xml(Answer(head.status, head.headers, self._error_body(line)))
        if not is_repeated and self._signer.learns_from(error, credentials):
            return self._get(bucket, key, query, wanted, is_repeated=True)
        raise error

    def place(self, bucket: str, key: str) -> tuple[Endpoint, str]:
        """Return the endpoint that has an object, and the object's path there."""
        path = quote(key, safe="/~")
        if self._is_configured or not _HOST_LABEL.fullmatch(bucket):
            return self._endpoint, f"{self._endpoint.path.rstrip('/')}/{bucket}/{path}"
        return self._endpoint._replace(host=f"{bucket}.{self._endpoint.host}"), f"/{path}"

    def _connected(self, endpoint: Endpoint) -> ObjectLine:
        """Return an open connection: the last one if nothing is left to be read from it."""
        line = self._line
        if line is not None and line.host == endpoint.host and line.is_free and line.is_silent():
            return line
        self.close()
        try:
            addresses = Addresses(endpoint)()
        except OSError as error:
            raise BrokenConnectionError(f"cannot resolve {endpoint.host}: {error}") from error
        context = self._context if endpoint.is_encrypted else None
        return ObjectLine.opened(endpoint.host, addresses, context, self._connect_timeout_s)

    def _error_body(self, line: ObjectLine) -> bytes:
        body = b""
        while len(body) < _LARGEST_ERROR_BYTES and (more := line.read(1, self._silence_s)):
            body += more
        return body


def _skipped_bytes(opened: S3Object, first_byte: int) -> int:
    """Return how many bytes come before the first that is wanted: a server may ignore the range."""
    if opened.status == _OK:
        return first_byte
    given = opened.headers.get("content-range", "")
    if given.startswith(f"bytes {first_byte}-"):
        return 0
    raise DamagedAnswerError(f"asked for the bytes from {first_byte} on, got {given!r}")
