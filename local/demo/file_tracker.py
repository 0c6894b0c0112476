"""Progress of the uploaded files in each region, read from the table."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.demo.delivery import Delivery
from local.demo.file_records import first_address
from local.demo.table_census import Address
from ops import files, items
from ops.region import Region


@dataclass(slots=True)
class Sighting:
    """The progress of one file in one region; seconds count from the start of its upload."""

    readable_after_s: float | None = None
    ledger_entry: Mapping[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> str:
        return str(self.ledger_entry.get("status", ""))

    @property
    def rows(self) -> int:
        return int(self.ledger_entry.get("rowsRead", 0))

    @property
    def is_settled(self) -> bool:
        """Return whether the file is final and its first row, if it has one, can be read."""
        is_readable = self.readable_after_s is not None
        return self.status in files.FINAL_STATUSES and (is_readable or not self.rows)


class Tracker:
    """Follows ledger entries, and measures when the first record of each file can be read."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._regions = list(regions)
        self._deliveries: list[Delivery] = []
        self._first_rows: dict[str, Address | None] = {}
        self._sightings: dict[tuple[str, str], Sighting] = {}

    def add(self, delivery: Delivery) -> None:
        """Track a file from now on, in every region."""
        for region in self._regions:
            self._sightings[delivery.stored.id, region.name] = Sighting()
        self._first_rows[delivery.stored.id] = first_address(delivery)
        self._deliveries.append(delivery)

    def sighting(self, delivery: Delivery, region: str) -> Sighting:
        """Return the result of the last ``poll``; empty if the file is not tracked."""
        return self._sightings.get((delivery.stored.id, region), Sighting())

    def at_origin(self, delivery: Delivery) -> Sighting:
        """Return the sighting in the region that the file was uploaded to."""
        return self.sighting(delivery, delivery.stored.region)

    @property
    def unsettled(self) -> list[Delivery]:
        """Return the files that are not settled in every region."""
        return [
            delivery
            for delivery in self._deliveries
            if not all(self.sighting(delivery, region.name).is_settled for region in self._regions)
        ]

    def poll(self) -> None:
        """Read every file that is not settled yet, in each region."""
        for region in self._regions:
            for delivery in self._deliveries:
                sighting = self._sightings[delivery.stored.id, region.name]
                if not sighting.is_settled:
                    self._read(region, delivery, sighting)

    def _read(self, region: Region, delivery: Delivery, sighting: Sighting) -> None:
        first_row = self._first_rows[delivery.stored.id]
        if sighting.readable_after_s is None and first_row:
            item = items.read(region, *first_row)
            # The record may be there from an earlier file already.
            if item and item["precedence"]["S"] >= delivery.stored.timestamp:
                sighting.readable_after_s = time.monotonic() - delivery.started_s
        sighting.ledger_entry = files.ledger_entry(region, delivery.stored)
