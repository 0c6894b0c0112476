"""Hears the announcements of a region as a downstream consumer does: from a queue, dedupe by id."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

from local.demo.regions import Region
from local.demo.subscription import subscription

WAIT_S = 1
RECORD, FILE = "RecordChanged", "FileChanged"


class Listener:
    """Collects what is announced in one region, by the file it is about."""

    def __init__(self, region: Region, queue_url: str) -> None:
        self._region = region
        self._queue_url = queue_url
        self._stopped = Event()
        self._events: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._running: Future[None] | None = None
        self.received = 0
        self.silences = 0

    def count(self, detail_type: str, file_id: str) -> int:
        """How many different events have come; one that came twice counts once."""
        return len(self._events.get((detail_type, file_id), ()))

    @property
    def distinct(self) -> int:
        return sum(len(ids) for ids in list(self._events.values()))

    def start(self, threads: ThreadPoolExecutor) -> None:
        self._running = threads.submit(self._run)

    def check(self) -> None:
        """Raise what has ended the listening, if it has ended."""
        if self._running and self._running.done():
            self._running.result()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            messages = self._region.sqs.receive_message(
                QueueUrl=self._queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=WAIT_S
            ).get("Messages", [])
            if messages:
                self._take(messages)
            else:
                self.silences += 1

    def _take(self, messages: Sequence[Mapping[str, Any]]) -> None:
        for message in messages:
            event = json.loads(message["Body"])
            file_id = event["detail"]["recordId"].partition(".")[0]
            self._events[event["detail-type"], file_id].add(event["detail"]["eventId"])
        self.received += len(messages)
        handles = enumerate(message["ReceiptHandle"] for message in messages)
        self._region.sqs.delete_message_batch(
            QueueUrl=self._queue_url,
            Entries=[{"Id": str(n), "ReceiptHandle": handle} for n, handle in handles],
        )


@contextmanager
def listening(region: Region) -> Iterator[Listener]:
    """Hear everything that is announced in ``region`` from now on."""
    with subscription(region) as queue_url, ThreadPoolExecutor(max_workers=1) as threads:
        listener = Listener(region, queue_url)
        listener.start(threads)
        try:
            yield listener
        finally:
            listener.stop()
