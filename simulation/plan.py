"""What an installation carries and what to set for a rate: formulas, no run."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from simulation import quotas
from simulation.announcer import Consumer
from simulation.writers import Speed

ALL, EXCEPTIONS = "all", "exceptions"
# Room for what is uneven: over time, over partitions, and for what is sent again.
HEADROOM = 1.3
# Shards are hashed, so some take more than others: 64 for 40,000 a second, as keys.py has it.
SHARDS_FOR = 64 / 40_000
FEWEST_SHARDS = {"accepted": 64, "rejected": 16}
# A batch's overhead is then at most a tenth of its time.
BATCHES = (100, 200, 500, 1_000, 2_000)
MOST_OVERHEAD = 0.1
# A shard can be caught up with at twice the rate at which it fills.
CATCHING_UP = 2
# Other functions of the account, and the operators'.
SPARE_CONCURRENCY = 100


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All that decides how much goes through; the defaults are a new account with the product."""

    limits: quotas.Quotas
    status_index: str = ALL
    accepted_shards: int = FEWEST_SHARDS["accepted"]
    rejected_shards: int = FEWEST_SHARDS["rejected"]
    processor_concurrency: int
    consumer_concurrency: int
    consumer: Consumer


@dataclass(frozen=True, kw_only=True)
class Records:
    """What is stored: the size of an item, and what share of the rows is rejected."""

    kib: int = 1
    rejected_share: float = 0.01


@dataclass(frozen=True, kw_only=True)
class Wall:
    """A limit, and the records a second at which it is reached."""

    what: str
    records_per_s: float


def new_account(speed: Speed, consumer: Consumer) -> Settings:
    """Return what a new account has: the functions share its concurrency as they need it."""
    taken = _share_of_processor(speed, consumer)
    return Settings(
        limits=quotas.Quotas(),
        processor_concurrency=round(quotas.CONCURRENCY * taken),
        consumer_concurrency=quotas.CONCURRENCY - round(quotas.CONCURRENCY * taken),
        consumer=consumer,
    )


def settings_for(
    rate: float, records: Records, speed: Speed, consumer: Consumer, *, status_index: str
) -> Settings:
    """Return settings that carry ``rate`` records a second, none below the defaults."""
    wanted = rate * HEADROOM
    batched = _batched(consumer)
    units = _thousands(wanted * records.kib)
    shards = _shards("accepted", rate if status_index == ALL else 0)
    indexed = wanted * (1.0 if status_index == ALL else records.rejected_share)
    if status_index == ALL and indexed > quotas.NEW_TABLE_UNITS:
        # Every shard then has a partition of its own.
        indexed = shards * quotas.PARTITION_UNITS
    functions = math.ceil(wanted / speed.records_per_s)
    executions = math.ceil(wanted / batched.records_per_s)
    partitions = max(4, units / quotas.PARTITION_UNITS)
    at_once = math.ceil(CATCHING_UP * wanted / partitions / batched.records_per_s)
    batched = _replaced(batched, batches_at_once=min(quotas.MOST_BATCHES, at_once))
    return Settings(
        limits=quotas.Quotas(
            warm_units=max(quotas.NEW_TABLE_UNITS, units),
            table_units=max(quotas.TABLE_UNITS, units, _thousands(indexed)),
            warm_index_units=max(quotas.NEW_TABLE_UNITS, _thousands(indexed)),
            concurrency=max(
                quotas.CONCURRENCY, _thousands(functions + executions + SPARE_CONCURRENCY)
            ),
            put_events=max(quotas.PUT_EVENTS, _thousands(wanted * batched.requests_per_change)),
        ),
        status_index=status_index,
        accepted_shards=shards,
        rejected_shards=_shards("rejected", rate * records.rejected_share),
        processor_concurrency=functions,
        consumer_concurrency=executions,
        consumer=batched,
    )


def walls(settings: Settings, records: Records, speed: Speed) -> list[Wall]:
    """Return every limit with the rate at which it is reached, the nearest first."""
    return sorted(_walls(settings, records, speed), key=lambda wall: wall.records_per_s)


def _walls(settings: Settings, records: Records, speed: Speed) -> Iterator[Wall]:
    limits, consumer = settings.limits, settings.consumer
    per_shard = quotas.PARTITION_UNITS
    rejected = records.rejected_share or 1e-12
    yield Wall(what="table, as warm as it is", records_per_s=limits.warm_units / records.kib)
    yield Wall(what="table, its quota", records_per_s=limits.table_units / records.kib)
    indexed = 1.0 if settings.status_index == ALL else rejected
    warm = min(limits.warm_index_units, limits.table_units)
    yield Wall(what="status index, as warm as it is", records_per_s=warm / indexed)
    if settings.status_index == ALL and records.rejected_share < 1:
        by_shards = settings.accepted_shards * per_shard / (1 - records.rejected_share)
        yield Wall(what="status index, shards of accepted rows", records_per_s=by_shards)
    by_shards = settings.rejected_shards * per_shard / rejected
    yield Wall(what="status index, shards of rejected rows", records_per_s=by_shards)
    by_functions = settings.processor_concurrency * speed.records_per_s
    yield Wall(what="processor, functions at once", records_per_s=by_functions)
    if consumer.shard_per_s * records.kib < per_shard:  # else a shard never fills faster
        by_shards = max(4.0, limits.warm_units / per_shard) * consumer.shard_per_s
        yield Wall(what="stream, batches at once", records_per_s=by_shards)
    by_functions = settings.consumer_concurrency * consumer.records_per_s
    yield Wall(what="stream consumer, functions at once", records_per_s=by_functions)
    by_bus = limits.put_events / consumer.requests_per_change
    yield Wall(what="bus, PutEvents requests", records_per_s=by_bus)


def _share_of_processor(speed: Speed, consumer: Consumer) -> float:
    needs = 1 / speed.records_per_s, 1 / consumer.records_per_s
    return needs[0] / sum(needs)


def _batched(consumer: Consumer) -> Consumer:
    sizes = (_replaced(consumer, batch=size) for size in BATCHES)
    enough = (each for each in sizes if each.overhead_s <= MOST_OVERHEAD * each.batch_s)
    return next(enough, _replaced(consumer, batch=BATCHES[-1]))


def _replaced(consumer: Consumer, **changes: int) -> Consumer:
    return Consumer(**{**vars(consumer), **changes})


def _shards(kind: str, rate: float) -> int:
    return max(FEWEST_SHARDS[kind], math.ceil(rate * SHARDS_FOR))


def _thousands(number: float) -> int:
    return math.ceil(number / 1_000) * 1_000
