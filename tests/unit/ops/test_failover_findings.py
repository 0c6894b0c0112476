"""Failover when something is not as it should be: what stops it, where, and what force does."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from naming import PRIMARY, STANDBY
from ops import failover
from ops.errors import FindingError, RefusedError
from ops.steps import Outcome
from tests.unit.ops.moves import (
    TO_PRIMARY,
    TO_STANDBY,
    away,
    outcomes,
)
from tests.unit.ops.two_regions import TwoRegions

pytestmark = pytest.mark.usefixtures("clock")


def not_active(world: TwoRegions) -> None:
    world.table_status[STANDBY] = "UPDATING"


def replica_not_active(world: TwoRegions) -> None:
    world.table_status[PRIMARY] = "REPLICATION_NOT_AUTHORIZED"


def no_replica(world: TwoRegions) -> None:
    world.table_status[PRIMARY] = ""


def an_alarm(world: TwoRegions) -> None:
    world.firing[STANDBY] = ["serverless-processor-errors-prod"]


def no_announcement(world: TwoRegions) -> None:
    world.announces = False


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (not_active, "the table in us-west-2 is UPDATING"),
        (replica_not_active, "the table in us-east-1 is REPLICATION_NOT_AUTHORIZED"),
        (no_replica, "the table in us-east-1 is MISSING"),
        (an_alarm, "serverless-processor-errors-prod is in ALARM"),
        (no_announcement, "the canary fails in us-west-2: timed out waiting for: event"),
    ],
)
def test_a_target_that_is_not_fit_is_refused_before_anything_changes(
    world: TwoRegions, break_it: Callable[[TwoRegions], None], words: str
) -> None:
    break_it(world)
    state = world.state

    with pytest.raises(RefusedError, match=f"{words}.*nothing was changed"):
        list(failover.run(away(world)))

    assert world.state == state


def test_force_goes_on_with_a_target_that_is_not_fit_and_the_audit_record_says_so(
    world: TwoRegions,
) -> None:
    an_alarm(world)

    results = list(failover.run(away(world, force=True, reason="the alarm is a false one")))

    assert outcomes(results)["check"] == "forced"
    assert world.dials == TO_STANDBY
    [act] = world.acts(STANDBY)
    assert (act["forced"], act["reason"]) == ("yes", "the alarm is a false one")


def test_after_a_loss_an_alarm_of_the_target_is_told_and_stops_nothing(world: TwoRegions) -> None:
    world.lose(PRIMARY)
    an_alarm(world)

    [check, *_] = failover.run(away(world, PRIMARY))

    assert check.outcome is Outcome.FOUND
    assert "serverless-processor-errors-prod is in ALARM" in check.seen
    assert world.dials == TO_STANDBY


@pytest.mark.parametrize("options", [{}, {"force": True, "reason": "r"}])
def test_uploads_that_go_on_landing_in_the_source_are_found_forced_or_not(
    world: TwoRegions, options: Mapping[str, Any]
) -> None:
    world.routes_follow_dials = False

    with pytest.raises(FindingError, match=r"upload: of \d+ uploads none landed in us-west-2"):
        list(failover.run(away(world, **options)))


def test_uploads_that_still_go_to_the_lost_region_are_tried_until_the_dials_are_in_effect(
    world: TwoRegions, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.lose(PRIMARY)
    world.routes_follow_dials = False
    pauses: list[float] = []

    def pass_by(pause_s: float) -> None:
        pauses.append(pause_s)
        world.routes_follow_dials = len(pauses) > 3

    monkeypatch.setattr("time.sleep", pass_by)

    results = list(failover.run(away(world, PRIMARY)))

    assert next(r.seen for r in results if r.step.name == "upload").startswith("upload 5 ")


def test_files_that_stay_in_work_are_named_and_the_dials_are_left_where_they_are(
    world: TwoRegions, clock: list[float]
) -> None:
    world.in_work[PRIMARY] = ["orders/large.csv", "orders/b.csv"]

    with pytest.raises(FindingError, match=r"drain: 2 files PROCESSING .*such as orders/large.csv"):
        list(failover.run(away(world)))

    assert clock[0] >= 600
    assert world.dials == TO_STANDBY


def test_draining_takes_as_long_as_there_is_progress(
    world: TwoRegions, monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    world.in_work[PRIMARY] = [f"orders/{number}.csv" for number in range(20)]

    def finish_one_in_five_minutes(pause_s: float) -> None:
        clock[0] += 300 * pause_s
        world.in_work[PRIMARY] = world.in_work[PRIMARY][1:]

    monkeypatch.setattr("time.sleep", finish_one_in_five_minutes)

    results = list(failover.run(away(world)))

    assert outcomes(results)["drain"] == "done"
    assert clock[0] > 600


def test_draining_takes_as_long_as_rows_of_a_large_file_are_stored(
    world: TwoRegions, monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    world.in_work[PRIMARY] = ["orders/large.csv"]

    def go_on(pause_s: float) -> None:
        clock[0] += 300 * pause_s
        world.rows_read += 1
        if world.rows_read == 10:
            world.in_work[PRIMARY] = []

    monkeypatch.setattr("time.sleep", go_on)

    assert outcomes(list(failover.run(away(world))))["drain"] == "done"


def test_what_cannot_be_asked_shows_before_a_planned_failover_moves_anything(
    world: TwoRegions,
) -> None:
    world.gone = {PRIMARY}

    with pytest.raises(EndpointConnectionError):
        list(failover.run(away(world)))

    assert world.dials == TO_PRIMARY
    assert not any(world.objects.values())


def test_replication_that_stands_still_stops_a_planned_failover(world: TwoRegions) -> None:
    world.replicates = False

    with pytest.raises(RefusedError, match="item in us-east-1"):
        list(failover.run(away(world)))
    results = list(failover.run(away(world, force=True, reason="r")))

    assert outcomes(results)["marker"] == "forced"
