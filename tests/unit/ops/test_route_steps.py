"""An upload through the access point, tried until it lands where the dials say."""

import pytest
from botocore.exceptions import ClientError

from naming import PRIMARY, STANDBY
from ops.access_point import find
from ops.deployment import Deployment
from ops.route_steps import landing
from ops.steps import Outcome, finish
from tests.unit.ops.moves import TO_STANDBY
from tests.unit.ops.two_regions import TwoRegions


def answered(world: TwoRegions, monkeypatch: pytest.MonkeyPatch, *statuses: int) -> Outcome:
    """Let S3 refuse one upload with each status, and then take one; return how the step ends."""
    deployment = Deployment(world, PRIMARY)
    target = deployment.region(STANDBY)
    point = find(deployment, target)
    left, put = list(statuses), point.put

    def refuse_first(key: str, body: bytes) -> str:
        if not left:
            return put(key, body)
        answer = {"Error": {"Code": "X"}, "ResponseMetadata": {"HTTPStatusCode": left.pop(0)}}
        raise ClientError(answer, "PutObject")

    monkeypatch.setattr(point, "put", refuse_first)
    monkeypatch.setattr("time.sleep", lambda _: None)
    return finish(landing(point, target)).outcome


def test_an_upload_that_a_failing_region_answers_is_tried_again(
    world: TwoRegions, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.dials = dict(TO_STANDBY)

    assert answered(world, monkeypatch, 503, 500) is Outcome.DONE


def test_an_upload_that_is_denied_is_not_tried_for_minutes(
    world: TwoRegions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ClientError):
        answered(world, monkeypatch, 403)
