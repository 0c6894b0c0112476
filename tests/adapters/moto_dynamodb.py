"""The product's client of DynamoDB, answered by moto."""

import json
import re
from collections import deque
from collections.abc import Callable
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from services.aws_client.answer import Answer
from services.aws_client.errors import AwsClientError
from services.aws_client.json_service import Outcome
from services.aws_client.service_error import from_json
from services.processor.runtime.storage.sending import Sending

CONNECTIONS = 8


class MotoDynamoDb:
    """Answers one request with each ``poll``, in the order in which they were made."""

    def __init__(self, client: BaseClient) -> None:
        self._client = client
        self._in_the_air: deque[Callable[[], object]] = deque()

    @property
    def transport(self) -> "MotoDynamoDb":
        return self

    @property
    def has_idle(self) -> bool:
        return not self._in_the_air

    @property
    def has_room(self) -> bool:
        return len(self._in_the_air) < CONNECTIONS

    def call(self, operation: str, body: bytes, done: Callable[[Outcome], object]) -> None:
        self._in_the_air.append(lambda: done(self._answer(operation, json.loads(body))))

    def poll(self, timeout_s: float) -> None:
        if timeout_s and self._in_the_air:
            self._in_the_air.popleft()()

    def _answer(self, operation: str, request: dict[str, Any]) -> Outcome:
        method = re.sub("(?<!^)(?=[A-Z])", "_", operation).lower()
        try:
            answer = getattr(self._client, method)(**request)
        except ClientError as error:
            return _refusal(error)
        answer.pop("ResponseMetadata")
        return json.dumps(answer).encode()


def _refusal(error: ClientError) -> AwsClientError:
    body = {
        "__type": error.response["Error"]["Code"],
        "message": error.response["Error"]["Message"],
    }
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return from_json(Answer(status, {}, json.dumps(body).encode()))


def sending_to(client: BaseClient) -> Sending:
    """Return what the product sends its requests with, to moto."""
    dynamodb: Any = MotoDynamoDb(client)
    return Sending(dynamodb)
