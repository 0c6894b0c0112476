"""One connection: sends one request at a time and reads its answer, without ever waiting.

Nothing may arrive between two requests but the end of the connection. What does arrive could be
taken for the next answer, so the connection is given up. No exception is raised on the normal path.
"""

import ssl

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from services.aws_client.answer import Answer
from services.aws_client.channel import RECEIVE_BYTES, Address, Channel
from services.aws_client.errors import (
    BrokenConnectionError,
    DamagedAnswerError,
    TransportError,
)

# An answer is held in memory as a whole; the largest of DynamoDB's is a page of 1 MB.
MAX_ANSWER_BYTES = 16 * 1024 * 1024
_FIRST_FINAL_STATUS = 200


class Connection(Channel):
    """A channel that speaks HTTP/1.1. After any error it is of no use but to be closed."""

    __slots__ = (
        "_headers",
        "_is_awaited",
        "_parser",
        "_received_bytes",
        "_status",
        "is_complete",
        "on_body",
        "on_header",
        "parts",
        "request",
    )

    def __init__(self, host: str, address: Address, context: ssl.SSLContext | None) -> None:
        super().__init__(host, address, context)
        self.request = b""
        self.is_complete = self._is_awaited = False
        self._received_bytes = self._status = 0
        # The parser calls these two methods without a step through Python.
        self._headers: dict[bytes, bytes] = {}
        self.parts: list[bytes] = []
        self.on_header = self._headers.__setitem__
        self.on_body = self.parts.append
        self._parser = HttpResponseParser(self)

    def send(self, request: bytes) -> None:
        """Send a request as soon as the connection is open; the one before must be answered."""
        self.request = request
        self.is_complete = False
        self._is_awaited = True
        if self.is_open:
            self._write(request)

    def progress(self) -> Answer | None:
        """Do what can be done at once; return the answer when it is complete.

        Raises ``TransportError`` when there will be no answer, and when a connection that has no
        request ended or said something.
        """
        if self._unsent:
            self._flush()
        if not self.is_open:
            self._open()
            if self.is_open and self._is_awaited:
                self._write(self.request)
            return None
        try:
            self._receive()
        except TransportError:
            if not self.is_complete:
                raise
            self.is_reusable = False  # what follows an answer does not harm it
        return self._answer() if self.is_complete else None

    def on_message_begin(self) -> None:
        if self.is_complete or not self._is_awaited:
            raise DamagedAnswerError

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < _FIRST_FINAL_STATUS:
            self._headers.clear()
            return
        self._status = status
        self.is_complete = True
        if not self._parser.should_keep_alive():
            self.is_reusable = False

    def _answer(self) -> Answer:
        parts = self.parts
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        answer = Answer(self._status, self._headers.copy(), body)
        parts.clear()
        self._headers.clear()
        self.request = b""
        self._received_bytes = 0
        self.is_complete = self._is_awaited = False
        if self._unsent:
            self.is_reusable = False
        return answer

    def _receive(self) -> None:
        try:
            data = self._fill()
            tls = self._tls
            if tls is None:
                self._feed(data)
                return
            more = 1
            while more:
                self._feed(tls.read(RECEIVE_BYTES))
                more = self._incoming.pending or tls.pending()
        except ssl.SSLWantReadError:
            return  # the rest of a record is still to come
        except BlockingIOError:
            self.is_starved = True
        except OSError as error:
            raise BrokenConnectionError(f"connection to {self.host} broke: {error}") from error

    def _feed(self, data: bytes) -> None:
        if not data:
            raise self._ended()
        self._received_bytes += len(data)
        if self._received_bytes > MAX_ANSWER_BYTES:
            raise DamagedAnswerError(f"{self.host} answers more than {MAX_ANSWER_BYTES} bytes")
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            raise DamagedAnswerError(f"{self.host} does not answer in HTTP: {error}") from error
