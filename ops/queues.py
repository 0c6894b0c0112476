"""SQS queues: receive messages, remove them, put them back, and allow a service to send.

A queue can only be read by receiving, which hides a message from everybody else for a while.
"""

import json
from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from ops.region import Region
from ops.waiting import find_within

Message = Mapping[str, Any]

MOST_MESSAGES = 10  # per call, SQS's limit
# Long enough to receive a thousand messages; what a killed command hides is hidden no longer.
HIDDEN_S = 30
# Fewer than can be received, copied and removed in a second.
READ_PER_S = 10


class Depth(NamedTuple):
    """How many messages a queue has, as SQS estimates it: to be received, and hidden now."""

    visible: int
    hidden: int


def receive(
    region: Region, url: str, *, hidden_s: int, wait_s: int = 0, most: int = MOST_MESSAGES
) -> list[Message]:
    """Receive up to ten messages and hide them from other receivers for ``hidden_s``."""
    received = region.client("sqs").receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=min(most, MOST_MESSAGES),
        VisibilityTimeout=hidden_s,
        WaitTimeSeconds=wait_s,
        AttributeNames=["SentTimestamp"],
        MessageAttributeNames=["All"],
    )
    messages: list[Message] = received.get("Messages", [])
    return messages


def drain(region: Region, url: str, *, hidden_s: int) -> Iterator[Message]:
    """Yield every message that can be received now, each hidden for ``hidden_s``."""
    while messages := receive(region, url, hidden_s=hidden_s):
        yield from messages


def read_all(region: Region, url: str) -> Generator[Message, None, None]:
    """Yield every message once and leave the queue as it was, but for what the caller removes.

    Each is hidden until all are read. Messages that somebody else hides are waited for, as long as
    a reader that was killed hides them. Holds a few words for each message.
    """
    find_within(lambda: not depth(region, url).hidden, limit_s=HIDDEN_S + 1)
    hidden_s = HIDDEN_S + sum(depth(region, url)) // READ_PER_S
    handles: dict[str, str] = {}
    try:
        while messages := receive(region, url, hidden_s=hidden_s):
            new = [each for each in messages if each["MessageId"] not in handles]
            handles |= {each["MessageId"]: each["ReceiptHandle"] for each in messages}
            yield from new
    finally:
        hide(region, url, handles.values(), 0)


def depth(region: Region, url: str) -> Depth:
    """Return how many messages the queue has now, as SQS estimates it."""
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    found = region.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=list(names))
    return Depth(*(int(found["Attributes"][name]) for name in names))


def hide(region: Region, url: str, handles: Iterable[str], hidden_s: int) -> None:
    """Hide received messages for ``hidden_s`` from now on, or with 0 put them back.

    One that is gone, or was received by somebody else since, is left alone.
    """
    left = iter(handles)
    while some := list(islice(left, MOST_MESSAGES)):
        entries = [
            {"Id": str(at), "ReceiptHandle": handle, "VisibilityTimeout": hidden_s}
            for at, handle in enumerate(some)
        ]
        region.client("sqs").change_message_visibility_batch(QueueUrl=url, Entries=entries)


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
