"""Rows a second, from one look to the next: the ledger's counts of each file, and their increase.

A file that was not there before counts with all its rows; the first look has nothing to compare
with. Only what is seen counts, so a page that nobody watches has gaps and no wrong numbers.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

import naming
from ops.console.activity import Activity

MOST_POINTS = 90
# After a longer pause a rate would be an average that hides what happened.
_LONGEST_S = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """Rows a second by region, up to a moment."""

    at: datetime
    by_region: dict[str, float]

    @property
    def total(self) -> float:
        """Return the rows a second of both regions."""
        return sum(self.by_region.values())


class Throughput:
    """Keeps the latest rates."""

    def __init__(self) -> None:
        self.rates: deque[Rate] = deque(maxlen=MOST_POINTS)
        self._at: datetime | None = None
        self._rows: dict[str, int] = {}

    def add(self, at: datetime, activity: Activity) -> None:
        """Add what was seen at a moment; what was not seen as a whole is left out."""
        if not activity.is_whole:
            return
        rows = {id_: counts.rows_read for id_, counts in activity.counts.items()}
        elapsed_s = (at - self._at).total_seconds() if self._at else 0.0
        if 0 < elapsed_s <= _LONGEST_S:
            increases = dict.fromkeys(naming.REGIONS, 0)
            for file in activity.files:
                if file.id in rows:
                    increase = rows[file.id] - self._rows.get(file.id, 0)
                    increases[file.region] += max(0, increase)
            rates = {region: more / elapsed_s for region, more in increases.items()}
            self.rates.append(Rate(at=at, by_region=rates))
        self._at, self._rows = at, rows
