"""A build asks with boto3, as it does on AWS."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.rehearsal.errors import RehearsalError
from local.rehearsal.execution import Execution, Status
from local.rehearsal.occupancy import Occupancy
from local.rehearsal.service import Service, serving

RIGHTS = {("GOOD", "codepipeline:GetPipelineState"), ("GOOD", "codepipeline:StopPipelineExecution")}


@pytest.fixture
def occupancy() -> Occupancy:
    return Occupancy()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def service(occupancy: Occupancy, said: list[str]) -> Iterator[Service]:
    with Service(
        lambda: ["build", "ask"],
        occupancy,
        lambda key, action: (key, action) in RIGHTS,
        said.append,
    ) as service:
        yield service


def client(service: Service, access_key: str = "GOOD") -> Any:  # noqa: ANN401  # boto3's
    return boto3.client(
        "codepipeline",
        region_name="eu-west-1",
        endpoint_url=service.url,
        aws_access_key_id=access_key,
        aws_secret_access_key="secret",
    )


def test_a_build_sees_what_waits_and_may_stop_it(
    service: Service, occupancy: Occupancy, said: list[str]
) -> None:
    older = Execution(id="older", trigger="push")
    occupancy.enter("ask", older)
    occupancy.wait("ask", older)
    codepipeline = client(service)

    states = codepipeline.get_pipeline_state(name="shop")["stageStates"]
    codepipeline.stop_pipeline_execution(pipelineName="shop", pipelineExecutionId="older")

    latest = {"pipelineExecutionId": "older", "status": "InProgress"}
    assert states == [{"stageName": "build"}, {"stageName": "ask", "latestExecution": latest}]
    assert older.status is Status.STOPPED
    assert occupancy.latest("ask") == ("older", Status.SUCCEEDED)
    assert said == ["    (execution older, which waited, is stopped)"]


@pytest.fixture(autouse=True)
def _served(service: Service) -> Iterator[None]:
    """For the second time, as after an earlier push."""
    with serving(service):
        pass
    with serving(service):
        yield


def test_what_does_not_wait_is_not_stopped(service: Service, occupancy: Occupancy) -> None:
    occupancy.enter("ask", Execution(id="gone", trigger="push"))

    with pytest.raises(ClientError, match="NotStoppable"):
        client(service).stop_pipeline_execution(pipelineName="shop", pipelineExecutionId="gone")


def test_a_build_whose_role_may_not_is_refused(service: Service) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        client(service, "BAD").get_pipeline_state(name="shop")


def test_a_stage_in_which_something_waits_lets_nobody_else_in(occupancy: Occupancy) -> None:
    older = Execution(id="older", trigger="push")
    occupancy.enter("ask", older)
    occupancy.wait("ask", older)

    with pytest.raises(RehearsalError, match="ask is locked by execution older"):
        occupancy.enter("ask", Execution(id="newer", trigger="push"))
