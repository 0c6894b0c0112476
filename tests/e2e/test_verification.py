"""What the pipeline proves after a deployment, with the rights it has there."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.cloud import Cloud
from local.demo.regions import Region
from naming import REGIONS
from tests.e2e.functions import Function
from tests.e2e.sweeping import sweep
from tests.e2e.verifier import Verifier, build_role, ended
from tests.e2e.waiting import wait_for
from tests.e2e.watch import Watch

EAST = REGIONS[0]
ALARM = "serverless-processor-errors-prod"
# Until a run that can't end well gives up.
SHORT_S = 3
RIGHTS = (
    *("s3:PutObject", "sqs:ReceiveMessage", "sqs:DeleteMessage", "dynamodb:GetItem"),
    "cloudwatch:DescribeAlarms",
)


@pytest.fixture(scope="module", params=REGIONS)
def verifier(request: pytest.FixtureRequest, cloud: Cloud, assembly: Path) -> Iterator[Verifier]:
    with build_role(cloud, assembly, request.param) as verifier:
        yield verifier


@pytest.fixture(scope="module")
def eastern(cloud: Cloud, assembly: Path) -> Iterator[Verifier]:
    with build_role(cloud, assembly, EAST) as verifier:
        yield verifier


@pytest.fixture
def quiet(cloud: Cloud) -> Iterator[Watch]:
    """No alarm fires, whatever other tests have provoked."""
    watch = Watch(cloud, EAST)
    watch.set("OK")
    yield watch
    watch.set("OK")


def test_a_region_that_works_is_verified(verifier: Verifier) -> None:
    exit_code, words = verifier.verify()

    assert words.startswith(f"{verifier.region} is verified")
    assert exit_code == 0


def test_a_region_whose_files_are_not_processed_is_not_verified(
    eastern: Verifier, cloud: Cloud
) -> None:
    processor = Function(cloud, EAST, cloud.outputs(EAST)["ProcessorName"])

    with processor.role.without("s3:GetObjectVersion"):
        exit_code, words = eastern.verify(timeout_s=SHORT_S)
        region = Region(cloud, EAST)
        wait_for(lambda: sweep(region, "canary/"), lambda: "the dead letter of the canary")

    assert words == f"{EAST} is NOT verified: not there in time: event of the canary record"
    assert exit_code == 1


def test_a_region_where_an_alarm_fires_meanwhile_is_not_verified(
    eastern: Verifier, quiet: Watch
) -> None:
    run = eastern.begin()
    _await_line(run, "put s3://")
    quiet.set_one(ALARM, "ALARM")
    exit_code, words = ended(run)

    assert words == f"{EAST} is NOT verified: went to ALARM: {ALARM}"
    assert exit_code == 1


def test_an_alarm_that_fired_before_is_no_reason(eastern: Verifier, quiet: Watch) -> None:
    quiet.set_one(ALARM, "ALARM")

    exit_code, _ = eastern.verify()

    assert exit_code == 0


@pytest.mark.parametrize("right", RIGHTS)
def test_a_proof_needs_each_of_its_rights(eastern: Verifier, right: str) -> None:
    with eastern.role.without(right):
        exit_code, words = eastern.verify(timeout_s=SHORT_S)

    assert "AccessDenied" in words
    assert right in words
    assert exit_code == 2


def test_a_proof_has_no_other_rights(eastern: Verifier) -> None:
    assert eastern.role.actions() == set(RIGHTS)


def test_nobody_but_the_verifying_build_gets_these_rights(cloud: Cloud, assembly: Path) -> None:
    with build_role(cloud, assembly, EAST, name="serverless-stranger") as stranger:
        exit_code, words = stranger.verify()

    assert "AccessDenied" in words
    assert "sts:AssumeRole on resource" in words
    assert exit_code == 2


def _await_line(run: subprocess.Popen[str], start: str) -> None:
    assert run.stdout
    assert any(line.startswith(start) for line in iter(run.stdout.readline, "")), f"no {start}"
