"""A downstream consumer of both regions' events."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from ops.change_events import FILE_CHANGED, ChangeEvent, Listener, listening
from tests.e2e.site import Site, Upload, file_id
from tests.e2e.waiting import LIMIT_S, wait_for

Announcements = dict[str, ChangeEvent]


class Subscriber:
    """Collects every announcement with the region whose bus carried it, repetitions included."""

    def __init__(self, sites: Mapping[str, Site]) -> None:
        self._sites = sites
        self._received: dict[tuple[str, str], Announcements] = defaultdict(dict)
        self._of_items: dict[str, Announcements] = defaultdict(dict)
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._listeners: dict[str, Listener] = {}

    def listen(self, stack: ExitStack) -> None:
        """Listen to both regions until ``stack`` is closed."""
        for name, site in self._sites.items():
            on_event = partial(self._take, name)
            self._listeners[name] = stack.enter_context(listening(site, on_event))

    def announcements(self, upload: Upload, region: str) -> Announcements:
        """Return what ``region`` has announced of a file and its records, by event id."""
        return dict(self._received.get((region, upload.id), {}))

    def changes(self, record_id: str) -> list[ChangeEvent]:
        """Return what both regions have announced of the items with an id, as it first arrived."""
        return list(self._of_items.get(record_id, {}).values())

    def counts(self, upload: Upload) -> Counter[str]:
        """Return how often each event of a file and its records has arrived, by event id.

        An event may arrive more often than it was meant to: a call whose answer is lost is made
        again.
        """
        return Counter(self._counts[upload.id])

    def settle(self, limit_s: float = LIMIT_S) -> None:
        """Wait until the events of all changes so far have arrived.

        Changes are announced in their order, so a file that is put now is announced last. One goes
        to each region in turn, because either region's stream also carries the other's changes.
        """
        for site in self._sites.values():
            last = site.put(f"last/{uuid.uuid4()}.json", b"{}")
            self._hear_completion(last, limit_s)
        before = self._silences()
        wait_for(
            lambda: all(count > before[name] for name, count in self._silences().items()),
            lambda: f"silence, {sum(map(Counter.total, self._counts.values()))} events received",
            limit_s,
        )

    def _hear_completion(self, upload: Upload, limit_s: float) -> None:
        for site in self._sites.values():
            site.await_status(upload, "COMPLETED")
        wait_for(
            lambda: "COMPLETED" in file_statuses(self.announcements(upload, upload.region)),
            f"the announcement of {upload.key} in {upload.region}",
            limit_s,
        )

    def _silences(self) -> dict[str, int]:
        """Return how often each region's queue was found empty; raise what ended a listener."""
        for listener in self._listeners.values():
            listener.check()
        return {name: listener.silences for name, listener in self._listeners.items()}

    def _take(self, region: str, event: ChangeEvent) -> None:
        detail = event["detail"]
        of_file = _file_of(detail)
        self._received[region, of_file][detail["eventId"]] = event
        self._of_items[detail["recordId"]].setdefault(detail["eventId"], event)
        self._counts[of_file][detail["eventId"]] += 1


def _file_of(detail: Mapping[str, Any]) -> str:
    """Return the id of the file that an item comes from.

    An item that is announced by reference says so only if its id is that of a file's row.
    """
    source = detail.get("item", {}).get("source")
    if not source:
        return str(detail["recordId"]).partition(".")[0]
    return file_id(source["bucket"], source["key"], source["version"])


def file_statuses(announcements: Announcements) -> list[str]:
    """Return the statuses that the file itself has been announced with."""
    return [
        event["detail"]["status"]
        for event in announcements.values()
        if event["detail-type"] == FILE_CHANGED
    ]


@contextmanager
def subscribed(sites: Mapping[str, Site]) -> Iterator[Subscriber]:
    """Listen to every event of both regions from now on."""
    with ExitStack() as stack:
        subscriber = Subscriber(sites)
        subscriber.listen(stack)
        yield subscriber
