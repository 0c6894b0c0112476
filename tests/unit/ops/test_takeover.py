"""What a region's second mapping is told to announce."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from naming import PRIMARY, STANDBY
from ops import takeover
from ops.deployment import Deployment
from ops.region import Region
from ops.steps import finish
from tests.unit.ops.moves import minutes_ago
from tests.unit.ops.two_regions import TwoRegions

# As the stack declares it: all of the peer's changes, none of them announced while it is disabled.
DECLARED = [
    {
        "eventName": ["INSERT", "MODIFY"],
        "dynamodb": {"NewImage": {"originRegion": {"S": [PRIMARY]}}},
    },
    {"eventName": ["REMOVE"], "dynamodb": {"OldImage": {"originRegion": {"S": [PRIMARY]}}}},
]


@pytest.fixture
def standby(world: TwoRegions) -> Region:
    return Deployment(world, PRIMARY).region(STANDBY)


def patterns(world: TwoRegions) -> list[Mapping[str, Any]]:
    filters: Any = world.mappings[STANDBY]["Filters"]
    return [json.loads(each["Pattern"]) for each in filters]


def test_it_announces_the_peers_changes_of_and_after_the_second_of_the_moment(
    world: TwoRegions, standby: Region
) -> None:
    since = minutes_ago(5)

    takeover.switch_on(standby, since)

    second = int(datetime.fromisoformat(since).timestamp())
    when = [{"numeric": [">=", second]}]
    assert [each["dynamodb"].pop("ApproximateCreationDateTime") for each in patterns(world)] == [
        when,
        when,
    ]
    without = patterns(world)
    for each in without:
        del each["dynamodb"]["ApproximateCreationDateTime"]
    assert without == DECLARED


def test_switched_off_it_has_the_filter_that_its_stack_declares(
    world: TwoRegions, standby: Region
) -> None:
    takeover.switch_on(standby, minutes_ago(5))
    takeover.switch_off(standby)

    assert world.mappings[STANDBY]["State"] == "Disabled"
    assert patterns(world) == DECLARED


def test_a_change_that_is_under_way_is_waited_for(
    world: TwoRegions, standby: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.mappings[STANDBY] = {"State": "Disabling", "Filters": []}

    def settle(_: float) -> None:
        world.mappings[STANDBY]["State"] = "Disabled"

    monkeypatch.setattr("time.sleep", settle)

    finish(takeover.announce_peer(standby))

    assert world.mappings[STANDBY]["State"] == "Enabled"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("Enabled", "on, for all changes"),
        ("Disabled", "off"),
        ("Enabling", "enabling"),
    ],
)
def test_its_state_is_told_in_words(
    world: TwoRegions, standby: Region, state: str, said: str
) -> None:
    world.mappings[STANDBY] = {"State": state, "Filters": []}

    assert takeover.state_of(standby).said == said
