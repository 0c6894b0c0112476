"""Reads a dead-letter queue and leaves it as it was."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from local.demo.delivery import Delivery
from local.demo.regions import Region

Name = tuple[str, str, str]  # bucket, key, version
# Nobody else, and no second round of ours, gets a letter while we read the others.
HELD_S = 60


class DeadLetters:
    """How many letters of a region's queue name a file, as of the last reading."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._counts: Counter[Name] = Counter()

    def count(self, delivery: Delivery) -> int:
        return self._counts[delivery.bucket, delivery.file.key, delivery.version]

    def read(self) -> None:
        messages = list(self._held())
        for message in messages:
            self._region.sqs.change_message_visibility(
                QueueUrl=self._region.dead_letters,
                ReceiptHandle=message["ReceiptHandle"],
                VisibilityTimeout=0,
            )
        letters = (_letter(message["Body"]) for message in messages)
        self._counts = Counter(name for letter in letters for name in named(letter))

    def _held(self) -> Iterator[Mapping[str, Any]]:
        while True:
            received = self._region.sqs.receive_message(
                QueueUrl=self._region.dead_letters,
                MaxNumberOfMessages=10,
                VisibilityTimeout=HELD_S,
            )
            messages = received.get("Messages", [])
            yield from messages
            if not messages:
                return


def _letter(body: str) -> Mapping[str, Any]:
    """What somebody else has put into the queue names no file."""
    try:
        letter = json.loads(body)
    except json.JSONDecodeError:
        return {}
    return letter if isinstance(letter, dict) else {}


def named(letter: Mapping[str, Any]) -> Iterator[Name]:
    """Every object that the letter's event names.

    AWS saves the event itself; the emulator saves it in the envelope of a destination.
    """
    event = letter.get("requestPayload", letter)
    for record in event.get("Records", ()):
        described = record["s3"]["object"]
        key = unquote_plus(described["key"])
        yield record["s3"]["bucket"]["name"], key, described.get("versionId", "")
