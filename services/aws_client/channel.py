"""One socket that never waits, with TLS or without.

``interest`` says what it waits for. TLS works on two buffers in memory: encrypted and plain
connections then differ in three places only, what arrives costs one ``recv`` (OpenSSL alone makes
two, for the head of a record and for its content), and what is sent one ``send``.
"""

import errno
import os
import select
import socket
import ssl

from services.aws_client.errors import BrokenConnectionError, CertificateError

READABLE, WRITABLE = select.POLLIN, select.POLLOUT  # epoll's have the same values
RECEIVE_BYTES = 65_536
_UNDER_WAY = frozenset({errno.EINPROGRESS, errno.EALREADY, errno.EWOULDBLOCK})
_CONNECTED = frozenset({0, errno.EISCONN})

Address = tuple[int, tuple[str, int] | tuple[str, int, int, int]]
"""A family and what ``socket.connect`` takes."""


class Channel:
    """Bytes to and from ``host`` at one of its addresses; plain if there is no TLS context.

    Creating it begins to connect, and raises ``OSError`` if that fails at once. ``is_starved`` is
    set when there was nothing to read.
    """

    __slots__ = (
        "_address",
        "_context",
        "_incoming",
        "_outgoing",
        "_socket",
        "_tls",
        "_unsent",
        "fd",
        "host",
        "interest",
        "is_open",
        "is_reusable",
        "is_starved",
    )

    def __init__(self, host: str, address: Address, context: ssl.SSLContext | None) -> None:
        self.host = host
        self._context = context
        self._tls: ssl.SSLObject | None = None
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._unsent: bytes | memoryview = b""
        self.interest = WRITABLE
        self.is_open = self.is_starved = False
        self.is_reusable = True
        family, self._address = address
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self.fd = self._socket.fileno()
        try:
            self._socket.settimeout(0)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connected()
        except BaseException:
            self._socket.close()
            raise

    def is_silent(self) -> bool:
        """Return whether it is open and has nothing to read, not even its end."""
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def close(self) -> None:
        """Close it; whatever it waits for will not come."""
        self._socket.close()

    def _open(self) -> None:
        """Connect and shake hands as far as is possible at once; ``is_open`` when that is done."""
        try:
            if self._tls is not None:
                self._fill()
            elif not self._connected():
                return
            elif self._context is not None:
                self._tls = self._context.wrap_bio(
                    self._incoming, self._outgoing, server_hostname=self.host
                )
            self._shake_hands()
        except BlockingIOError:
            self.is_starved = True
        except ssl.SSLCertVerificationError as error:
            problem = f"the certificate of {self.host} is not accepted: {error.verify_message}"
            raise CertificateError(problem) from error
        except OSError as error:
            raise BrokenConnectionError(f"cannot connect to {self.host}: {error}") from error

    def _connected(self) -> bool:
        code = self._socket.connect_ex(self._address)
        if code in _UNDER_WAY:
            self.is_starved = True
            return False
        if code in _CONNECTED:
            return True
        raise OSError(code, os.strerror(code))

    def _shake_hands(self) -> None:
        if self._tls is not None:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._unsent = self._outgoing.read()
                self._flush()
                return
        self.is_open = True
        self.interest = READABLE

    def _write(self, data: bytes) -> None:
        if self._tls is not None:
            self._tls.write(data)  # all of it: a buffer in memory has no end
            data = self._outgoing.read()
        self._unsent = data
        self._flush()

    def _flush(self) -> None:
        unsent = self._unsent
        try:
            sent = self._socket.send(unsent)
        except BlockingIOError:
            sent = 0
        except OSError:
            # The reason, perhaps even an answer, is yet to be read.
            sent, self.is_reusable = len(unsent), False
        if sent == len(unsent):
            self._unsent = b""
            self.interest = READABLE
        else:
            self._unsent = memoryview(unsent)[sent:]
            self.interest = READABLE | WRITABLE

    def _fill(self) -> bytes:
        """Return what has arrived, of which TLS has a copy; ``BlockingIOError`` if nothing has."""
        data = self._socket.recv(RECEIVE_BYTES)
        if not data:
            raise self._ended()
        if self._tls is not None:
            self._incoming.write(data)
        return data

    def _ended(self) -> BrokenConnectionError:
        return BrokenConnectionError(f"{self.host} closed the connection")
