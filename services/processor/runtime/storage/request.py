"""One request to DynamoDB, and what is done with its answer."""

from services.aws_client.errors import AwsClientError
from services.aws_client.json_service import Outcome


class Request:
    """A request, and what happens when it is answered; each kind is a class of its own."""

    __slots__ = ("attempts", "body")
    operation: str

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.attempts = 0

    def succeeded(self, answer: bytes, /) -> None:
        """Take the body of the answer."""
        raise NotImplementedError

    def failed(self, error: AwsClientError) -> None:
        """Take an error that the same request would meet again."""
        raise NotImplementedError


class Question(Request):
    """A request whose answer somebody waits for."""

    __slots__ = ("operation", "outcome")

    def __init__(self, operation: str, body: bytes) -> None:
        super().__init__(body)
        self.operation = operation
        self.outcome: Outcome | None = None

    def succeeded(self, answer: bytes, /) -> None:
        self.outcome = answer

    def failed(self, error: AwsClientError) -> None:
        self.outcome = error
