"""How a table on demand grows into a load, and what waits meanwhile."""

from dataclasses import replace

import pytest

from simulation.announcer import Consumer
from simulation.quotas import Quotas
from simulation.ramp import Growth, Load, ramp

LOAD = Load(
    records_per_s=10_000,
    seconds=3_600,
    watched_s=20_000,
    functions_per_s=1e6,
    limits=Quotas(),
    consumer=Consumer(us_per_change=50, memory_mb=1769),
    consumer_executions=900,
)


def test_a_table_takes_twice_the_highest_minute_that_is_half_an_hour_old() -> None:
    growth = Growth(4_000, 40_000)

    for minute in range(40):
        growth.end_minute(4_000 if minute == 0 else 0)
        assert growth.units == (4_000 if minute < 30 else 8_000)


def test_it_never_takes_more_than_its_quota_and_forgets_no_peak() -> None:
    growth = Growth(4_000, 40_000)

    for _ in range(40):
        growth.end_minute(1_000_000)
    assert growth.units == 40_000
    for _ in range(600):
        growth.end_minute(0)
    assert growth.units == 40_000


def test_every_record_is_stored_and_announced_in_the_end() -> None:
    found = ramp(LOAD)

    assert sum(each.stored for each in found) == 36_000_000
    assert sum(each.announced for each in found) == 36_000_000
    assert (found[-1].in_files, found[-1].in_stream) == (0, 0)


def test_at_any_second_what_arrived_is_in_files_in_the_stream_or_announced() -> None:
    stored = announced = 0
    for each in ramp(replace(LOAD, watched_s=2_000, bus_back_s=500)):
        stored += each.stored
        announced += each.announced
        assert (each.second + 1) * 10_000 == each.in_files + stored
        assert stored == each.in_stream + announced
        assert each.second >= 500 or not announced


def test_a_warmed_table_lets_nothing_wait() -> None:
    found = ramp(replace(LOAD, limits=Quotas(warm_units=10_000)))

    assert max(each.in_files for each in found) == 0
    assert len(found) == pytest.approx(3_600, abs=5)


def test_large_items_take_more_of_the_table() -> None:
    assert ramp(replace(LOAD, kib=4))[0].stored == 1_000
