"""Messages of SQS queues: receive, remove, put back."""

from collections.abc import Iterator, Mapping
from typing import Any

from ops.region import Region

Message = Mapping[str, Any]

MOST_MESSAGES = 10  # of one call, as SQS has it


def receive(region: Region, url: str, *, hidden_s: int, wait_s: int = 0) -> list[Message]:
    """Receive up to ten messages and hide them from everybody else for ``hidden_s``."""
    received = region.client("sqs").receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=MOST_MESSAGES,
        VisibilityTimeout=hidden_s,
        WaitTimeSeconds=wait_s,
    )
    messages: list[Message] = received.get("Messages", [])
    return messages


def drain(region: Region, url: str, *, hidden_s: int) -> Iterator[Message]:
    """Yield every message that can be received now, each hidden for ``hidden_s``."""
    while messages := receive(region, url, hidden_s=hidden_s):
        yield from messages


def remove(region: Region, url: str, message: Message) -> None:
    """Delete a received message."""
    region.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def put_back(region: Region, url: str, message: Message) -> None:
    """Let everybody receive a message again at once."""
    region.client("sqs").change_message_visibility(
        QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
    )
