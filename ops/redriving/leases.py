"""Messages that this command holds: hidden from everybody else while it works on them.

A lease is short and renewed, so that what a killed command held is available again within half a
minute. A lease that ends early, because the computer slept, does no harm: the processor takes the
same event twice at once, and the consumer's events keep their ids.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ops import queues
from ops.errors import AwsError
from ops.queues import Message
from ops.region import Region

LEASE_S = 30
_RENEWED_EVERY_S = 10.0
# Fewer than can be received again and hidden in a second.
_HIDDEN_AGAIN_PER_S = 40


class Leases:
    """Messages of one queue, by their ids.

    They are worked on until they are removed or kept. Kept ones stay hidden until :meth:`end`, so
    that no message is taken twice; their ids are remembered, of which SQS allows 120,000.
    """

    def __init__(self, region: Region, url: str) -> None:
        self._region = region
        self._url = url
        self._lock = threading.Lock()
        self._handles: dict[str, str] = {}
        self._kept: dict[str, str] = {}

    def __len__(self) -> int:
        """Return how many messages are held, those that are kept included."""
        return len(self._handles) + len(self._kept)

    def take(self, most: int, *, wait_s: int) -> list[Message]:
        """Return up to ``most`` messages that are not held yet; wait for one up to ``wait_s``."""
        found = queues.receive(
            self._region, self._url, hidden_s=self._hidden_s, wait_s=wait_s, most=most
        )
        new = []
        with self._lock:
            for message in found:
                id_, handle = message["MessageId"], message["ReceiptHandle"]
                if id_ in self._kept:
                    self._kept[id_] = handle
                else:
                    # One whose lease has ended while it is worked on comes again.
                    new += [] if id_ in self._handles else [message]
                    self._handles[id_] = handle
        return new

    def remove(self, message: Message) -> None:
        """Delete a message from the queue."""
        handle = self._handles[message["MessageId"]]
        queues.remove(self._region, self._url, {"ReceiptHandle": handle})
        with self._lock:
            del self._handles[message["MessageId"]]

    def keep(self, message: Message) -> None:
        """Leave a message in the queue, hidden until the end."""
        with self._lock:
            self._kept[message["MessageId"]] = self._handles.pop(message["MessageId"])

    def end(self) -> None:
        """Make every kept message available at once."""
        queues.hide(self._region, self._url, self._kept.values(), 0)
        self._kept.clear()

    @contextmanager
    def renewed(self) -> Iterator[None]:
        """Renew the leases of the messages that are worked on, until the block ends."""
        ended = threading.Event()
        renewing = threading.Thread(target=self._renew, args=(ended,), daemon=True)
        renewing.start()
        try:
            yield
        finally:
            ended.set()
            renewing.join()

    def _renew(self, ended: threading.Event) -> None:
        while not ended.wait(_RENEWED_EVERY_S):
            with self._lock:
                handles = list(self._handles.values())
            with suppress(*AwsError):  # the next time will do, and an early end does no harm
                queues.hide(self._region, self._url, handles, LEASE_S)

    @property
    def _hidden_s(self) -> int:
        return LEASE_S + len(self._kept) // _HIDDEN_AGAIN_PER_S
