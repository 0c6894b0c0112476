"""A server on this machine that does what a test tells it to: ``Server(script)``.

The script gets each request and returns what is sent: bytes as they are, or a sequence of steps, in
which ``CLOSE`` ends the connection and ``STALL`` says nothing more until the server is stopped.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import trustme


@dataclass(frozen=True)
class Step:
    name: str


CLOSE = Step("close")
STALL = Step("stall")
Reply = bytes | Iterable[bytes | Step]


@dataclass(frozen=True)
class Request:
    """``connection`` and ``number`` count from 0: of the server, and within the connection."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    connection: int
    number: int


def answer(body: bytes = b"{}", status: str = "200 OK", **headers: str) -> bytes:
    """Return an HTTP answer with a length; ``x_amz_crc32=""`` is the header ``x-amz-crc32``."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@cache
def authority() -> trustme.CA:
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@cache
def _server_context(names: tuple[str, ...]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(*names, key_type=trustme.KeyType.ECDSA).configure_cert(context)
    return context


@cache
def client_context() -> ssl.SSLContext:
    """Return a context that trusts the servers of this module."""
    context = ssl.create_default_context()
    authority().configure_trust(context)
    return context


@cache
def _bundle_folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory()


@cache
def ca_bundle() -> Path:
    """Return a file for ``AWS_CA_BUNDLE`` by which the servers of this module are trusted."""
    path = Path(_bundle_folder().name) / "ca.pem"
    authority().cert_pem.write_to_path(path)
    return path


class Server:
    """Listens from ``with`` on; ``requests`` are all that came, ``connections`` how many did.

    With TLS its certificate is for ``names``; ``accepts`` says of each connection, by its number,
    whether it is served or closed at once.
    """

    def __init__(
        self,
        script: Callable[[Request], Reply],
        *,
        tls: bool = True,
        names: tuple[str, ...] = ("localhost",),
        context: ssl.SSLContext | None = None,
        accepts: Callable[[int], bool] = lambda _: True,
    ) -> None:
        self._script = script
        self._context = context or (_server_context(names) if tls else None)
        self._accepts = accepts
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if self._context else 'http'}://localhost:{self.port}"
        self.requests: list[Request] = []
        self.connections = 0
        self._closed = threading.Semaphore(0)

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        for each in [self._listener, *self._open]:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for each in [self._listener, *self._open]:
            each.close()

    def wait_for_end(self) -> None:
        """Wait until one more connection has been closed from this side."""
        assert self._closed.acquire(timeout=10)

    def _run(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                accepted, _ = self._listener.accept()
                number = self.connections
                self.connections += 1
                self._open.append(accepted)
                self._run(lambda accepted=accepted, number=number: self._serve(accepted, number))  # type: ignore[misc]

    def _serve(self, accepted: socket.socket, number: int) -> None:
        try:
            self._converse(accepted, number)
        finally:
            self._closed.release()

    def _converse(self, accepted: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError), accepted:
            if not self._accepts(number):
                return
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            channel = accepted
            if self._context is not None:
                # This takes the socket over, so it is this one that is to be closed at the end.
                channel = self._context.wrap_socket(accepted, server_side=True)
                self._open.append(channel)
            with channel, channel.makefile("rb") as stream:
                count = 0
                while request := _read(stream, number, count):
                    self.requests.append(request)
                    if not self._reply(channel, self._script(request)):
                        return
                    count += 1

    def _reply(self, channel: socket.socket, reply: Reply) -> bool:
        for step in [reply] if isinstance(reply, bytes) else reply:
            if step is CLOSE:
                return False
            if step is STALL:
                self._stopped.wait()
                return False
            assert isinstance(step, bytes)
            channel.sendall(step)
        return True


def _read(stream: object, connection: int, number: int) -> Request | None:
    readline, read = stream.readline, stream.read  # type: ignore[attr-defined]
    first = readline().decode("latin-1")
    if not first.endswith(" HTTP/1.1\r\n"):
        return None
    method, target, _ = first.split(" ")
    headers: dict[str, str] = {}
    while (line := readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = read(int(headers.get("content-length", "0")))
    return Request(method, target, headers, body, connection, number)
