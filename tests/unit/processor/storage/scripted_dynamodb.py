"""A client of DynamoDB that answers as a test says, on a clock that moves only while one waits."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.aws_client.answer import Answer as HttpAnswer
from services.aws_client.errors import AwsClientError
from services.aws_client.service_error import from_json

Outcome = bytes | AwsClientError
Answer = Callable[[str, dict[str, Any]], Outcome]
ANSWER_S = 0.001


def refusal(code: str, status: int = 400) -> AwsClientError:
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "no reason"}
    return from_json(HttpAnswer(status, {}, json.dumps(body).encode()))


@dataclass
class ScriptedDynamoDb:
    """Answers one request with each ``poll`` that may wait, in an order that is drawn."""

    answer: Answer
    connections: int = 8
    rng: random.Random = field(default_factory=lambda: random.Random(5))
    now_s: float = 0.0
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    in_the_air: list[tuple[Callable[[Outcome], object], Outcome]] = field(default_factory=list)
    most_in_the_air: int = 0

    @property
    def transport(self) -> "ScriptedDynamoDb":
        return self

    @property
    def has_idle(self) -> bool:
        return False

    @property
    def has_room(self) -> bool:
        return len(self.in_the_air) < self.connections

    def clock_s(self) -> float:
        return self.now_s

    def remaining_ms(self) -> int:
        return round(60_000 - 1000 * self.now_s)

    def call(self, operation: str, body: bytes, done: Callable[[Outcome], object]) -> None:
        request = json.loads(body)
        self.calls.append((operation, request))
        self.in_the_air.append((done, self.answer(operation, request)))
        self.most_in_the_air = max(self.most_in_the_air, len(self.in_the_air))

    def poll(self, timeout_s: float) -> None:
        if not timeout_s:
            return
        if not self.in_the_air:
            self.now_s += max(timeout_s, 1e-6)
            return
        self.now_s += ANSWER_S
        done, outcome = self.in_the_air.pop(self.rng.randrange(len(self.in_the_air)))
        done(outcome)
