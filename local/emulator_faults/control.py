"""The way in: one path, which only those know who can read the cloud's folder."""

import importlib
import json
from typing import Any

from local.emulator_faults.calls import App, FaultyCalls, Message, Receive, Send
from local.emulator_faults.creations import FailingCreations
from local.emulator_faults.deliveries import FaultyDeliveries
from local.emulator_faults.replication import HeldReplication
from local.emulator_faults.schedule import Fault, Rule, Schedule


class Control:
    """Takes requests at ``path`` and passes everything else on.

    A request is a JSON object with a ``command``: ``plan`` (``seed``, and the rules of ``calls``
    and ``deliveries``, in place of the ones before), ``hold``, ``release`` or ``lose`` (of a
    ``region``), ``create`` (``failing_at`` a logical id, or none), or ``status``. Each is answered
    with the status.
    """

    def __init__(self, app: App, path: str) -> None:
        self._path = path
        self._calls = FaultyCalls(app)
        self._deliveries = FaultyDeliveries()
        self._replication = HeldReplication()
        self._creations = FailingCreations()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope.get("path") != self._path:
            await self._calls(scope, receive, send)
            return
        try:
            status, answer = 200, self._obey(json.loads(await _body(receive)))
        except (ValueError, TypeError, KeyError) as error:
            status, answer = 400, {"error": repr(error)}
        content = json.dumps(answer).encode()
        headers = [(b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _obey(self, request: dict[str, Any]) -> dict[str, Any]:
        writes = 0
        match request["command"]:
            case "plan":
                self._follow(request)
            case "hold":
                self._replication.hold(request["region"])
            case "release":
                writes = self._replication.release(request["region"])
            case "lose":
                writes = self._replication.lose(request["region"])
            case "create":
                self._creations.at = request["failing_at"]
            case "status":
                pass
            case unknown:
                raise ValueError(f"no command {unknown}")
        return {
            "calls": self._calls.schedule.met,
            "deliveries": self._deliveries.schedule.met,
            "held": self._replication.status(),
            "writes": writes,
        }

    def _follow(self, request: dict[str, Any]) -> None:
        calls, deliveries = (
            Schedule(request["seed"], map(_rule, request[name])) for name in ("calls", "deliveries")
        )
        self._calls.follow(calls)
        self._deliveries.follow(deliveries)


def install(path: str) -> None:
    """Wrap the emulator's application, in its own module, where its server looks for it."""
    emulator: Any = importlib.import_module("ministack.app")
    emulator.app = Control(emulator.app, path).__call__


def _rule(fields: dict[str, Any]) -> Rule:
    return Rule(**{**fields, "fault": Fault(fields["fault"])})


async def _body(receive: Receive) -> bytes:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body
