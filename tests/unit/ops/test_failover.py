"""Failover and failback: what is done and in which order, takeover, and the audit record."""

import pytest

from naming import PRIMARY, STANDBY
from ops import failover
from ops.errors import RefusedError, UndeterminedError
from ops.steps import Outcome
from tests.unit.ops.moves import (
    AFTER_LOSS,
    PLANNED,
    TO_PRIMARY,
    TO_STANDBY,
    away,
    back,
    minutes_ago,
    outcomes,
)
from tests.unit.ops.two_regions import KilledError, TwoRegions

pytestmark = pytest.mark.usefixtures("clock")


def test_a_planned_failover_moves_the_uploads_and_empties_the_source(world: TwoRegions) -> None:
    results = list(failover.run(away(world)))

    assert [result.step.name for result in results] == PLANNED
    assert world.dials == TO_STANDBY
    assert outcomes(results)["dials"] == "done"
    assert outcomes(results)["takeover-off"] == "ok"


def test_the_dials_move_through_the_targets_endpoints(world: TwoRegions) -> None:
    list(failover.run(away(world)))
    list(failover.run(back(world)))

    submits = [region for region, call in world.calls if call.startswith("submit_")]
    assert submits == [STANDBY, PRIMARY]


def test_after_a_loss_the_uploads_move_and_the_changes_are_announced_without_the_lost_region(
    world: TwoRegions,
) -> None:
    world.lose(PRIMARY)

    results = list(failover.run(away(world, PRIMARY, since=minutes_ago(10))))

    assert [result.step.name for result in results] == AFTER_LOSS
    assert world.state == {
        "dials": TO_STANDBY,
        "mappings": {PRIMARY: "Disabled", STANDBY: "Enabled"},
    }
    assert {region for region, _ in world.calls} == {STANDBY}


def test_a_lost_standby_is_failed_back_from_with_the_address_in_the_audit_record(
    world: TwoRegions,
) -> None:
    list(failover.run(away(world)))
    world.lose(STANDBY)

    list(failover.run(back(world, STANDBY)))

    assert world.dials == TO_PRIMARY
    assert world.mappings[PRIMARY]["State"] == "Enabled"


def test_without_any_word_of_the_access_point_nothing_is_known_and_the_option_helps(
    world: TwoRegions,
) -> None:
    world.lose(STANDBY)

    with pytest.raises(UndeterminedError, match="--access-point"):
        list(failover.run(back(world, STANDBY)))


def test_a_failback_lets_the_standby_stop_announcing_last(world: TwoRegions) -> None:
    world.lose(PRIMARY)
    list(failover.run(away(world, PRIMARY)))
    world.find_again()

    results = list(failover.run(back(world)))

    assert results[-1].step.name == "takeover-off"
    assert results[-1].outcome is Outcome.DONE
    assert world.state == {
        "dials": TO_PRIMARY,
        "mappings": {PRIMARY: "Disabled", STANDBY: "Disabled"},
    }


# --- takeover


def test_a_second_run_keeps_the_moment_of_the_first(world: TwoRegions) -> None:
    world.lose(PRIMARY)
    list(failover.run(away(world, PRIMARY, since=minutes_ago(5))))
    before = world.mappings[STANDBY]

    list(failover.run(away(world, PRIMARY)))
    list(failover.run(away(world, PRIMARY, since=minutes_ago(2))))

    assert world.mappings[STANDBY] == before


def test_a_moment_that_takeover_has_read_past_is_refused_with_another_way(
    world: TwoRegions,
) -> None:
    world.lose(PRIMARY)
    list(failover.run(away(world, PRIMARY, since=minutes_ago(5))))

    with pytest.raises(RefusedError, match="ops replay"):
        list(failover.run(away(world, PRIMARY, since=minutes_ago(60))))


def test_a_moment_before_what_the_mapping_still_takes_is_refused(world: TwoRegions) -> None:
    world.lose(PRIMARY)

    with pytest.raises(RefusedError, match="reaches back 6:00:00 at most"):
        list(failover.run(away(world, PRIMARY, since=minutes_ago(7 * 60))))

    assert world.mappings[STANDBY]["State"] == "Disabled"


# --- the audit record


def test_a_move_is_noted_where_it_leads_with_who_and_why(world: TwoRegions) -> None:
    list(failover.run(away(world, reason="maintenance")))

    [act] = world.acts(STANDBY)
    assert act == {
        "recordId": "audit:acts",
        "timestamp": act["timestamp"],
        "itemType": "AUDIT",
        "action": "FAILOVER",
        "outcome": "DONE",
        "by": "arn:aws:sts::123456789012:assumed-role/operator/ana",
        "region": STANDBY,
        "from": PRIMARY,
        "to": STANDBY,
        "accessPoint": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
        "reason": "maintenance",
    }


def test_a_move_that_fails_is_noted_with_the_reason_and_one_that_was_killed_as_started(
    world: TwoRegions,
) -> None:
    world.firing[STANDBY] = ["serverless-processor-errors-prod"]
    with pytest.raises(RefusedError):
        list(failover.run(away(world)))
    world.firing[STANDBY] = []
    world.dies_at = "submit_multi_region_access_point_routes"
    with pytest.raises(KilledError):
        list(failover.run(away(world)))

    failed, killed = world.acts(STANDBY)
    assert failed["outcome"] == "FAILED"
    assert "is in ALARM" in failed["error"]
    assert killed["outcome"] == "STARTED"


def test_a_failback_first_has_processed_what_its_region_took_in_before_it_was_lost(
    world: TwoRegions,
) -> None:
    world.lose(PRIMARY)
    since = minutes_ago(30)
    list(failover.run(away(world, PRIMARY, since=since)))
    world.find_again()

    results = list(failover.run(back(world)))

    names = [result.step.name for result in results]
    assert names == [*PLANNED[:2], "returned", *PLANNED[2:]]
    assert f"us-east-1 took in since {since[:19]}" in results[2].step.wanted


def test_a_failover_does_so_if_the_primary_has_announced_for_the_standby(
    world: TwoRegions,
) -> None:
    list(failover.run(away(world)))
    world.lose(STANDBY)
    list(failover.run(back(world, STANDBY)))
    world.find_again()

    names = [result.step.name for result in failover.run(away(world))]

    assert "returned" in names
    assert "returned" not in [result.step.name for result in failover.run(away(world))]
