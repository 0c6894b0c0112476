"""Reads objects from S3 as streams, and writes small ones."""

import re
import ssl
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import quote

from services.aws_client.answer import Answer
from services.aws_client.checksums import Checksums
from services.aws_client.endpoint import Addresses, Endpoint, configured_url, endpoint_of
from services.aws_client.errors import BrokenConnectionError, DamagedAnswerError, TransportError
from services.aws_client.object_line import ObjectLine
from services.aws_client.s3_object import S3Object
from services.aws_client.service_error import from_xml
from services.aws_client.signature import quoted_query
from services.aws_client.signer import Signer

_LARGEST_REST_BYTES = 1024 * 1024
_OK, _PARTIAL = 200, 206
# What a host name can begin with, and a certificate for *.s3.<region>.amazonaws.com covers.
_HOST_LABEL = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")

Query = tuple[tuple[str, str], ...]
Place = tuple[Endpoint, str]
"""Where an object is: the endpoint that has it, and its path there."""


class S3:
    """Reads from and writes to the buckets of a region, one object at a time.

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
            line, head = self._ask("GET", bucket, key, query=query, wanted=wanted)
            opened = S3Object(line, head, self._silence_s)
            opened.skipped_bytes = _skipped_bytes(opened, first_byte) if first_byte else 0
        except TransportError:
            self.close()
            raise
        opened.checksums = checksums if first_byte else Checksums(opened.headers)
        return opened

    def put(self, bucket: str, key: str, body: bytes) -> None:
        """Store a small object, whose bytes are signed; it may be stored although this raises.

        It raises what ``open`` does.
        """
        try:
            line, _ = self._ask("PUT", bucket, key, wanted={}, body=body)
            self._rest(line)
        except TransportError:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _ask(
        self,
        method: str,
        bucket: str,
        key: str,
        *,
        query: Query = (),
        wanted: Mapping[str, str],
        body: bytes = b"",
        is_repeated: bool = False,
    ) -> tuple[ObjectLine, Answer]:
        place = endpoint, path = self.place(bucket, key)
        digest = sha256(body).hexdigest()
        named = {"host": endpoint.host_header, "x-amz-content-sha256": digest, **wanted}
        headers, signature, credentials = self._signer.prepare(
            method, path, query, named, self._signer.now_s()
        )
        target = f"{path}?{quoted_query(query)}" if query else path
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {headers[name]}" for name in headers)]
        lines += [f"content-length: {len(body)}"] if body else []
        lines.append(f"authorization: {signature.authorization}{signature.of(digest)}")
        self._line = line = self._connected(place)
        head = line.ask("\r\n".join([*lines, "", ""]).encode() + body, self._silence_s)
        if head.status in (_OK, _PARTIAL):
            return line, head
        error = from_xml(Answer(head.status, head.headers, self._rest(line)))
        if not is_repeated and self._signer.learns_from(error, credentials):
            return self._ask(
                method, bucket, key, query=query, wanted=wanted, body=body, is_repeated=True
            )
        raise error

    def place(self, bucket: str, key: str) -> Place:
        """Return where an object is."""
        path = quote(key, safe="/~")
        if self._is_configured or not _HOST_LABEL.fullmatch(bucket):
            return self._endpoint, f"{self._endpoint.path.rstrip('/')}/{bucket}/{path}"
        return self._endpoint._replace(host=f"{bucket}.{self._endpoint.host}"), f"/{path}"

    def _connected(self, place: Place) -> ObjectLine:
        """Return an open connection: the last one if nothing is left to be read from it."""
        endpoint, _ = place
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

    def _rest(self, line: ObjectLine) -> bytes:
        body = b""
        while len(body) < _LARGEST_REST_BYTES and (more := line.read(1, self._silence_s)):
            body += more
        return body


def _skipped_bytes(opened: S3Object, first_byte: int) -> int:
    """Return how many bytes come before the first that is wanted: a server may ignore the range."""
    if opened.status == _OK:
        return first_byte
    given = opened.headers.get("content-range", "")
    if given.startswith(f"bytes {first_byte}-"):
        return 0
    raise DamagedAnswerError(f"asked for the bytes from {first_byte} on, got others")
