"""A table and its index as DynamoDB limits them.

How it works: every limit is a bucket that fills at its rate, and a write takes its units out of all
of them or is refused and takes none. The buckets are the partition of the item and the one of its
place in the index, each of 1,000 units a second; what the table and the index have got used to (or
were warmed to), with up to 300 seconds saved up; and their quota. Items are spread over the
partitions at random, as ids are hashed; each shard of the index is a key of its own, and has a
partition of its own once there are enough.
"""

import math

from simulation import quotas


class Bucket:
    """Allows ``rate`` units a second, and at once as much as that in ``saved_s`` seconds."""

    __slots__ = ("_filled_at_s", "_most", "_rate", "_units")

    def __init__(self, rate: float, *, saved_s: float = 1.0) -> None:
        self._rate = rate
        self._most = rate * saved_s
        self._units = rate
        self._filled_at_s = 0.0

    def has(self, units: int, now_s: float) -> bool:
        """Return whether as many units may be taken now."""
        if now_s > self._filled_at_s:
            filled = self._units + (now_s - self._filled_at_s) * self._rate
            self._units = min(self._most, filled)
            self._filled_at_s = now_s
        return self._units >= units

    def take(self, units: int) -> None:
        """Take units that the bucket has."""
        self._units -= units


class Keyspace:
    """A table, or an index, that is warm for ``warm`` units a second."""

    def __init__(self, warm: float, quota: float, *, share: float = 1.0) -> None:
        partitions = max(4, math.ceil(warm / quotas.PARTITION_UNITS))
        number = max(1, round(partitions * share))
        self.partitions = [Bucket(quotas.PARTITION_UNITS) for _ in range(number)]
        self.warm = Bucket(warm * share, saved_s=quotas.BURST_S)
        self.quota = Bucket(quota * share)

    def has(self, key: int, units: int, now_s: float) -> bool:
        """Return whether as much may be written to a key now."""
        partition = self.partitions[key % len(self.partitions)]
        return (
            partition.has(units, now_s)
            and self.warm.has(units, now_s)
            and self.quota.has(units, now_s)
        )

    def take(self, key: int, units: int) -> int:
        """Write to a key, and return its partition."""
        number = key % len(self.partitions)
        for bucket in (self.partitions[number], self.warm, self.quota):
            bucket.take(units)
        return number


class Table:
    """A table with an index, or the ``share`` of it that a part of the functions write to.

    Counts what it takes and refuses; ``changes`` counts what each partition's stream carries.
    """

    def __init__(
        self, limits: quotas.Quotas, *, kib: int = 1, shards: int | None = 64, share: float = 1.0
    ) -> None:
        self.base = Keyspace(limits.warm_units, limits.table_units, share=share)
        self.index = Keyspace(limits.warm_index_units, limits.table_units, share=share)
        self._kib = kib
        # A part of the index has a part of its shards.
        self._shards = max(1, round(shards * share)) if shards else 0
        self.taken = self.refused = self.refused_by_index = 0
        self.changes = [0] * len(self.base.partitions)

    def write(self, key: int, now_s: float) -> bool:
        """Store an item with a random ``key``; return whether the table took it."""
        # Independent of the partition, as another hash is.
        shard = key // 2**24 % self._shards if self._shards else 0
        in_table = self.base.has(key, self._kib, now_s)
        if not in_table or (self._shards and not self.index.has(shard, 1, now_s)):
            self.refused += 1
            self.refused_by_index += in_table
            return False
        self.changes[self.base.take(key, self._kib)] += 1
        if self._shards:
            self.index.take(shard, 1)
        self.taken += 1
        return True
