"""SQS queues: receive messages, remove them, put them back, and allow a service to send."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ops.region import Region

Message = Mapping[str, Any]

MOST_MESSAGES = 10  # per call, SQS's limit


def receive(region: Region, url: str, *, hidden_s: int, wait_s: int = 0) -> list[Message]:
    """Receive up to ten messages and hide them from other receivers for ``hidden_s``."""
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
    """Make a message available to every receiver again, at once."""
    region.client("sqs").change_message_visibility(
        QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
    )


def allow_sending(region: Region, url: str, service: str, source_arn: str) -> str:
    """Allow a resource of a service (``events``, ``sns``) to send; return the queue's ARN.

    Replaces the queue's policy, if it has one.
    """
    sqs = region.client("sqs")
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    queue_arn: str = attributes["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": source_arn}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return queue_arn
