"""What the pipeline verifies after a deployment, with the permissions that it has then."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.cloud import Cloud
from naming import PRIMARY, REGIONS, STANDBY
from ops import dead_letters
from ops.access_point import AccessPoint
from ops.region import Region
from tests.e2e.alarms import Alarms
from tests.e2e.functions import Function
from tests.e2e.site import site
from tests.e2e.verifier import Verifier, build_role, ended
from tests.e2e.waiting import wait_for

ALARM = "serverless-processor-errors-prod"
# How long a verification that cannot succeed runs.
SHORT_S = 6
RIGHTS = (
    *("s3:PutObject", "sqs:ReceiveMessage", "sqs:DeleteMessage", "dynamodb:GetItem"),
    *("cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData"),
)
# Of the standby's, whose stack has the access point.
ROUTE_RIGHTS = ("s3:GetMultiRegionAccessPointRoutes", "s3:SubmitMultiRegionAccessPointRoutes")


@pytest.fixture(params=REGIONS)
def verifier(request: pytest.FixtureRequest, cloud: Cloud, assembly: Path) -> Iterator[Verifier]:
    with build_role(cloud, assembly, request.param) as verifier:
        yield verifier


@pytest.fixture(scope="module")
def primary(cloud: Cloud, assembly: Path) -> Iterator[Verifier]:
    with build_role(cloud, assembly, PRIMARY) as verifier:
        yield verifier


@pytest.fixture(scope="module")
def standby(cloud: Cloud, assembly: Path) -> Iterator[Verifier]:
    with build_role(cloud, assembly, STANDBY) as verifier:
        yield verifier


@pytest.fixture
def alarms(cloud: Cloud) -> Iterator[Alarms]:
    """Alarms that are all OK, whatever other tests have provoked."""
    alarms = Alarms(site(cloud, PRIMARY))
    alarms.set_all("OK")
    yield alarms
    alarms.set_all("OK")


def test_a_region_that_works_is_verified(verifier: Verifier) -> None:
    exit_code, words = verifier.verify()

    assert words.startswith(f"{verifier.region} is verified")
    assert exit_code == 0


def test_a_region_whose_files_are_not_processed_is_not_verified(
    primary: Verifier, cloud: Cloud
) -> None:
    region = site(cloud, PRIMARY)
    processor = Function(region, region.processor)

    with processor.role.without("s3:GetObjectVersion"):
        exit_code, words = primary.verify(timeout_s=SHORT_S)
        wait_for(
            lambda: dead_letters.take(region, _is_about_a_canary), "the dead letter of the canary"
        )

    assert words == f"{PRIMARY} is NOT verified: timed out waiting for: event of the canary record"
    assert exit_code == 1


def test_a_region_where_an_alarm_fires_meanwhile_is_not_verified(
    primary: Verifier, alarms: Alarms
) -> None:
    run = primary.begin()
    _await_line(run, "put s3://")
    alarms.set(ALARM, "ALARM")
    exit_code, words = ended(run)

    assert words == f"{PRIMARY} is NOT verified: went to ALARM: {ALARM}"
    assert exit_code == 1


def test_an_alarm_that_fired_before_does_not_fail_the_verification(
    primary: Verifier, alarms: Alarms
) -> None:
    alarms.set(ALARM, "ALARM")

    exit_code, _ = primary.verify()

    assert exit_code == 0


@pytest.mark.parametrize("right", RIGHTS)
def test_a_verification_needs_each_of_its_rights(primary: Verifier, right: str) -> None:
    with primary.role.without(right):
        exit_code, words = primary.verify(timeout_s=SHORT_S)

    assert "AccessDenied" in words
    assert right in words
    assert exit_code == 2


def test_the_standbys_verification_needs_to_read_the_routes(standby: Verifier) -> None:
    right = "s3:GetMultiRegionAccessPointRoutes"
    with standby.role.without(right):
        exit_code, words = standby.verify(timeout_s=SHORT_S)

    assert right in words
    assert exit_code == 2


def test_the_standbys_verification_needs_to_choose_a_route_that_nobody_has_chosen(
    standby: Verifier, cloud: Cloud
) -> None:
    right = "s3:SubmitMultiRegionAccessPointRoutes"
    here = Region.find(cloud.session(STANDBY), STANDBY)
    point = AccessPoint(here, here.access_point_arn)
    point.send_to(REGIONS)
    with standby.role.without(right):
        exit_code, words = standby.verify(timeout_s=SHORT_S)
    assert right in words
    assert exit_code == 2

    exit_code, _ = standby.verify()

    assert exit_code == 0
    assert point.dials() == {PRIMARY: 100, STANDBY: 0}


def test_a_verification_has_no_other_rights(primary: Verifier, standby: Verifier) -> None:
    assert primary.role.actions() == set(RIGHTS)
    assert standby.role.actions() == {*RIGHTS, *ROUTE_RIGHTS}


def test_only_the_verifying_build_gets_these_rights(cloud: Cloud, assembly: Path) -> None:
    with build_role(cloud, assembly, PRIMARY, name="serverless-stranger") as stranger:
        exit_code, words = stranger.verify()

    assert "AccessDenied" in words
    assert "sts:AssumeRole on resource" in words
    assert exit_code == 2


def _await_line(run: subprocess.Popen[str], start: str) -> None:
    assert run.stdout
    assert any(line.startswith(start) for line in iter(run.stdout.readline, "")), f"no {start}"


def _is_about_a_canary(event: dead_letters.Event) -> bool:
    return any(key.startswith("canary/") for _, key, _ in dead_letters.named_objects(event))
