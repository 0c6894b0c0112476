"""The simulation itself: it loses and doubles nothing, every limit acts, and it repeats."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.announcer import Consumer
from simulation.quotas import Quotas
from simulation.run import Outcome, Run, Setup
from simulation.writers import Speed

FAST = Consumer(us_per_change=20, memory_mb=1769, overhead_s=0.01)
PLENTY = Quotas(
    warm_units=1e6, warm_index_units=1e6, table_units=1e6, concurrency=10_000, put_events=1e6
)
SETUP = Setup(
    functions=4,
    rows_each=300,
    seconds=20.0,
    speed=Speed(us_per_record=100, latency_s=0.004, connections=16),
    limits=PLENTY,
    consumer=FAST,
    consumer_executions=100,
)
ENDLESS = replace(SETUP, rows_each=10**9, seconds=4.0)


def run(setup: Setup) -> tuple[Outcome, Counter[tuple[int, int]]]:
    stored: Counter[tuple[int, int]] = Counter()
    outcome = Run(setup, stored=lambda function, row: stored.update([(function, row)]))()
    return outcome, stored


def per_s(setup: Setup) -> float:
    """Stored rows a second once what was saved up is used."""
    stored, _ = run(setup)[0].steady(2.0)
    return stored


@given(
    functions=st.integers(1, 6),
    rows=st.integers(1, 400),
    warm=st.sampled_from([1_000, 4_000, 40_000]),
    shards=st.sampled_from([None, 1, 64]),
    seconds=st.sampled_from([0.5, 2.0, 20.0]),
    paced=st.booleans(),
    seed=st.integers(0, 2**32),
)
def test_no_row_is_lost_and_none_is_stored_or_announced_twice(
    *,
    functions: int,
    rows: int,
    warm: int,
    shards: int | None,
    seconds: float,
    paced: bool,
    seed: int,
) -> None:
    setup = replace(
        SETUP,
        functions=functions,
        rows_each=rows,
        seconds=seconds,
        limits=replace(PLENTY, warm_units=warm),
        shards=shards,
        is_paced=paced,
        seed=seed,
    )

    outcome, stored = run(setup)

    assert outcome.rows == functions * rows == outcome.unsent + outcome.underway + outcome.written
    assert set(stored.values()) <= {1}
    assert len(stored) == outcome.written
    # What is in the table is in the stream or on the bus; some of it is not acknowledged yet.
    assert outcome.taken == outcome.waiting + outcome.announced
    assert outcome.written <= outcome.taken <= outcome.written + outcome.underway


def test_every_row_is_stored_and_announced_in_the_end_however_often_it_was_refused() -> None:
    outcome, stored = run(replace(SETUP, limits=replace(PLENTY, warm_units=100), rows_each=100))

    assert outcome.refused > 0
    assert len(stored) == outcome.written == outcome.announced == 400


def test_the_same_setup_gives_the_same_outcome_and_another_seed_another_one() -> None:
    setup = replace(ENDLESS, limits=replace(PLENTY, warm_units=4_000), seconds=2.0)

    assert Run(setup)() == Run(setup)()
    assert Run(setup)() != Run(replace(setup, seed=2))()


def test_alone_a_function_is_as_fast_as_its_core_or_its_connections() -> None:
    one = replace(ENDLESS, functions=1)

    assert per_s(one) == pytest.approx(4_000, rel=0.02)  # 16 in the air, 4 ms each
    by_core = replace(one, speed=replace(one.speed, us_per_record=1_000))
    assert per_s(by_core) == pytest.approx(1_000, rel=0.02)


@pytest.mark.parametrize(
    ("limits", "shards", "limit"),
    [
        # What the table is warm for, its quota, and the same of the index.
        (replace(PLENTY, warm_units=1_500), None, 1_500),
        (replace(PLENTY, table_units=2_000), None, 2_000),
        (replace(PLENTY, warm_index_units=1_500), 64, 1_500),
        # One shard of the index is one partition.
        (PLENTY, 1, 1_000),
        (PLENTY, 3, 3_000),
    ],
)
def test_the_table_takes_no_more_than_its_nearest_limit(
    limits: Quotas, shards: int | None, limit: float
) -> None:
    setup = replace(ENDLESS, limits=limits, shards=shards, seconds=6.0)

    assert per_s(setup) == pytest.approx(limit, rel=0.06)


def test_an_index_that_has_no_accepted_rows_is_no_limit() -> None:
    limits = replace(PLENTY, warm_index_units=1)

    assert per_s(replace(ENDLESS, limits=limits, shards=None)) > 10_000


def test_large_items_take_more_of_the_table() -> None:
    limits = replace(PLENTY, warm_units=4_000)

    assert per_s(replace(ENDLESS, limits=limits, kib=4)) == pytest.approx(1_000, rel=0.1)


def test_functions_begin_as_lambda_starts_them_and_no_more_run_than_it_allows() -> None:
    many = replace(ENDLESS, functions=300, speed=replace(SETUP.speed, connections=1), seconds=2.0)

    one_s = Run(many)().samples[9].stored
    two_s = Run(many)().samples[19].stored
    assert two_s > 1.5 * one_s
    few = replace(many, limits=replace(PLENTY, concurrency=110), seconds=4.0)
    assert per_s(few) == pytest.approx(10 * 250, rel=0.1)  # 100 are the consumer's


@pytest.mark.parametrize(
    ("changed", "limit"),
    [
        ({"limits": replace(PLENTY, put_events=100)}, 1_000),  # ten events a request
        ({"consumer_executions": 1}, 5_000 / 6),  # a batch of 10 takes 12 ms
        ({"limits": replace(PLENTY, warm_units=4_000)}, 4_000),
    ],
)
def test_the_bus_and_the_consumers_functions_limit_what_is_announced(
    changed: dict[str, object], limit: float
) -> None:
    slow = Consumer(batch=10, us_per_change=200, memory_mb=1769, overhead_s=0.01)
    setup = replace(ENDLESS, consumer=slow, **changed)  # type: ignore[arg-type]  # by name

    samples = Run(setup)().samples[20:]

    announced = sum(each.announced for each in samples) / len(samples)
    assert announced == pytest.approx(limit, rel=0.06)


def test_one_batch_of_a_shard_at_a_time_is_slower_than_ten() -> None:
    consumer = Consumer(batch=10, us_per_change=10, memory_mb=1769, overhead_s=0.05)
    limits = replace(PLENTY, warm_units=4_000)

    waiting = [
        run(replace(ENDLESS, limits=limits, consumer=replace(consumer, batches_at_once=at_once)))[
            0
        ].waiting
        for at_once in (1, 10)
    ]

    assert waiting[0] > 10 * (waiting[1] + 1)


def test_a_share_of_an_installation_behaves_as_the_whole() -> None:
    whole = replace(ENDLESS, functions=8, limits=replace(PLENTY, warm_units=8_000), seconds=5.0)

    assert per_s(replace(whole, share=0.5)) == pytest.approx(per_s(whole), rel=0.05)


def test_one_function_finds_the_pace_of_the_table() -> None:
    alone = replace(ENDLESS, functions=1, limits=replace(PLENTY, warm_units=1_000), seconds=8.0)

    stored, refused_share = run(alone)[0].steady(3.0)
    _, hammered = run(replace(alone, is_paced=False))[0].steady(3.0)

    assert stored == pytest.approx(1_000, rel=0.03)
    assert refused_share < 0.1
    assert hammered > 0.5


@pytest.mark.parametrize("functions", [2, 8])
@pytest.mark.parametrize("warm", [1_000, 4_000])
def test_functions_that_share_a_table_find_its_pace_together_and_none_is_left_out(
    functions: int, warm: int
) -> None:
    limits = replace(PLENTY, warm_units=warm)
    shared = Run(replace(ENDLESS, functions=functions, limits=limits, seconds=16.0))

    outcome = shared()

    stored, refused_share = outcome.steady(8.0)
    assert stored == pytest.approx(warm, rel=0.03)
    assert refused_share < 0.15
    assert outcome.slowest_share > 0.1
