from collections.abc import Mapping

import pytest

import naming
from ops.status.lines import State
from ops.status.routes import answer_of

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
