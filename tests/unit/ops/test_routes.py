"""The dials that CloudFormation leaves open are settled once, and nobody's choice is undone."""

import pytest

from naming import PRIMARY, STANDBY
from ops.access_point import AccessPoint
from ops.deployment import Deployment
from ops.route_steps import settle
from tests.unit.ops.moves import TO_PRIMARY, TO_STANDBY
from tests.unit.ops.two_regions import TwoRegions


@pytest.fixture
def world() -> TwoRegions:
    return TwoRegions()


def point(world: TwoRegions) -> AccessPoint:
    standby = Deployment(world).region(STANDBY)
    return AccessPoint(standby, standby.access_point_arn)


def test_a_new_access_point_is_made_to_lead_to_the_primary(world: TwoRegions) -> None:
    world.dials = {PRIMARY: 100, STANDBY: 100}

    assert settle(point(world)) == "the dials of the access point are us-east-1 100, us-west-2 0"
    assert world.dials == TO_PRIMARY


@pytest.mark.parametrize("chosen", [TO_PRIMARY, TO_STANDBY])
def test_a_choice_is_left_as_it_is(world: TwoRegions, chosen: dict[str, int]) -> None:
    world.dials = dict(chosen)

    settle(point(world))

    assert world.dials == chosen
    assert "submit_multi_region_access_point_routes" not in [call for _, call in world.calls]
