"""A region's events, received as a downstream consumer would: from a queue, deduplicated by id."""

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from threading import Event
from typing import Any, NamedTuple

from ops import items, queues
from ops.region import Region

ChangeEvent = Mapping[str, Any]

SOURCE = "serverless.data-ingestion"
RECORD_CHANGED, FILE_CHANGED = "RecordChanged", "FileChanged"
_WAIT_S = 1
# Messages are not deleted, because the queue is: each one is hidden for as long as SQS allows. A
# queue can hide at most 120,000 messages.
_HIDDEN_S = 12 * 3600


class Announced(NamedTuple):
    """What an event says of an item, as ``CREATED`` or ``UPDATED``; a file itself has row 0."""

    record_id: str
    timestamp: str
    status: str
    digest: str
    change: str
    row: int


class Listener:
    """Keeps what one region announces, by the file that each item is from.

    ``received`` counts messages, repetitions included; ``silences`` counts empty receives.
    """

    def __init__(
        self, region: Region, queue_url: str, on_event: Callable[[ChangeEvent], None] | None
    ) -> None:
        self._region = region
        self._queue_url = queue_url
        self._on_event = on_event
        self._stopped = Event()
        self._heard: dict[tuple[str, str], dict[str, Announced]] = defaultdict(dict)
        self._running: Future[None] | None = None
        self.received = 0
        self.silences = 0

    def count(self, detail_type: str, file_id: str) -> int:
        """Return how many different events have arrived; a repeated one counts once."""
        return len(self._heard.get((detail_type, file_id), ()))

    def announced(self, detail_type: str, file_id: str) -> list[Announced]:
        """Return what different events have said, in the order of their arrival."""
        return list(self._heard.get((detail_type, file_id), {}).values())

    def start(self, threads: ThreadPoolExecutor) -> None:
        """Listen in one of ``threads`` until :meth:`stop`."""
        self._running = threads.submit(self._run)

    def check(self) -> None:
        """Raise the error that ended the listening thread, if there was one."""
        if self._running and self._running.done():
            self._running.result()

    def stop(self) -> None:
        """Stop after the call in progress."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            messages = queues.receive(
                self._region, self._queue_url, hidden_s=_HIDDEN_S, wait_s=_WAIT_S
            )
            for message in messages:
                self._add(json.loads(message["Body"], parse_float=Decimal))
            self.received += len(messages)
            self.silences += not messages

    def _add(self, event: ChangeEvent) -> None:
        detail, detail_type = event["detail"], event["detail-type"]
        if detail_type in (RECORD_CHANGED, FILE_CHANGED):
            item = detail.get("item") or self._referenced(detail)
            # An item that names no file is only known by its id.
            file_id = items.file_id(item) or detail["recordId"].partition(".")[0]
            self._heard[detail_type, file_id].setdefault(detail["eventId"], _said(detail, item))
        if self._on_event:
            self._on_event(event)

    def _referenced(self, detail: Mapping[str, Any]) -> dict[str, Any]:
        """Read the item that an event only refers to because it is too large for one."""
        if not (reference := detail.get("itemReference")):
            return {}
        return items.plain(items.read(self._region, reference["recordId"], reference["timestamp"]))


def _said(detail: Mapping[str, Any], item: Mapping[str, Any]) -> Announced:
    return Announced(
        record_id=detail["recordId"],
        timestamp=detail.get("timestamp", ""),
        status=detail.get("status", ""),
        digest=item.get("digest", ""),
        change=detail.get("change", ""),
        row=int(item.get("source", {}).get("row", 0)),
    )


@contextmanager
def listening(
    region: Region, on_event: Callable[[ChangeEvent], None] | None = None
) -> Iterator[Listener]:
    """Listen to every event that ``region`` publishes from now on; clean up afterwards.

    ``on_event`` gets each event as it arrives, repetitions included, in the listening thread. An
    error that ended that thread is raised at the end, unless the block raises one itself.
    """
    with subscription(region) as queue_url:
        listener = Listener(region, queue_url, on_event)
        with ThreadPoolExecutor(max_workers=1) as threads:
            listener.start(threads)
            try:
                yield listener
            finally:
                listener.stop()
        listener.check()


@contextmanager
def subscription(region: Region) -> Iterator[str]:
    """Yield the URL of a queue that receives every event of ``region``; remove it afterwards."""
    name = f"listener-{uuid.uuid4().hex[:8]}"
    sqs, events = region.client("sqs"), region.client("events")
    bus = {"EventBusName": region.bus}
    with ExitStack() as undo:
        queue_url: str = sqs.create_queue(QueueName=name)["QueueUrl"]
        undo.callback(sqs.delete_queue, QueueUrl=queue_url)
        pattern = json.dumps({"source": [SOURCE]})
        rule_arn = events.put_rule(Name=name, EventPattern=pattern, **bus)["RuleArn"]
        undo.callback(events.delete_rule, Name=name, **bus)
        queue_arn = queues.allow_sending(region, queue_url, "events", rule_arn)
        events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": queue_arn}], **bus)
        undo.callback(events.remove_targets, Rule=name, Ids=["queue"], **bus)
        yield queue_url
