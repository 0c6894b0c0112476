"""Faults of calls: a wrapper of the emulator's application, as ASGI has it.

Not all calls pass here: what the emulator delivers to functions, queues and replicas it does
inside. What functions call does.
"""

import asyncio
import importlib
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from local.emulator_faults.schedule import Fault, Place, Schedule

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

CREDENTIAL = re.compile(r"Credential=[^/,]+/\d{8}/(?:([a-z0-9-]+)/)?([a-z0-9-]+)/aws4_request")
TOO_FAST = {
    "dynamodb": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
}
SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"
LOST = b'{"__type":"ServiceUnavailableException","message":"The region is not available."}'


class FaultyCalls:
    """Lets calls meet the faults of ``schedule``, which may be exchanged at any time."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._changed = asyncio.Event()
        self.schedule = Schedule()

    def follow(self, schedule: Schedule) -> None:
        """Decide by another schedule from now on; calls that hang break off."""
        self.schedule = schedule
        self._changed.set()
        self._changed = asyncio.Event()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if not self.schedule or scope["type"] != "http" or not (place := _place(scope)):
            await self._app(scope, receive, send)
            return
        met = self.schedule.fault(place)
        match met and met.rule.fault:
            case Fault.RESET:
                _reset(send)
            case Fault.HUNG:
                await self._changed.wait()
                _reset(send)
            case Fault.UNAVAILABLE:
                await _answer(receive, send, 503, LOST)
            case Fault.THROTTLED:
                await _throttle(place.service, receive, send)
            case Fault.ANSWER_LOST:
                await self._app(scope, receive, _discard)
                _reset(send)
            case Fault.ANSWER_HELD:
                await self._app(scope, receive, _discard)
                await self._changed.wait()
                _reset(send)
            case Fault.CUT_OFF:
                await self._cut_off(place.service, scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _cut_off(self, service: str, scope: Message, receive: Receive, send: Send) -> None:
        """Send half of the answer, as if that were all.

        Of an object, whose length S3 announces: half of it, and then the connection breaks.
        """
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        start = next(each for each in messages if each["type"] == "http.response.start")
        body = b"".join(each.get("body", b"") for each in messages if each is not start)
        half = body[: len(body) // 2]
        if service == "s3":
            await send(start)
            await send({"type": "http.response.body", "body": half, "more_body": True})
            _reset(send)
            return
        headers = [
            (name, value) for name, value in start["headers"] if name.lower() != b"content-length"
        ]
        length = (b"content-length", str(len(half)).encode())
        await send({**start, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": half})


def _place(scope: Message) -> Place | None:
    """Return where a signed call goes: for S3 the bucket's region, also behind an access point."""
    headers = {n.decode("latin-1").lower(): v.decode("latin-1") for n, v in scope["headers"]}
    query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    presigned = "Credential=" + query.get("X-Amz-Credential", [""])[0]
    signed = CREDENTIAL.search(headers.get("authorization", "")) or CREDENTIAL.search(presigned)
    if not signed:
        return None
    region, service = signed[1] or "", signed[2]
    actions: Any = importlib.import_module("ministack.core.iam_actions")
    path = scope["path"]
    if service == "s3":
        region, path = _bucket_place(region, headers.get("host", ""), path)
    action = actions.extract_iam_action(service, scope["method"], path, headers, b"", query)
    operation = (action or "").partition(":")[2]
    return Place(region, service, operation, headers.get("user-agent", ""))


def _bucket_place(region: str, host: str, path: str) -> tuple[str, str]:
    """Return the region of the bucket that a call is for, and the path with the bucket."""
    s3: Any = importlib.import_module("ministack.services.s3")
    app: Any = importlib.import_module("ministack.app")
    bucket = app._resolve_mrap_host(host)  # noqa: SLF001
    if bucket:
        path = f"/{bucket}{path}"
    return s3.bucket_region(path.split("/")[1]) or region, path


def _reset(send: Send) -> None:
    """Break the connection, as a dying machine does, through hypercorn's own objects.

    ASGI knows no way to do so. An application's ``send`` belongs to the stream of a request, its
    ``send`` to the protocol, and that one's to the connection.
    """
    stream: Any = send
    connection = stream.__self__.send.__self__.send.__self__
    connection.writer.transport.abort()


async def _discard(_message: Message) -> None:
    pass


async def _throttle(service: str, receive: Receive, send: Send) -> None:
    if service == "s3":
        await _answer(receive, send, 503, SLOW_DOWN, b"application/xml")
        return
    error = {"__type": TOO_FAST.get(service, "ThrottlingException"), "message": "Rate exceeded"}
    await _answer(receive, send, 400, json.dumps(error).encode())


async def _answer(
    receive: Receive,
    send: Send,
    status: int,
    body: bytes,
    form: bytes = b"application/x-amz-json-1.0",
) -> None:
    while (await receive()).get("more_body"):  # so that the connection can be used again
        pass
    headers = [(b"content-type", form), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
