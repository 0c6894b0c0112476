"""Failover, killed at every single call and run again."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naming import PRIMARY, REGIONS, STANDBY
from ops import failover
from ops.deployment import Deployment
from ops.failover import Move
from tests.unit.ops.fake_client import ARN
from tests.unit.ops.moves import PLANNED, TO_PRIMARY, TO_STANDBY, away, back, outcomes
from tests.unit.ops.two_regions import KilledError, TwoRegions

pytestmark = pytest.mark.usefixtures("clock")


def planned(world: TwoRegions) -> Move:
    return away(world)


def after_loss(world: TwoRegions) -> Move:
    world.lose(PRIMARY)
    return away(world, PRIMARY)


def failback(world: TwoRegions) -> Move:
    list(failover.run(after_loss(world)))
    world.find_again()
    return back(world)


@pytest.mark.parametrize("prepare", [planned, after_loss, failback])
def test_killed_at_any_call_and_run_again_it_ends_in_the_same_state(
    prepare: Callable[[TwoRegions], Move],
) -> None:
    whole = TwoRegions()
    action = prepare(whole)
    begun = len(whole.calls)
    results = list(failover.run(action))
    calls = len(whole.calls) - begun

    for lives in range(calls):
        world = TwoRegions()
        action = prepare(world)
        world.lives = len(world.calls) + lives
        with pytest.raises(KilledError):
            list(failover.run(action))
        world.lives = 10**9
        again = list(
            failover.run(replace(action, deployment=Deployment(world, action.deployment.lost)))
        )

        assert world.state == whole.state, f"killed at call {lives} of {calls}"
        assert [each.step.name for each in again] == [each.step.name for each in results]


def test_run_again_when_all_is_done_it_changes_nothing(world: TwoRegions) -> None:
    list(failover.run(after_loss(world)))
    state, calls = world.state, len(world.calls)

    results = list(failover.run(away(world, PRIMARY)))

    assert outcomes(results) == {
        "check": "ok",
        "dials": "ok",
        "takeover": "ok",
        "upload": "done",  # what can only be tried is tried again
        "canary": "done",
    }
    assert world.state == state
    changing = {call for _, call in world.calls[calls:]} & {
        "submit_multi_region_access_point_routes",
        "update_event_source_mapping",
    }
    assert changing == set()


def test_a_dry_run_looks_at_every_step_and_writes_nothing(world: TwoRegions) -> None:
    results = list(failover.look(away(world)))

    assert [result.step.name for result in results] == PLANNED
    assert outcomes(results)["dials"] == "open"
    assert next(r.seen for r in results if r.step.name == "dials") == "us-east-1 100, us-west-2 0"
    reading = ("describe_", "get_", "query", "list_")
    assert [call for _, call in world.calls if not call.startswith(reading)] == []


DIALS = st.sampled_from([TO_PRIMARY, TO_STANDBY, {PRIMARY: 100, STANDBY: 100}])
# Of each region's second mapping; one for all changes may be left from a move by hand.
MAPPINGS = st.fixed_dictionaries(
    {name: st.sampled_from(["Enabled", "Disabled"]) for name in REGIONS}
)
# The calls after which the process is killed, one number for each run.
KILLS = st.lists(st.integers(0, 60), max_size=3)


@given(dials=DIALS, mappings=MAPPINGS, kills=KILLS, is_lost=st.booleans(), there=st.booleans())
def test_from_any_state_and_killed_any_number_of_times_the_last_run_brings_about_what_is_wanted(
    dials: Mapping[str, int],
    mappings: Mapping[str, str],
    kills: list[int],
    *,
    is_lost: bool,
    there: bool,
) -> None:
    world = TwoRegions()
    world.dials = dict(dials)
    world.mappings = {name: {"State": s, "Filters": []} for name, s in mappings.items()}
    source, target, how = (PRIMARY, STANDBY, away) if there else (STANDBY, PRIMARY, back)
    lost = source if is_lost else None
    if is_lost:
        world.lose(source)

    for lives in kills:
        world.lives = len(world.calls) + lives
        with suppress(KilledError):
            list(failover.run(how(world, lost, access_point_arn=ARN)))
    world.lives = 10**9
    list(failover.run(how(world, lost, access_point_arn=ARN)))

    assert world.dials == {target: 100, source: 0}
    wanted = "Enabled" if is_lost else mappings[target]
    assert world.mappings[target]["State"] == wanted
    assert world.mappings[source]["State"] == (mappings[source] if is_lost else "Disabled")
