"""The quarantine of a region: letters that cannot succeed, until somebody returns them.

A letter moves by a copy and then a deletion. A command that is killed between the two leaves it in
both queues; whoever moves it the next time finds the copy and only deletes. So what is in a queue
is read once, before the first copy: a few words for each message.
"""

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from typing import Any

from botocore.exceptions import ClientError

from ops import queues
from ops.redriving import letters
from ops.redriving.causes import Cause
from ops.redriving.letters import Letter
from ops.region import Region

# Where a letter came from, and what its queue is called here.
LETTERS, FAILURES = "letters", "failures"
_TOO_LONG = frozenset({"InvalidParameterValue", "InvalidParameterValueException"})


class Destination:
    """A queue that letters are copied to, each of them once. Threads may share it."""

    def __init__(self, region: Region, url: str) -> None:
        self._region = region
        self._url = url
        self._lock = threading.Lock()
        self._known: set[str] | None = None

    def add(self, letter: Letter, queue: str = "", cause: Cause | None = None) -> None:
        """Put a copy of the letter in the queue unless it has one; afterwards it has one."""
        with self._lock:
            if self._known is None:
                with closing(queues.read_all(self._region, self._url)) as found:
                    self._known = {letters.read(each).id for each in found}
            if letter.id in self._known:
                return
            try:
                self._send(letter, letters.attributes(letter, queue, cause))
            except ClientError as error:
                if error.response["Error"]["Code"] not in _TOO_LONG:
                    raise
                self._send(letter, {})  # as long as SQS allows, it has no room for a note
            self._known.add(letter.id)

    def _send(self, letter: Letter, attributes: Mapping[str, Any]) -> None:
        self._region.client("sqs").send_message(
            QueueUrl=self._url, MessageBody=letter.body, MessageAttributes=attributes
        )


def listed(region: Region) -> Generator[Letter, None, None]:
    """Yield the letters in quarantine, each once; copies too many are removed."""
    seen = set()
    with closing(queues.read_all(region, region.quarantine_url)) as messages:
        for message in messages:
            letter = letters.read(message)
            if letter.id in seen:
                queues.remove(region, region.quarantine_url, message)
            else:
                seen.add(letter.id)
                yield letter


def give_back(region: Region, is_wanted: Callable[[Letter], bool]) -> Generator[Letter, None, None]:
    """Move the letters that are wanted to where they came from; yield each of them afterwards."""
    urls: Mapping[str, str] = {
        LETTERS: region.dead_letters_url,
        FAILURES: region.stream_failures_url,
    }
    destinations = {name: Destination(region, url) for name, url in urls.items()}
    with closing(listed(region)) as found:
        for letter in found:
            if is_wanted(letter):
                destinations[letter.queue if letter.queue in urls else LETTERS].add(letter)
                queues.remove(region, region.quarantine_url, letter.message)
                yield letter
