"""Queues with visibility, that kill their caller when asked. Time passes only while it waits."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

from botocore.exceptions import ClientError

Answer = TypeVar("Answer")
FOREVER = 10**9
MOST_BYTES = 2**20


class KilledError(BaseException):
    """The command is dead: whatever it calls from now on does not happen."""


@dataclass
class Message:
    id: str
    body: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    visible_at: float = 0
    handle: str = ""

    @property
    def shown(self) -> dict[str, Any]:
        return {
            "MessageId": self.id,
            "Body": self.body,
            "ReceiptHandle": self.handle,
            "MessageAttributes": self.attributes,
            "Attributes": {"SentTimestamp": "1793588645000"},
        }


class FakeSqs:
    """A client of SQS, and a clock.

    With ``dies_at`` the caller is killed at that call: before it has an effect, or ``after``.
    Receives whose numbers are in ``twice`` also return a message that is hidden.
    """

    def __init__(self, *queues: str) -> None:
        self.now_s = 0.0
        self.queues: dict[str, list[Message]] = {name: [] for name in queues}
        self.calls = 0
        self.dies_at = FOREVER
        self.after = False
        self.twice: set[int] = set()
        self._numbers = count(1)
        self._lock = threading.RLock()

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += max(seconds, 0.01)

    def put(self, queue: str, body: object, **attributes: str) -> str:
        """Put a message that somebody else has sent; return its id."""
        id_ = f"m{next(self._numbers)}"
        text = body if isinstance(body, str) else json.dumps(body)
        tagged = {k: {"DataType": "String", "StringValue": v} for k, v in attributes.items()}
        self.queues[queue].append(Message(id_, text, tagged))
        return id_

    def bodies(self, queue: str) -> list[str]:
        return sorted(each.body for each in self.queues[queue])

    def hidden(self, queue: str) -> int:
        return sum(each.visible_at > self.now_s for each in self.queues[queue])

    def live(self, dies_at: int = FOREVER, *, after: bool = False) -> None:
        """Be called by another command, which is killed at one of its calls, or never."""
        self.calls, self.dies_at, self.after = 0, dies_at, after

    def called(self, act: Callable[[], Answer]) -> Answer:
        with self._lock:
            self.calls += 1
            if self.calls > self.dies_at or (self.calls == self.dies_at and not self.after):
                raise KilledError
            answer = act()
            if self.calls == self.dies_at:
                raise KilledError
            return answer

    def receive_message(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401  # as boto3
        def act() -> dict[str, Any]:
            queue = self.queues[asked["QueueUrl"]]
            found = [each for each in queue if each.visible_at <= self.now_s]
            if self.calls in self.twice:
                found += [each for each in queue if each.visible_at > self.now_s][:1]
            found = found[: asked["MaxNumberOfMessages"]]
            for each in found:
                each.visible_at = self.now_s + asked["VisibilityTimeout"]
                each.handle = f"h{next(self._numbers)}"
            if not found:
                self.now_s += asked["WaitTimeSeconds"]
            return {"Messages": [each.shown for each in found]} if found else {}

        return self.called(act)

    def delete_message(self, **asked: Any) -> None:  # noqa: ANN401  # as boto3
        def act() -> None:
            queue = self.queues[asked["QueueUrl"]]
            queue[:] = [each for each in queue if each.handle != asked["ReceiptHandle"]]

        self.called(act)

    def send_message(self, **asked: Any) -> None:  # noqa: ANN401  # as boto3
        def act() -> None:
            size_bytes = len(asked["MessageBody"]) + len(str(asked["MessageAttributes"]))
            if size_bytes > MOST_BYTES:
                refused = {"Code": "InvalidParameterValue", "Message": "too long"}
                raise ClientError({"Error": refused}, "SendMessage")
            message = Message(f"m{next(self._numbers)}", asked["MessageBody"])
            message.attributes = asked["MessageAttributes"]
            self.queues[asked["QueueUrl"]].append(message)

        self.called(act)

    def change_message_visibility_batch(self, **asked: Any) -> None:  # noqa: ANN401  # as boto3
        def act() -> None:
            until = {e["ReceiptHandle"]: e["VisibilityTimeout"] for e in asked["Entries"]}
            for each in self.queues[asked["QueueUrl"]]:
                if each.handle in until:
                    each.visible_at = self.now_s + until[each.handle]

        self.called(act)

    def get_queue_attributes(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401  # as boto3
        def act() -> dict[str, Any]:
            hidden = self.hidden(asked["QueueUrl"])
            visible = len(self.queues[asked["QueueUrl"]]) - hidden
            values = (str(visible), str(hidden))
            return {"Attributes": dict(zip(asked["AttributeNames"], values, strict=True))}

        return self.called(act)
