"""What ``make simulate`` simulates: sizes with and without their settings, and many functions."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from simulation import quotas
from simulation.announcer import Consumer
from simulation.plan import ALL, EXCEPTIONS, Records, Settings, new_account, settings_for, walls
from simulation.ramp import Load, Second, ramp
from simulation.run import Outcome, Run, Setup
from simulation.writers import Speed

SIZES = (1_000, 100_000, 10_000_000)
# As many writes a second are simulated at most; of more, a share.
MOST_WRITES_PER_S = 26_000
SECONDS = 20.0
STEADY_AFTER_S = 10.0
ENDLESS_ROWS = 10**9
MANY = (1, 8, 40)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """How fast the functions are, from a benchmark; what is stored; the seed."""

    speed: Speed
    consumer: Consumer
    records: Records
    seed: int = 1


def sizes(measured: Measured) -> Iterator[dict[str, Any]]:
    """Yield for each size and setting of the index: settings, walls, and what a run showed."""
    for rate in SIZES:
        for status_index in (ALL, EXCEPTIONS):
            settings = settings_for(
                rate,
                measured.records,
                measured.speed,
                measured.consumer,
                status_index=status_index,
            )
            outcome = with_settings(rate, settings, measured)
            last = outcome.samples[-1]
            stored, refused_share = outcome.steady(last.second - STEADY_AFTER_S)
            yield {
                "records_per_s": rate,
                "status_index": status_index,
                "settings": asdict(settings),
                "walls": [
                    asdict(each) for each in walls(settings, measured.records, measured.speed)
                ],
                "stored_per_s": round(stored),
                "refused_share": round(refused_share, 3),
                "waiting_in_stream": round(last.waiting),
            }


def with_settings(rate: float, settings: Settings, measured: Measured) -> Outcome:
    """Run the functions of a plan at full speed against the table of the plan."""
    wanted = settings.processor_concurrency * measured.speed.records_per_s
    started_s = settings.processor_concurrency / quotas.MORE_PER_S
    indexed = settings.accepted_shards if settings.status_index == ALL else None
    return Run(
        Setup(
            functions=settings.processor_concurrency,
            rows_each=ENDLESS_ROWS,
            seconds=started_s + SECONDS,
            speed=measured.speed,
            limits=settings.limits,
            consumer=settings.consumer,
            consumer_executions=settings.consumer_concurrency,
            shards=indexed,
            kib=measured.records.kib,
            share=min(1.0, MOST_WRITES_PER_S / max(wanted, rate)),
            seed=measured.seed,
        )
    )()


def many_functions(measured: Measured) -> Iterator[tuple[int, bool, Outcome]]:
    """Yield runs of several functions that share a new table, with the limiter and without."""
    account = new_account(measured.speed, measured.consumer)
    for functions in MANY:
        for is_paced in (True, False):
            setup = Setup(
                functions=functions,
                rows_each=ENDLESS_ROWS,
                seconds=SECONDS,
                speed=measured.speed,
                limits=account.limits,
                consumer=measured.consumer,
                consumer_executions=account.consumer_concurrency,
                kib=measured.records.kib,
                is_paced=is_paced,
                seed=measured.seed,
            )
            yield functions, is_paced, Run(setup)()


def summary(functions: int, is_paced: bool, outcome: Outcome) -> dict[str, Any]:  # noqa: FBT001
    """Return what a run of several functions showed once it was steady."""
    stored, refused_share = outcome.steady(STEADY_AFTER_S)
    return {
        "functions": functions,
        "is_paced": is_paced,
        "stored_per_s": round(stored),
        "refused_share": round(refused_share, 3),
        "sent_per_row": round(1 / (1 - refused_share), 2) if refused_share < 1 else 0.0,
        "slowest_share": round(outcome.slowest_share, 2),
    }


def hours(measured: Measured, *, warm_units: float) -> list[Second]:
    """Return two hours of 20,000 records a second on a new table, or one that was warmed."""
    account = new_account(measured.speed, measured.consumer)
    limits = quotas.Quotas(warm_units=warm_units, warm_index_units=warm_units)
    return ramp(
        Load(
            records_per_s=20_000,
            seconds=2 * 60 * 60,
            watched_s=5 * 60 * 60,
            functions_per_s=account.processor_concurrency * measured.speed.records_per_s,
            limits=limits,
            consumer=measured.consumer,
            consumer_executions=account.consumer_concurrency,
            kib=measured.records.kib,
        )
    )


def lanes(measured: Measured) -> Iterator[tuple[str, list[Second]]]:
    """Yield 35,000 records a second by settings of the mapping; the bus is away at first."""
    account = new_account(measured.speed, measured.consumer)
    limits = quotas.Quotas(warm_units=40_000, warm_index_units=40_000)
    for batch, at_once in ((100, 1), (500, 1), (100, 2), (100, 10)):
        consumer = Consumer(
            **{**vars(measured.consumer), "batch": batch, "batches_at_once": at_once}
        )
        load = Load(
            records_per_s=35_000,
            seconds=20 * 60,
            watched_s=30 * 60,
            bus_back_s=5 * 60,
            functions_per_s=account.processor_concurrency * measured.speed.records_per_s,
            limits=limits,
            consumer=consumer,
            consumer_executions=account.consumer_concurrency,
            kib=measured.records.kib,
        )
        yield f"{batch} a batch, {at_once} at once", ramp(load)
