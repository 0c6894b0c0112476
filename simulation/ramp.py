"""Hours of a load, a second at a time: how a table on demand grows into it, and what waits.

DynamoDB promises room for twice the previous peak, and may throttle who exceeds that within half an
hour. Taken at its word and no better: the table takes twice the highest minute that is half an hour
old, or what it was warmed to, and never more than its quota. The real one often grows sooner.
"""

import math
from collections import deque
from dataclasses import dataclass

from simulation import quotas
from simulation.announcer import Announcer, Consumer

MINUTE_S = 60


@dataclass(frozen=True, kw_only=True)
class Load:
    """Records that arrive evenly for a time, and what they meet.

    ``functions_per_s`` is what all functions of the processor write a second by themselves. Until
    ``bus_back_s`` nothing can be announced.
    """

    records_per_s: float
    seconds: int
    watched_s: int
    functions_per_s: float
    limits: quotas.Quotas
    consumer: Consumer
    consumer_executions: int
    kib: int = 1
    bus_back_s: int = 0


@dataclass(frozen=True, kw_only=True)
class Second:
    """One second of a load; ``in_files`` are rows that wait for the table, in S3 or in a run."""

    second: int
    allowed: float
    stored: int
    announced: int
    in_files: int
    in_stream: int


class Growth:
    """What a table on demand takes a second, by what it took before."""

    def __init__(self, warm: float, quota: float) -> None:
        self._warm = warm
        self._quota = quota
        self._minutes: deque[float] = deque()
        self._peak = warm / 2

    @property
    def units(self) -> float:
        """Return the units that the table takes in this second."""
        return min(self._quota, max(self._warm, 2 * self._peak))

    def end_minute(self, units_per_s: float) -> None:
        """Remember what a minute took on average; it counts in half an hour."""
        self._minutes.append(units_per_s)
        if len(self._minutes) * MINUTE_S > quotas.DOUBLING_S:
            self._peak = max(self._peak, self._minutes.popleft())


def ramp(load: Load) -> list[Second]:
    """Return every second from the first record until the last is announced, or ``watched_s``."""
    growth = Growth(load.limits.warm_units, load.limits.table_units)
    announcer = Announcer(
        load.consumer,
        shards=_partitions(growth),
        executions=load.consumer_executions,
        put_events=load.limits.put_events,
    )
    found: list[Second] = []
    arrived = stored = announced = in_minute = 0
    for second in range(load.watched_s):
        arrived = round(min(second + 1, load.seconds) * load.records_per_s)
        taken = int(min(growth.units / load.kib, load.functions_per_s, arrived - stored))
        stored += taken
        in_minute += taken
        announcer.split(_partitions(growth))
        announcer.add_evenly(taken)
        if second >= load.bus_back_s:
            announcer.step(1.0)
        found.append(
            Second(
                second=second,
                allowed=growth.units / load.kib,
                stored=taken,
                announced=announcer.announced - announced,
                in_files=arrived - stored,
                in_stream=announcer.backlog,
            )
        )
        announced = announcer.announced
        if second % MINUTE_S == MINUTE_S - 1:
            growth.end_minute(in_minute * load.kib / MINUTE_S)
            in_minute = 0
        if second >= load.seconds and stored == arrived and not announcer.backlog:
            break
    return found


def _partitions(growth: Growth) -> int:
    return max(4, math.ceil(growth.units / quotas.PARTITION_UNITS))
