"""Looks at the table of each region while files are on their way."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from local.demo.delivery import Delivery
from local.demo.regions import Region

KEYS_PER_READ = 100
FINAL = ("COMPLETED", "FAILED")


@dataclass(slots=True)
class Sight:
    """What has been seen of one file in one region."""

    readable_after_s: float | None = None
    account: Mapping[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> str:
        return str(self.account.get("status", ""))

    @property
    def rows(self) -> int:
        return int(self.account.get("rowsRead", 0))

    @property
    def is_settled(self) -> bool:
        is_readable = self.readable_after_s is not None
        return self.status in FINAL and (is_readable or not self.rows)


class Watch:
    """Measures per file and region when its first record can be read, and follows its account."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._regions = list(regions)
        self._deliveries: list[Delivery] = []
        self._sights: dict[tuple[str, str], Sight] = {}

    def add(self, delivery: Delivery) -> None:
        for region in self._regions:
            self._sights[delivery.file_id, region.name] = Sight()
        self._deliveries.append(delivery)

    def sight(self, delivery: Delivery, region: str) -> Sight:
        return self._sights.get((delivery.file_id, region), Sight())

    def at_origin(self, delivery: Delivery) -> Sight:
        return self.sight(delivery, delivery.file.region)

    @property
    def unsettled(self) -> list[Delivery]:
        """The files that are not finished, or not readable, in some region."""
        return [
            delivery
            for delivery in self._deliveries
            if not all(self.sight(delivery, region.name).is_settled for region in self._regions)
        ]

    def look(self) -> None:
        """Read in every region what is not settled there yet."""
        for region in self._regions:
            pending = [
                delivery
                for delivery in self._deliveries
                if not self.sight(delivery, region.name).is_settled
            ]
            for start in range(0, len(pending), KEYS_PER_READ // 2):
                self._read(region, pending[start : start + KEYS_PER_READ // 2])

    def _read(self, region: Region, deliveries: Sequence[Delivery]) -> None:
        keys = [
            {"recordId": record_id, "timestamp": delivery.timestamp}
            for delivery in deliveries
            for record_id in (delivery.file_id, delivery.first_record_id)
        ]
        table = region.table.name
        read = region.dynamodb.batch_get_item(RequestItems={table: {"Keys": keys}})
        found = {item["recordId"]: item for item in read["Responses"].get(table, ())}
        for delivery in deliveries:
            sight = self._sights[delivery.file_id, region.name]
            sight.account = found.get(delivery.file_id, sight.account)
            if delivery.first_record_id in found and sight.readable_after_s is None:
                sight.readable_after_s = time.monotonic() - delivery.started_s
