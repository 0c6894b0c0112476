"""Any bytes that a server sends are one answer or one error, however they arrive."""

import socket
from typing import Final

from fuzzing.targets.choices import Choices
from services.aws_client.answer import Answer
from services.aws_client.connection import Connection
from services.aws_client.errors import TransportError

REQUEST: Final = b"POST / HTTP/1.1\r\nHost: a\r\n\r\n"
MOST_STEPS: Final = 10_000
SEEDS: Final = [
    b"\x05HTTP/1.1 200 OK\r\nContent-Length: 2\r\nx-amz-crc32: 1\r\n\r\n{}",
    b"\x01HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
    b"\x30HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    b"\x30HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\ncut off",
    b"\x30HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end",
    b"\x30HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
]


def check(data: bytes) -> None:
    """Receive an answer whole and in pieces: the same answer, or an error either way."""
    choices = Choices(data)
    size_bytes = 1 + choices.number(64)
    sent = choices.rest()
    whole, pieces = _received(sent, len(sent) or 1), _received(sent, size_bytes)
    assert (whole is None) == (pieces is None)
    if whole and pieces:
        assert (whole.status, whole.body) == (pieces.status, pieces.body)


def _received(sent: bytes, size_bytes: int) -> Answer | None:
    """Return the first answer, or ``None`` if the connection broke."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = (socket.AF_INET, listener.getsockname())
        connection = Connection("server", address, None)
        try:
            with listener.accept()[0] as server:
                return _answer(connection, server, sent, size_bytes)
        finally:
            connection.close()


def _answer(
    connection: Connection, server: socket.socket, sent: bytes, size_bytes: int
) -> Answer | None:
    connection.send(REQUEST)
    pieces = [sent[at : at + size_bytes] for at in range(0, len(sent), size_bytes)]
    try:
        for _ in range(MOST_STEPS):
            if answer := connection.progress():
                return answer
            if pieces:
                server.sendall(pieces.pop(0))
            else:
                server.close()
    except TransportError:
        return None
    raise AssertionError("neither an answer nor an error")
