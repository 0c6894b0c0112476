"""What the ledger shows of replication, without a marker."""

import pytest
from botocore.exceptions import EndpointConnectionError

from ops.status.ledger import SeenFile
from ops.status.lines import State
from ops.status.replication import observed
from tests.unit.ops.status.seen import AT, EAST, WEST, listed, listings, seen


def state(east: list[SeenFile], west: list[SeenFile]) -> State:
    return observed(EAST, listings(east, west), AT).state


def test_a_last_file_that_the_peer_has_shows_that_changes_arrive() -> None:
    file = seen("a", "COMPLETED")

    assert state([file], [file]) is State.OK


def test_without_files_there_is_nothing_to_see_it_by() -> None:
    assert state([], []) is State.UNKNOWN


def test_a_file_of_long_ago_says_nothing_of_now() -> None:
    file = seen("a", "COMPLETED", minutes_ago=61)

    assert state([file], [file]) is State.UNKNOWN


@pytest.mark.parametrize(("minutes_ago", "expected"), [(0.5, State.UNKNOWN), (2, State.ATTENTION)])
def test_a_file_that_the_peer_lacks_needs_somebody_after_a_minute(
    minutes_ago: float, expected: State
) -> None:
    assert state([seen("a", "COMPLETED", minutes_ago=minutes_ago)], []) is expected


@pytest.mark.parametrize(("minutes_ago", "expected"), [(15, State.UNKNOWN), (25, State.ATTENTION)])
def test_a_file_in_work_at_the_peer_may_have_been_completed_this_moment(
    minutes_ago: float, expected: State
) -> None:
    done = seen("a", "COMPLETED", minutes_ago=minutes_ago)
    in_work = seen("a", "PROCESSING", minutes_ago=minutes_ago)

    assert state([done], [in_work]) is expected


def test_files_that_the_peer_has_of_its_own_do_not_stand_for_those_of_the_region() -> None:
    assert state(
        [seen("a", "COMPLETED", minutes_ago=3)], [seen("a", "COMPLETED", region=WEST)]
    ) is (State.ATTENTION)


def test_a_peer_that_lists_newer_files_only_says_nothing_of_an_older_one() -> None:
    older, newer = seen("a", "COMPLETED", minutes_ago=5), seen("b", "COMPLETED", region=WEST)
    found = {**listings([older], [newer]), (WEST, "COMPLETED"): listed([newer], whole=False)}

    assert observed(EAST, found, AT).state is State.UNKNOWN


@pytest.mark.parametrize("gone", [EAST, WEST])
def test_without_one_of_the_replicas_nothing_is_known(gone: str) -> None:
    error = EndpointConnectionError(endpoint_url="https://x")
    found = {**listings([seen("a", "COMPLETED")]), (gone, "COMPLETED"): error}

    assert observed(EAST, found, AT).state is State.UNKNOWN
