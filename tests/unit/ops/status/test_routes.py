from collections.abc import Mapping

import pytest

import naming
from ops.region import Region
from ops.status.lines import State
from ops.status.routes import answer_of, dials
from tests.unit.ops.status.aws import OUTPUTS, Aws

EAST, WEST = naming.REGIONS


@pytest.mark.parametrize(
    ("found", "state", "says"),
    [
        ({EAST: 100, WEST: 0}, State.OK, f"new files go to {EAST}"),
        ({EAST: 0, WEST: 100}, State.ATTENTION, f"failed over to {WEST}"),
        ({EAST: 100, WEST: 100}, State.ATTENTION, "the nearer region gets a file"),
        ({EAST: 0, WEST: 0}, State.ATTENTION, "no region takes new files"),
        ({}, State.UNKNOWN, "no routes"),
    ],
)
def test_the_dials_say_where_new_files_go(
    found: Mapping[str, int], state: State, says: str
) -> None:
    answer = answer_of(found)

    assert answer.state is state
    assert says in answer.says


def test_the_standby_is_asked_for_the_dials() -> None:
    aws = Aws()

    assert dials(Region(aws, WEST, OUTPUTS)) == {EAST: 100, WEST: 0}
    assert aws.asked == [(WEST, "get_multi_region_access_point_routes")]
