"""Calls of services that speak JSON: DynamoDB and EventBridge."""

import json
import zlib
from collections.abc import Callable
from functools import partial
from hashlib import sha256

from services.aws_client.answer import Answer
from services.aws_client.credentials import Credentials
from services.aws_client.errors import AwsClientError, DamagedAnswerError
from services.aws_client.service_error import from_json
from services.aws_client.signature import Signature
from services.aws_client.signer import Signer
from services.aws_client.transport import Transport

Outcome = bytes | AwsClientError
"""The body of a successful answer, or what went wrong."""
Done = Callable[[Outcome], object]

_OK = 200


class _Prepared:
    """All that the requests of an operation in one second have in common, in one object."""

    __slots__ = ("credentials", "head", "second", "signature")

    def __init__(
        self, second: int, head: bytes, signature: Signature, credentials: Credentials
    ) -> None:
        self.second = second
        self.head = head
        self.signature = signature
        self.credentials = credentials


class JsonService:
    """A service whose operations are called by name with a JSON document.

    ``target`` is the prefix of an operation's full name, ``content_type`` the JSON it speaks.
    """

    def __init__(
        self, transport: Transport, signer: Signer, *, target: str, content_type: str
    ) -> None:
        self.transport = transport
        self._signer = signer
        self._target = target
        self._content_type = content_type
        self._prepared: dict[str, _Prepared] = {}

    def call(self, operation: str, body: bytes, done: Done) -> None:
        """Begin a call; ``transport.poll`` calls ``done`` once, with the answer's body or an error.

        The request is repeated once, at once, if the service says that it was signed with expired
        credentials or by a clock that is wrong.
        """
        self._send(operation, body, done, is_repeated=False)

    def _send(self, operation: str, body: bytes, done: Done, *, is_repeated: bool) -> None:
        now_s = self._signer.now_s()
        prepared = self._prepared.get(operation)
        if prepared is None or prepared.second != int(now_s):
            try:
                prepared = self._prepare(operation, now_s)
            except AwsClientError as error:
                self.transport.fail(error, done)
                return
        signature = prepared.signature.of(sha256(body).hexdigest())
        rest = f"{signature}\r\nContent-Length: {len(body)}\r\n\r\n"
        request = b"".join((prepared.head, rest.encode(), body))
        call = partial(self._ended, operation, body, done, prepared.credentials, is_repeated)
        self.transport.send(request, call)

    def _ended(  # noqa: PLR0917  # given in this order by partial
        self,
        operation: str,
        body: bytes,
        done: Done,
        credentials: Credentials,
        is_repeated: bool,  # noqa: FBT001
        outcome: Answer | AwsClientError,
    ) -> None:
        if not isinstance(outcome, Answer):
            done(outcome)
        elif outcome.status == _OK:
            done(_trusted(outcome))
        elif _is_damaged(outcome):
            done(_damaged())
        else:
            error = from_json(outcome)
            if not is_repeated and self._signer.learns_from(error, credentials):
                self._prepared.clear()
                self._send(operation, body, done, is_repeated=True)
            else:
                done(error)

    def _prepare(self, operation: str, now_s: float) -> _Prepared:
        endpoint = self.transport.endpoint
        named = {
            "host": endpoint.host_header,
            "content-type": self._content_type,
            "x-amz-target": f"{self._target}.{operation}",
        }
        headers, signature, credentials = self._signer.prepare(
            "POST", endpoint.path, (), named, now_s
        )
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST {endpoint.path} HTTP/1.1\r\n{lines}Authorization: {signature.authorization}"
        prepared = _Prepared(int(now_s), head.encode(), signature, credentials)
        self._prepared[operation] = prepared
        return prepared


def _trusted(answer: Answer) -> Outcome:
    """Return the body of a success, or an error if it is not what was sent.

    DynamoDB sends a checksum. A body without one must at least be JSON.
    """
    if _is_damaged(answer):
        return _damaged()
    body = answer.body
    if body != b"{}" and _checksum(answer) is None:
        try:
            json.loads(body)
        except ValueError as error:
            return DamagedAnswerError(f"the answer's body is not JSON: {error}")
    return body


def _is_damaged(answer: Answer) -> bool:
    checksum = _checksum(answer)
    return checksum is not None and checksum != b"%d" % zlib.crc32(answer.body)


def _checksum(answer: Answer) -> bytes | None:
    checksum = answer.headers.get(b"x-amz-crc32")  # as DynamoDB spells it
    if checksum is None and (spelt := answer.header("x-amz-crc32")):
        checksum = spelt.encode()
    return checksum


def _damaged() -> DamagedAnswerError:
    return DamagedAnswerError("the answer's body does not match its checksum")
