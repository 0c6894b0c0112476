"""Both regions at once; a lost one is not talked to, whatever is asked."""

from typing import Any

import boto3
import botocore.session
import pytest

from naming import PRIMARY, REGIONS, STANDBY, peer, stack
from ops.connection import PROMPT
from ops.deployment import Deployment
from ops.errors import RefusedError, UndeterminedError
from ops.region import Region


class FakeClient:
    def __init__(self, region: str) -> None:
        self._region = region

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803
        assert StackName == stack(self._region)
        output = {"OutputKey": "TableName", "OutputValue": f"records of {self._region}"}
        return {"Stacks": [{"Outputs": [output]}]}


class FakeSession:
    """Clients of a region that blows up when one is made for it."""

    region_name = PRIMARY

    def __init__(self, explodes: str = "") -> None:
        self._explodes = explodes
        self.made: list[tuple[str, str]] = []

    def client(self, service: str, region_name: str | None = None, **_: object) -> FakeClient:
        region = region_name or self.region_name
        assert region != self._explodes
        self.made.append((service, region))
        return FakeClient(region)


def test_each_region_is_found_once_by_its_own_stack() -> None:
    session = FakeSession()
    deployment = Deployment(session)

    assert [region.name for region in deployment.surviving] == list(REGIONS)
    assert deployment.region(STANDBY) is deployment.region(STANDBY)
    assert deployment.region(STANDBY).table == "records of us-west-2"
    assert session.made == [("cloudformation", name) for name in REGIONS]


@pytest.mark.parametrize("lost", REGIONS)
def test_only_the_region_that_is_left_survives(lost: str) -> None:
    deployment = Deployment(FakeSession(explodes=lost), lost)

    assert [region.name for region in deployment.surviving] == [peer(lost)]


@pytest.mark.parametrize("lost", REGIONS)
def test_a_lost_region_is_refused_without_a_client_being_made(lost: str) -> None:
    with pytest.raises(RefusedError, match=f"{lost} is given up as lost"):
        Deployment(FakeSession(explodes=lost), lost).region(lost)


def test_a_lost_region_that_somebody_built_by_hand_is_refused_too() -> None:
    session = Deployment(FakeSession(explodes=PRIMARY), PRIMARY).session

    with pytest.raises(RefusedError):
        Region(session, PRIMARY, {}).client("s3")
    with pytest.raises(RefusedError):
        session.client("sts")  # the session's own region is the lost one


def test_the_sdk_itself_makes_no_client_of_a_lost_region(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    create = botocore.session.Session.create_client

    def create_client(self: Any, service: str, region_name: str, *rest: Any, **more: Any) -> Any:  # noqa: ANN401  # botocore has no types
        made.append(region_name)
        return create(self, service, region_name, *rest, **more)

    monkeypatch.setattr(botocore.session.Session, "create_client", create_client)
    session = Deployment(boto3.Session(region_name=PRIMARY), PRIMARY).session

    session.client("sqs", region_name=STANDBY)
    with pytest.raises(RefusedError):
        session.client("sqs", region_name=PRIMARY)

    assert made == [STANDBY]


def test_a_region_that_hangs_does_not_hang_a_command_for_minutes() -> None:
    for service in ("s3", "dynamodb", "sqs", "cloudformation", "s3control", "lambda"):
        config = Region(boto3.Session(), STANDBY, {}).client(service, invokes=False).meta.config
        assert config.connect_timeout + config.read_timeout == 18
        assert config.retries["total_max_attempts"] == 4


def test_an_invocation_is_waited_for_until_the_function_must_have_ended_and_made_once() -> None:
    config = Region(boto3.Session(), STANDBY, {}).client("lambda").meta.config

    assert config.read_timeout > 300
    assert config.connect_timeout == PROMPT.connect_timeout
    assert config.retries["total_max_attempts"] == 1


def test_an_output_that_the_stack_lacks_is_named_and_means_that_nothing_is_known() -> None:
    region = Deployment(FakeSession()).region(STANDBY)

    with pytest.raises(UndeterminedError, match=r"^the stack in us-west-2 has no output TakeoverM"):
        _ = region.takeover_mapping_id
    with pytest.raises(KeyError):
        _ = region.bucket
