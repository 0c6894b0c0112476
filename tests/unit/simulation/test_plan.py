"""The settings for a rate, and the limits that they leave."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime import keys
from simulation.announcer import Consumer
from simulation.plan import Records, new_account, settings_for, walls
from simulation.quotas import TABLE_UNITS
from simulation.writers import Speed

SPEED = Speed(us_per_record=50, latency_s=0.0076, connections=48)
CONSUMER = Consumer(us_per_change=270)


@given(
    rate=st.floats(1, 2e7),
    status_index=st.sampled_from(["all", "exceptions"]),
    kib=st.integers(1, 400),
    rejected=st.floats(0, 1),
    us_per_change=st.floats(5, 3_000),
)
def test_the_settings_for_a_rate_carry_it(
    rate: float, status_index: str, kib: int, rejected: float, us_per_change: float
) -> None:
    records = Records(kib=kib, rejected_share=rejected)
    consumer = Consumer(us_per_change=us_per_change)

    planned = settings_for(rate, records, SPEED, consumer, status_index=status_index)

    nearest = walls(planned, records, SPEED)[0]
    assert nearest.records_per_s >= rate, nearest


def test_the_first_wall_of_a_new_account_is_the_new_table() -> None:
    first, second, *_ = walls(new_account(SPEED, CONSUMER), Records(), SPEED)

    assert (first.what, first.records_per_s) == ("table, as warm as it is", 4_000)
    assert (second.what, second.records_per_s) == ("status index, as warm as it is", 4_000)


def test_no_wall_of_the_index_is_nearer_than_the_tables_own_quota_once_both_are_warm() -> None:
    found = walls(new_account(SPEED, CONSUMER), Records(), SPEED)

    at = {each.what: each.records_per_s for each in found}
    assert at["status index, shards of accepted rows"] > TABLE_UNITS
    assert at["status index, shards of rejected rows"] > TABLE_UNITS


def test_the_plan_begins_with_the_shards_that_the_processor_has() -> None:
    planned = settings_for(1_000, Records(), SPEED, CONSUMER, status_index="all")

    assert planned.accepted_shards == keys.ACCEPTED_SHARDS
    assert planned.rejected_shards == keys.SHARDS


@pytest.mark.parametrize(("status_index", "index_units"), [("all", 160_000), ("exceptions", 4_000)])
def test_an_index_without_accepted_rows_need_not_be_warm(
    status_index: str, index_units: float
) -> None:
    planned = settings_for(100_000, Records(), SPEED, CONSUMER, status_index=status_index)

    assert planned.limits.warm_index_units == index_units
