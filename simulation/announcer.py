"""What is behind the table: its stream, the consumer's functions and the bus.

How it works: each partition of the table has a shard of the stream, which keeps what is not
announced yet. Lambda runs so many batches of a shard at once, as far as there are executions left;
a batch takes its overhead and its changes' time, and one request to the bus for ten events. What
the bus or Lambda does not take in a step stays in the shard. Only whole changes move, so none is
lost and none is announced twice.
"""

import math
from dataclasses import dataclass

from simulation import quotas

# As much memory comes with one whole core.
VCPU_MB = 1_769


@dataclass(frozen=True, kw_only=True)
class Consumer:
    """The settings of the stream's mapping, and the speed of the function.

    ``us_per_change`` is on a whole core, of which the function has a share for its memory.
    ``overhead_s`` is what a batch takes besides: the invocation and the last answer of the bus.
    """

    batch: int = 100
    batches_at_once: int = 10
    us_per_change: float
    memory_mb: int = 512
    overhead_s: float = 0.03

    @property
    def batch_s(self) -> float:
        """Return the time of one full batch."""
        cores = min(1.0, self.memory_mb / VCPU_MB)
        return self.overhead_s + self.batch * self.us_per_change / 1e6 / cores

    @property
    def records_per_s(self) -> float:
        """Return the changes that one execution announces a second, in full batches."""
        return self.batch / self.batch_s

    @property
    def shard_per_s(self) -> float:
        """Return the changes of one shard that are announced a second at most."""
        read = quotas.CHANGES_PER_READ * quotas.READS_PER_S
        return min(self.batches_at_once * self.records_per_s, read)

    @property
    def requests_per_change(self) -> float:
        """Return the requests to the bus that a change of a full batch takes."""
        return math.ceil(self.batch / quotas.EVENTS_PER_REQUEST) / self.batch


class Announcer:
    """Announces the changes of a table's shards; ``executions`` is what Lambda leaves to it."""

    def __init__(
        self, consumer: Consumer, *, shards: int, executions: float, put_events: float
    ) -> None:
        self._consumer = consumer
        self._executions = executions
        self._running_at_most = 0.0
        self._work = 0.0  # changes that the executions may announce
        self._requests = 0.0
        self._put_events = put_events
        self.waiting = [0] * shards
        self._allowed = [0.0] * shards
        self._first = 0
        self.announced = 0

    @property
    def backlog(self) -> int:
        """Return how many changes are not announced yet."""
        return sum(self.waiting)

    def add(self, shard: int, changes: int) -> None:
        """Put changes into a shard's stream."""
        self.waiting[shard] += changes

    def add_evenly(self, changes: int) -> None:
        """Put changes into all shards' streams, as ids that are hashed do."""
        each, more = divmod(changes, len(self.waiting))
        for shard in range(len(self.waiting)):
            self.waiting[shard] += each + (shard < more)

    def split(self, shards: int) -> None:
        """Have at least as many shards; new ones begin empty."""
        new = max(0, shards - len(self.waiting))
        self.waiting += [0] * new
        self._allowed += [0.0] * new

    def step(self, step_s: float) -> None:
        """Announce what shards, executions and the bus allow."""
        consumer = self._consumer
        grown = self._running_at_most + quotas.MORE_PER_S * step_s
        self._running_at_most = min(self._executions, grown)
        work = self._running_at_most * consumer.records_per_s * step_s
        # What is not used in a step is not saved up, but for the part of a change.
        self._work = min(self._work, 1.0) + work
        self._requests = min(self._requests, 1.0) + self._put_events * step_s
        # Not always the same shard is served first.
        self._first = (self._first + 1) % len(self.waiting)
        more, requests_per_change = consumer.shard_per_s * step_s, consumer.requests_per_change
        for shard in (*range(self._first, len(self.waiting)), *range(self._first)):
            earned = min(self._allowed[shard], 1.0) + more
            if not self.waiting[shard]:  # as most are in most steps
                self._allowed[shard] = earned
                continue
            by_bus = self._requests / requests_per_change
            done = int(min(earned, self._work, by_bus, self.waiting[shard]))
            self._allowed[shard] = earned - done
            self._work -= done
            self._requests -= done * requests_per_change
            self.waiting[shard] -= done
            self.announced += done
