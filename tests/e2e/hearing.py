"""What both regions announce, heard as a downstream consumer does."""

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from threading import Event as Flag
from typing import Any

from local.demo.subscription import subscription
from tests.e2e.site import EAST, WEST, Site, Upload
from tests.e2e.waiting import LIMIT_S, wait_for

# Nothing is deleted: for each message that is, the emulator looks through the whole queue.
UNTIL_THE_QUEUE_IS_GONE_S = 12 * 3600

Announcement = dict[str, Any]
Announcements = dict[str, Announcement]


class Hearing:
    """Collects every announcement with the region whose bus carried it, repetitions included."""

    def __init__(self, sites: Mapping[str, Site]) -> None:
        self._sites = sites
        self._heard: dict[tuple[str, str], Announcements] = defaultdict(dict)
        self._counts: Counter[str] = Counter()
        self._stopped = Flag()
        self._silences = dict.fromkeys(sites, 0)

    def of(self, upload: Upload, region: str) -> Announcements:
        """What ``region`` has announced of a file and its records, by event id."""
        return dict(self._heard.get((region, upload.file_id), {}))

    def count(self, upload: Upload) -> int:
        """How often a file and its records have been announced, repetitions included."""
        return self._counts[upload.file_id]

    def settle(self, limit_s: float = LIMIT_S) -> None:
        """Return when all that has been changed until now has been heard.

        Changes are announced in their order, so a file that is put now is announced last. One goes
        to each region in turn, because either region's stream also carries the other's changes.
        """
        for region in (EAST, WEST):
            last = self._sites[region].put(f"last/{uuid.uuid4()}.json", b"{}")
            self._hear_the_end_of(last, limit_s)
        before = dict(self._silences)
        wait_for(
            lambda: all(self._silences[name] > count for name, count in before.items()),
            lambda: f"silence, {self._counts.total()} announcements heard",
            limit_s,
        )

    def _hear_the_end_of(self, upload: Upload, limit_s: float) -> None:
        for site in self._sites.values():
            site.await_status(upload, "COMPLETED")
        wait_for(
            lambda: "COMPLETED" in statuses(self.of(upload, upload.region)),
            lambda: f"the announcement of {upload.key} in {upload.region}",
            limit_s,
        )

    def listen(self, site: Site, queue_url: str) -> None:
        while not self._stopped.is_set():
            messages = site.sqs.receive_message(
                QueueUrl=queue_url,
                MaxNumberOfMessages=10,
                WaitTimeSeconds=1,
                VisibilityTimeout=UNTIL_THE_QUEUE_IS_GONE_S,
            ).get("Messages")
            if messages:
                self._take(site, messages)
            else:
                self._silences[site.name] += 1

    def stop(self) -> None:
        self._stopped.set()

    def _take(self, site: Site, messages: Sequence[Mapping[str, Any]]) -> None:
        for message in messages:
            event = json.loads(message["Body"], parse_float=Decimal)
            file_id = event["detail"]["recordId"].partition(".")[0]
            self._heard[site.name, file_id][event["detail"]["eventId"]] = event
            self._counts[file_id] += 1


def statuses(announcements: Announcements) -> list[str]:
    """Those of the file itself."""
    return [
        event["detail"]["status"]
        for event in announcements.values()
        if event["detail-type"] == "FileChanged"
    ]


@contextmanager
def hearing(sites: Mapping[str, Site]) -> Iterator[Hearing]:
    """Hear everything that is announced in both regions from now on."""
    with ExitStack() as stack:
        queues = {name: stack.enter_context(subscription(site)) for name, site in sites.items()}
        threads = stack.enter_context(ThreadPoolExecutor(max_workers=len(sites)))
        heard = Hearing(sites)
        running: list[Future[None]] = [
            threads.submit(heard.listen, sites[name], url) for name, url in queues.items()
        ]
        stack.callback(heard.stop)
        yield heard
        heard.stop()
        for each in running:
            each.result()
