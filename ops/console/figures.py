"""The product's own metrics of the last hour, from CloudWatch.

Metrics cost money and change slowly, so they are asked for once a minute. A metric without data is
no zero: it is left out, and whoever shows it says that nothing is known.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import naming
from ops.region import Region
from ops.status.reasons import answer_to
from ops.status.words import now

WINDOW = timedelta(hours=1)
EVERY_S = 60.0
_PERIOD_S = 300
# What the stream consumer itself counts.
PUBLISHED = ("EventsPublished", "EventsFailed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """Sums of one hour by the name of the metric; ``silence`` says why some are missing."""

    sums: Mapping[str, float] = field(default_factory=dict)
    silence: str = ""


def read(region: Region) -> Figures:
    """Return the figures of a region."""
    end = now()
    answer = region.client("cloudwatch").get_metric_data(
        StartTime=end - WINDOW,
        EndTime=end,
        MetricDataQueries=[
            {"Id": name.lower(), "MetricStat": _sum(name), "ReturnData": True} for name in PUBLISHED
        ],
    )
    found = {each["Id"]: each["Values"] for each in answer["MetricDataResults"]}
    sums = {name: sum(values) for name in PUBLISHED if (values := found.get(name.lower()))}
    return Figures(sums=sums, silence="" if sums else "no data in the last hour")


class Hourly:
    """Keeps the figures of each region until a minute has passed."""

    def __init__(self) -> None:
        self._read_s: dict[str, float] = {}
        self._kept: dict[str, Figures] = {}

    def due(self, region: str) -> bool:
        """Return whether the region's figures are to be read again."""
        return time.monotonic() - self._read_s.get(region, float("-inf")) >= EVERY_S

    def keep(self, region: str, found: Figures | Exception) -> None:
        """Keep what was read this moment, or why it was not."""
        if isinstance(found, Exception):
            found = Figures(silence=answer_to(found).says)
        self._kept[region] = found
        self._read_s[region] = time.monotonic()

    def of(self, region: str) -> Figures:
        """Return the latest figures of a region."""
        return self._kept.get(region, Figures(silence="not asked"))


def _sum(name: str) -> dict[str, object]:
    return {
        "Metric": {
            "Namespace": naming.METRICS_NAMESPACE,
            "MetricName": name,
            "Dimensions": [{"Name": "service", "Value": naming.STREAM_CONSUMER}],
        },
        "Period": _PERIOD_S,
        "Stat": "Sum",
    }
