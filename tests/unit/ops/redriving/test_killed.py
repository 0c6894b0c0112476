"""Commands that are killed at any call, and run again: the end is the same as without."""

import contextlib
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ops.redriving.fake_sqs import KilledError
from tests.unit.ops.redriving.fakes import (
    ADVANCES,
    BREAKS,
    COMPLETES,
    DEAD,
    QUARANTINE,
    STOPS,
    FakeCloud,
    event,
)
from tests.unit.ops.redriving.runs import give_back, redrive

KEYS = ("whole", "broken", "slow", "stuck")
STAYING = [event("stuck")]
LOST = {"broken", "hello"}


def cloud_with_letters() -> FakeCloud:
    """Return a cloud with a letter of each kind, of which one came twice."""
    plans = {
        "whole": [COMPLETES],
        "broken": [BREAKS],
        "slow": [ADVANCES, COMPLETES],
        "stuck": [STOPS],
    }
    cloud = FakeCloud(plans)
    for key in (*KEYS, "whole"):
        cloud.put(DEAD, event(key))
    cloud.put(DEAD, "hello")
    return cloud


def end_of(cloud: FakeCloud) -> object:
    """Return all that there is to see in the end, but for the ids of copies."""
    return cloud.statuses, cloud.bodies(DEAD), cloud.bodies(QUARANTINE), cloud.hidden(DEAD)


def undisturbed() -> FakeCloud:
    cloud = cloud_with_letters()
    redrive(cloud)
    return cloud


END = end_of(undisturbed())
CALLS = undisturbed().calls


def nothing_is_lost(cloud: FakeCloud) -> bool:
    """Return whether every file is completed or still has a letter somewhere."""
    bodies = "".join([*cloud.bodies(DEAD), *cloud.bodies(QUARANTINE)])
    done = cloud.statuses["COMPLETED"]
    waiting = sum(key in bodies for key in KEYS)
    return done + waiting >= len(KEYS) and "hello" in bodies and '"broken"' in bodies


def test_the_end_is_what_it_should_be() -> None:
    cloud = undisturbed()

    assert cloud.statuses == {"COMPLETED": 2, "FAILED": 1, "SUSPENDED": 1}
    assert (len(cloud.queues[DEAD]), len(cloud.queues[QUARANTINE])) == (1, 2)
    assert nothing_is_lost(cloud)


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
def test_killed_at_any_call_and_run_again_the_end_is_the_same(after: bool) -> None:  # noqa: FBT001
    for at in range(1, CALLS + 1):
        cloud = cloud_with_letters()
        cloud.live(at, after=after)
        with pytest.raises(KilledError):
            redrive(cloud)
        assert nothing_is_lost(cloud), at

        cloud.live()
        redrive(cloud)

        assert end_of(cloud) == END, at


KILLS = st.lists(st.tuples(st.integers(1, CALLS), st.booleans()), max_size=6)


@given(KILLS, st.sets(st.integers(1, CALLS), max_size=8), st.integers(0, 20))
def test_killed_again_and_again_with_messages_that_come_twice_nothing_is_lost_or_doubled(
    kills: Iterable[tuple[int, bool]], twice: set[int], pause_s: int
) -> None:
    cloud = cloud_with_letters()
    cloud.twice = twice
    for at, after in kills:
        cloud.live(at, after=after)
        try:
            redrive(cloud)
        except KilledError:
            cloud.now_s += pause_s
        assert nothing_is_lost(cloud)

    cloud.live()
    redrive(cloud)

    assert end_of(cloud) == END


@given(KILLS)
def test_letters_returned_by_a_command_that_is_killed_are_returned_once(
    kills: Iterable[tuple[int, bool]],
) -> None:
    cloud = undisturbed()
    for at, after in kills:
        cloud.live(at, after=after)
        with contextlib.suppress(KilledError):
            give_back(cloud)
        assert nothing_is_lost(cloud)

    cloud.live()
    give_back(cloud)

    assert cloud.bodies(QUARANTINE) == []
    assert len(cloud.queues[DEAD]) == 3
    redrive(cloud)
    assert end_of(cloud) == END


@given(KILLS, KILLS)
def test_a_letter_keeps_its_identity_however_often_it_is_moved(
    first: Iterable[tuple[int, bool]], second: Iterable[tuple[int, bool]]
) -> None:
    cloud = cloud_with_letters()
    for work, kills in ((redrive, first), (give_back, second), (redrive, first)):
        for at, after in kills:
            cloud.live(at, after=after)
            with contextlib.suppress(KilledError):
                work(cloud)
        cloud.live()
        work(cloud)

    assert end_of(cloud) == END
