"""What the store needs of a client of DynamoDB; ``services.aws_client`` has it."""

from collections.abc import Callable
from typing import Protocol

from services.aws_client.json_service import Outcome


class Transport(Protocol):
    """Sends requests over a limited number of connections."""

    @property
    def has_idle(self) -> bool:
        """Return whether an open connection waits for a request."""

    @property
    def has_room(self) -> bool:
        """Return whether a request would be sent at once."""

    def poll(self, timeout_s: float) -> None:
        """Handle the answers that have arrived, or wait for one."""


class DynamoDb(Protocol):
    """Calls operations of DynamoDB."""

    @property
    def transport(self) -> Transport:
        """Return what carries the calls."""

    def call(self, operation: str, body: bytes, done: Callable[[Outcome], object]) -> None:
        """Begin a call; ``done`` is called once, while the transport is polled."""
