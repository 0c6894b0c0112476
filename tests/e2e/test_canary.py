"""The scheduled canary says what is so: of its own region, and of the other one."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import naming
from local.cloud import Cloud
from naming import REGIONS
from ops import dead_letters
from tests.e2e.functions import Function
from tests.e2e.roles import Role
from tests.e2e.site import Site, site
from tests.e2e.waiting import wait_for

# A region in which there is nothing.
NOWHERE = "eu-west-1"


class Canary:
    """The canary of a region: what it measures when it is called, and what was measured."""

    def __init__(self, region: Site) -> None:
        self._region = region
        self._lambda = region.client("lambda")
        self.role = Function(region, naming.CANARY).role

    def look(self) -> dict[str, float]:
        """Call it as its schedule does; return its metrics."""
        answer = self._lambda.invoke(FunctionName=naming.CANARY, Payload=b"{}", LogType="Tail")
        assert "FunctionError" not in answer, answer["Payload"].read()
        lines = base64.b64decode(answer["LogResult"]).decode().splitlines()
        return {name: value for each in _metrics(lines) for name, value in each.items()}

    def successes(self) -> int:
        """Return how many announcements it has heard in time."""
        pages = (
            self._region.client("logs")
            .get_paginator("filter_log_events")
            .paginate(logGroupName=f"/aws/lambda/{naming.CANARY}")
        )
        lines = [event["message"] for page in pages for event in page["events"]]
        return sum(each.get("CanarySucceeded", 0) == 1 for each in _metrics(lines))

    def succeed(self) -> None:
        """Let it put a file, and wait until that is announced."""
        before = self.successes()
        self.look()
        wait_for(lambda: self.successes() > before, f"a success of {self._region.name}'s canary")

    @contextmanager
    def set(self, **variables: str) -> Iterator[None]:
        """Run it with other variables in its environment until the block ends."""
        found = self._lambda.get_function_configuration(FunctionName=naming.CANARY)["Environment"]
        changed = {"Variables": {**found["Variables"], **variables}}
        self._lambda.update_function_configuration(FunctionName=naming.CANARY, Environment=changed)
        try:
            yield
        finally:
            self._lambda.update_function_configuration(
                FunctionName=naming.CANARY, Environment=found
            )


def _metrics(lines: list[str]) -> list[dict[str, float]]:
    emf: list[dict[str, Any]] = [json.loads(line) for line in lines if '"_aws"' in line]
    return [
        {metric["Name"]: each[metric["Name"]][0] for metric in declared["Metrics"]}
        for each in emf
        for declared in each["_aws"]["CloudWatchMetrics"]
    ]


@pytest.fixture(params=REGIONS)
def region(request: pytest.FixtureRequest, cloud: Cloud) -> Site:
    return site(cloud, request.param)


@pytest.fixture
def peer(cloud: Cloud, region: Site) -> Site:
    return site(cloud, naming.peer(region.name))


@pytest.fixture
def canary(region: Site, peer: Site) -> Canary:
    """The canary of a region that works, beside one that works."""
    canary = Canary(region)
    canary.succeed()
    Canary(peer).succeed()
    return canary


def test_two_regions_that_work_are_seen_to_work(canary: Canary) -> None:
    metrics = canary.look()

    assert (metrics["PeerReachable"], metrics["PeerAlive"]) == (1, 1)
    assert metrics["ReplicationBehindSeconds"] == 0
    assert 0 < metrics["CanaryAgeSeconds"] < 60
    assert 0 < metrics["PeerCanaryAgeSeconds"] < 60
    assert "CanarySucceeded" not in metrics


def test_a_region_has_one_record_however_often_its_canary_runs(
    canary: Canary, region: Site, peer: Site
) -> None:
    canary.succeed()

    for replica in (region, peer):
        assert len(replica.query(f"canary:{region.name}")) == 1


def test_a_table_that_may_not_be_read_is_unknown_and_not_green(
    canary: Canary, region: Site
) -> None:
    with canary.role.without("dynamodb:GetItem", f":dynamodb:{naming.peer(region.name)}:"):
        metrics = canary.look()

    assert not {"PeerReachable", "ReplicationBehindSeconds"} & metrics.keys()
    assert metrics["PeerAlive"] == 1


def test_nothing_is_said_of_anyone_if_no_table_may_be_read(canary: Canary) -> None:
    with canary.role.without("dynamodb:GetItem"):
        assert canary.look() == {}


def test_a_region_without_a_table_is_no_region(canary: Canary) -> None:
    with _reading_any_table(canary.role), canary.set(PEER_REGION=NOWHERE):
        metrics = canary.look()

    assert (metrics["PeerReachable"], metrics["PeerAlive"]) == (0, 0)


def test_a_peer_whose_files_arrive_no_more_is_silent(canary: Canary) -> None:
    with canary.set(FRESH_FOR_S="1"):
        metrics = wait_for(
            lambda: _if(canary.look(), lambda found: found["PeerAlive"] == 0), "a peer that is old"
        )

    assert metrics["PeerReachable"] == 1


def test_a_processor_that_is_stuck_is_no_success(canary: Canary, region: Site) -> None:
    before = canary.successes()
    processor = Function(region, region.processor)
    with processor.role.without("s3:GetObjectVersion"), canary.set(FRESH_FOR_S="1"):
        canary.look()
        wait_for(lambda: dead_letters.take(region, _is_about_a_canary), "the canary's dead letter")
        metrics = canary.look()
        wait_for(lambda: dead_letters.take(region, _is_about_a_canary), "the canary's dead letter")

    assert metrics["CanarySucceeded"] == 0
    assert metrics["CanaryAgeSeconds"] > 1
    assert canary.successes() == before


def test_a_schedule_calls_it_with_a_role_that_can_do_nothing_else(region: Site) -> None:
    schedule = region.client("scheduler").get_schedule(Name=naming.CANARY)
    function = region.client("lambda").get_function_configuration(FunctionName=naming.CANARY)

    assert schedule["State"] == "ENABLED"
    assert schedule["Target"]["Arn"] == function["FunctionArn"]
    assert schedule["Target"]["RoleArn"].endswith(
        f":role/{naming.canary_schedule_role(region.name)}"
    )


@contextmanager
def _reading_any_table(role: Role) -> Iterator[None]:
    allowed = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}
    of_policy = {"RoleName": role.name, "PolicyName": "everything"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    role.iam.put_role_policy(**of_policy, PolicyDocument=document)
    try:
        yield
    finally:
        role.iam.delete_role_policy(**of_policy)


def _if(found: dict[str, float], holds: Callable[[dict[str, float]], bool]) -> dict[str, float]:
    return found if holds(found) else {}


def _is_about_a_canary(event: dead_letters.Event) -> bool:
    return any(key.startswith("canary/") for _, key, _ in dead_letters.named_objects(event))
