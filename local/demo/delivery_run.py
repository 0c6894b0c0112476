"""A run of files through the product: upload them, follow them in every region, count it all."""

from collections import Counter
from collections.abc import Mapping, Sequence

from local.demo.delivery import Delivery, Uploads
from local.demo.file_outcome import Outcome
from local.demo.file_tracker import Tracker
from local.demo.input_files import File
from local.demo.reconciliation import Reconciliation
from local.demo.waiting import wait_while_moving
from ops import dead_letters
from ops.change_events import RECORD_CHANGED, Listener
from ops.dead_letters import ObjectName
from ops.progress import described
from ops.region import Region

# More would only wait for each other on a laptop, and the seconds would measure that.
MOST_IN_PROGRESS = 2
COUNTS_AGREE_WITHIN_S = 10.0


class DeliveryRun:
    """Sends files once and follows them to their outcomes; mappings are by region."""

    def __init__(self, regions: Mapping[str, Region], listeners: Mapping[str, Listener]) -> None:
        self._regions = regions
        self._listeners = listeners
        self._deliveries: list[Delivery] = []
        self._tracker = Tracker(regions.values())
        self._dead_letters: dict[str, Counter[ObjectName]] = {}
        self._found = Reconciliation(regions, listeners)

    def send(self, files: Sequence[File]) -> list[Outcome]:
        """Return the outcomes once everything expected has arrived, or progress has stopped.

        There must be at least one file.
        """
        uploads = Uploads(files, self._regions)
        wait_while_moving(
            lambda: self._is_stored(uploads),
            lambda: self._state(len(files)),
            pace=lambda elapsed_s: self._pace(len(files), elapsed_s),
        )
        wait_while_moving(
            self._is_counted, lambda: "counting the items", limit_s=COUNTS_AGREE_WITHIN_S
        )
        wait_while_moving(self._is_announced, self._received)
        before = {name: listener.silences for name, listener in self._listeners.items()}
        wait_while_moving(lambda: self._is_silent(before), self._received)
        self._count_dead_letters()
        return [self._outcome(delivery) for delivery in self._deliveries]

    def _is_stored(self, uploads: Uploads) -> bool:
        if sent := uploads.finished():
            self._deliveries.append(sent)
            self._tracker.add(sent)
        self._tracker.poll()
        if len(self._tracker.unsettled) < MOST_IN_PROGRESS:
            uploads.start_next()
        self._check_listeners()
        return uploads.are_done and not self._tracker.unsettled and self._have_dead_letters()

    def _is_counted(self) -> bool:
        self._found.count(self._deliveries)
        return all(
            census.records + len(self._found.superseded(delivery)[region])
            == self._tracker.at_origin(delivery).rows
            for delivery in self._deliveries
            for region, census in self._found.census(delivery).items()
        )

    def _is_announced(self) -> bool:
        """Return whether all that is due has been announced; a file's end comes after its rows."""
        self._check_listeners()
        return all(
            self._tracker.at_origin(delivery).status in self._found.file_statuses(delivery)
            and self._found.announcements(delivery).are_complete
            for delivery in self._deliveries
        )

    def _have_dead_letters(self) -> bool:
        at_origin = self._tracker.at_origin
        failed = [each for each in self._deliveries if at_origin(each).status == "FAILED"]
        if failed:
            self._count_dead_letters()
        return all(self._dead_letters[each.stored.region][_object_name(each)] for each in failed)

    def _count_dead_letters(self) -> None:
        self._dead_letters = {
            name: dead_letters.count_by_object(region) for name, region in self._regions.items()
        }

    def _is_silent(self, before: Mapping[str, int]) -> bool:
        """Return whether each queue has been empty since, so that every event has arrived."""
        self._check_listeners()
        return all(self._listeners[name].silences > count for name, count in before.items())

    def _check_listeners(self) -> None:
        for listener in self._listeners.values():
            listener.check()

    def _state(self, files: int) -> str:
        return (
            f"{len(self._deliveries)} of {files} files sent, {len(self._tracker.unsettled)} in "
            f"progress, {self._rows():,} rows stored, {self._received()}"
        )

    def _rows(self) -> int:
        return sum(self._tracker.at_origin(delivery).rows for delivery in self._deliveries)

    def _pace(self, files: int, elapsed_s: float) -> str:
        """Say how far the files are; how many rows they have is known only in the end."""
        settled = len(self._deliveries) - len(self._tracker.unsettled)
        done = described(settled, files, elapsed_s, "files")
        return f"{self._rows() / max(elapsed_s, 1):,.0f} rows/s; {done}"

    def _received(self) -> str:
        received = sum(listener.received for listener in self._listeners.values())
        return f"{received:,} events received"

    def _outcome(self, delivery: Delivery) -> Outcome:
        return Outcome(
            delivery=delivery,
            census=self._found.census(delivery),
            superseded=self._found.superseded(delivery),
            announced={
                name: listener.count(RECORD_CHANGED, delivery.stored.id)
                for name, listener in self._listeners.items()
            },
            announcements=self._found.announcements(delivery),
            file_statuses=self._found.file_statuses(delivery),
            dead_letters=sum(
                counted[_object_name(delivery)] for counted in self._dead_letters.values()
            ),
            readable_after_s={
                name: self._tracker.sighting(delivery, name).readable_after_s
                for name in self._regions
            },
        )


def _object_name(delivery: Delivery) -> ObjectName:
    stored = delivery.stored
    return stored.bucket, stored.key, stored.version
