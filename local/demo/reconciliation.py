"""What the files of one run have led to: their items in each region, and their announcements."""

from collections.abc import Mapping, Sequence

from local.demo import file_records, table_census
from local.demo.announcements import Announcements, announcements, by_record
from local.demo.delivery import Delivery
from local.demo.table_census import Census, TableCensus
from ops.change_events import FILE_CHANGED, RECORD_CHANGED, Listener
from ops.region import Region


class Reconciliation:
    """Compares the tables and the announcements with what they were; mappings are by region.

    It must be made before the first file is sent.
    """

    def __init__(self, regions: Mapping[str, Region], listeners: Mapping[str, Listener]) -> None:
        self._regions = regions
        self._listeners = listeners
        self._before = self._tables([])
        self._now = self._before
        self._superseded: dict[tuple[str, str], frozenset[int]] = {}

    def count(self, deliveries: Sequence[Delivery]) -> None:
        """Count the items of all ``deliveries`` anew; the other answers are about this count."""
        self._now = self._tables(deliveries)
        self._superseded = {
            (delivery.stored.id, region): file_records.superseded(
                delivery, table.files[delivery.stored.id], table.records
            )
            for region, table in self._now.items()
            for delivery in deliveries
        }

    def census(self, delivery: Delivery) -> dict[str, Census]:
        """Return the items that are from this file."""
        return {region: table.files[delivery.stored.id] for region, table in self._now.items()}

    def superseded(self, delivery: Delivery) -> dict[str, frozenset[int]]:
        """Return the accepted rows of this file whose records are newer ones by now."""
        return {region: self._superseded[delivery.stored.id, region] for region in self._now}

    def announcements(self, delivery: Delivery) -> Announcements:
        """Return what the file's own region had to announce of its rows, and has announced."""
        file_id, origin = delivery.stored.id, delivery.stored.region
        heard = self._listeners[origin].announced
        return announcements(
            self.census(delivery)[origin].rows,
            self._superseded[file_id, origin],
            self._before[origin].records,
            heard(RECORD_CHANGED, file_id),
            by_record(
                each for of_run in self._now[origin].files for each in heard(RECORD_CHANGED, of_run)
            ),
        )

    def file_statuses(self, delivery: Delivery) -> list[str]:
        """Return the statuses with which any region has announced the file itself."""
        return [
            each.status
            for listener in self._listeners.values()
            for each in listener.announced(FILE_CHANGED, delivery.stored.id)
        ]

    def _tables(self, deliveries: Sequence[Delivery]) -> dict[str, TableCensus]:
        sent = [delivery.stored for delivery in deliveries]
        return {name: table_census.take(region, sent) for name, region in self._regions.items()}
