"""Takes away the dead letters that a test has caused on its way."""

from collections.abc import Iterator, Mapping
from typing import Any

from local.demo.regions import Region

# Nobody else gets a letter while we look through all of them.
HELD_S = 60


def sweep(region: Region, key: str) -> int:
    """Delete the letters that name ``key``, and leave the others; how many there were."""
    letters = list(_held(region))
    for letter in letters:
        held = {"QueueUrl": region.dead_letters, "ReceiptHandle": letter["ReceiptHandle"]}
        if key in letter["Body"]:
            region.sqs.delete_message(**held)
        else:
            region.sqs.change_message_visibility(**held, VisibilityTimeout=0)
    return sum(key in letter["Body"] for letter in letters)


def _held(region: Region) -> Iterator[Mapping[str, Any]]:
    while letters := region.sqs.receive_message(
        QueueUrl=region.dead_letters, MaxNumberOfMessages=10, VisibilityTimeout=HELD_S
    ).get("Messages"):
        yield from letters
