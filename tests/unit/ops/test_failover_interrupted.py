"""Failover, killed at every single call and run again."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from naming import PRIMARY
from ops import failover
from ops.deployment import Deployment
from ops.failover import Move
from tests.unit.ops.moves import (
    PLANNED,
    away,
    back,
    outcomes,
)
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
