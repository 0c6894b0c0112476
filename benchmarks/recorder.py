"""An endpoint that remembers every item: what a case writes is compared before it is measured."""

import json
import ssl
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

from benchmarks.answers import answer, checksum
from local.aws_isolation import LOOPBACK
from local.tls_certificate import Certificate

Stored = Mapping[str, Any]


class Recorder(ThreadingHTTPServer):
    """A server over TLS that keeps the items of all writes, and the entries of all events."""

    daemon_threads = True

    def __init__(self, certificate: Certificate) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.server, certificate.key)
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )
        self.items: list[Stored] = []

    @property
    def url(self) -> str:
        """Return the endpoint for clients."""
        return f"https://{LOOPBACK}:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent about a client that has ended, as each does after its run."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def taken(self) -> list[Stored]:
        """Return what was recorded since the last call."""
        taken, self.items = self.items, []
        return taken


@contextmanager
def recording(certificate: Certificate) -> Iterator[Recorder]:
    """Start a recorder; stop it at the end."""
    with Recorder(certificate) as recorder:
        thread = Thread(target=recorder.serve_forever, daemon=True)
        thread.start()
        try:
            yield recorder
        finally:
            recorder.shutdown()
            thread.join()


def written(operation: str, request: Mapping[str, Any]) -> list[Stored]:
    """Return the items (or the entries of events) that a request writes."""
    match operation:
        case "PutItem":
            return [request["Item"]]
        case "BatchWriteItem":
            tables = request["RequestItems"].values()
            return [write["PutRequest"]["Item"] for writes in tables for write in writes]
        case "TransactWriteItems":
            return [write["Put"]["Item"] for write in request["TransactItems"]]
        case "PutEvents":
            return list(request["Entries"])
    return []


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer is one packet
    server: ClassVar[Recorder]  # type: ignore[misc]  # the base class knows less about it

    def do_POST(self) -> None:
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.items += written(operation, request)
        body = answer(operation)
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amz-crc32", str(checksum(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Stay silent."""
