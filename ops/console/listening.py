"""The events themselves, as they are published: on request only, because it changes something.

Metrics come minutes late and the local cloud has none. So each region's bus gets a rule and a queue
of our own for as long as the page is open, and each event costs a message. Counted are events, with
repetitions; the newest are kept, a few of them.
"""

import json
import threading
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click

from ops import change_events, queues
from ops.errors import AwsError, UndeterminedError
from ops.region import Region
from ops.status.words import now

MOST_SHOWN = 7
_WAIT_S = 5
_HIDDEN_S = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What one event said: of which item, and what became of it."""

    at: str
    region: str
    kind: str
    what: str
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Hearing:
    """What was heard since a moment: counts by region and kind, and the newest events first."""

    since: datetime
    counts: Mapping[str, Mapping[str, int]]
    newest: Sequence[Heard]


class Ear:
    """Hears the events of regions in threads of its own."""

    def __init__(self) -> None:
        self._since = now()
        self._counts: dict[str, Counter[str]] = {}
        self._newest: deque[Heard] = deque(maxlen=MOST_SHOWN)
        self._stopped = threading.Event()
        self._changing = threading.Lock()

    def hearing(self) -> Hearing:
        """Return what was heard so far."""
        with self._changing:
            counts = {region: dict(found) for region, found in self._counts.items()}
            return Hearing(since=self._since, counts=counts, newest=tuple(self._newest)[::-1])

    def stop(self) -> None:
        """Stop after the calls in progress."""
        self._stopped.set()

    def listen(self, region: Region, queue_url: str) -> None:
        """Hear a region's events, which arrive in a queue, until :meth:`stop`."""
        self._counts[region.name] = Counter()
        while not self._stopped.is_set():
            try:
                messages = queues.receive(region, queue_url, hidden_s=_HIDDEN_S, wait_s=_WAIT_S)
                self._take(region, queue_url, messages)
            except AwsError:  # heard again once the region answers
                self._stopped.wait(_WAIT_S)

    def _take(self, region: Region, queue_url: str, messages: Sequence[Mapping[str, Any]]) -> None:
        if not messages:
            return
        found = [_heard(region, json.loads(each["Body"])) for each in messages]
        with self._changing:
            self._counts[region.name].update(each.kind for each in found)
            self._newest.extend(found)
        handles = [
            {"Id": str(n), "ReceiptHandle": each["ReceiptHandle"]}
            for n, each in enumerate(messages)
        ]
        region.client("sqs").delete_message_batch(QueueUrl=queue_url, Entries=handles)


@contextmanager
def listening(regions: Mapping[str, Region]) -> Iterator[Ear]:
    """Listen to the regions' buses; remove the rules and queues afterwards.

    A region that does not let itself be heard is left out, and said on standard error.
    """
    ear = Ear()
    with ExitStack() as undo:
        for region in regions.values():
            try:
                queue_url = undo.enter_context(change_events.subscription(region))
            except (*AwsError, UndeterminedError) as error:
                click.echo(f"the events of {region.name} are not heard: {error}", err=True)
                continue
            threading.Thread(target=ear.listen, args=[region, queue_url], daemon=True).start()
        undo.callback(ear.stop)
        yield ear


def _heard(region: Region, event: Mapping[str, Any]) -> Heard:
    detail = event["detail"]
    item = detail.get("item") or {}
    kind, record = str(event.get("detail-type", "")), str(detail.get("recordId", ""))
    key = str((item.get("source") or detail.get("source") or {}).get("key", ""))
    return Heard(
        at=str(event.get("time", "")),
        region=region.name,
        kind=kind,
        what=record if kind == change_events.RECORD_CHANGED else key or record,
        status=str(detail.get("status") or item.get("status", "")),
    )
