"""A build asks with boto3, as it does on AWS."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.rehearsal.codepipeline_api import CodePipelineApi, serving
from local.rehearsal.errors import RehearsalError
from local.rehearsal.pipeline_execution import Execution, StageLocks, Status

RIGHTS = {("GOOD", "codepipeline:GetPipelineState"), ("GOOD", "codepipeline:StopPipelineExecution")}


@pytest.fixture
def locks() -> StageLocks:
    return StageLocks()


@pytest.fixture
def notes() -> list[str]:
    return []


@pytest.fixture
def api(locks: StageLocks, notes: list[str]) -> Iterator[CodePipelineApi]:
    with CodePipelineApi(
        lambda: ["build", "ask"],
        locks,
        lambda key, action: (key, action) in RIGHTS,
        notes.append,
    ) as api:
        yield api


def client(api: CodePipelineApi, access_key: str = "GOOD") -> Any:  # noqa: ANN401  # boto3's
    return boto3.client(
        "codepipeline",
        region_name="eu-west-1",
        endpoint_url=api.url,
        aws_access_key_id=access_key,
        aws_secret_access_key="secret",
    )


def test_a_build_sees_what_waits_and_may_stop_it(
    api: CodePipelineApi, locks: StageLocks, notes: list[str]
) -> None:
    older = Execution(id="older", trigger="push")
    locks.enter("ask", older)
    locks.wait("ask", older)
    codepipeline = client(api)

    states = codepipeline.get_pipeline_state(name="shop")["stageStates"]
    codepipeline.stop_pipeline_execution(pipelineName="shop", pipelineExecutionId="older")

    latest = {"pipelineExecutionId": "older", "status": "InProgress"}
    assert states == [{"stageName": "build"}, {"stageName": "ask", "latestExecution": latest}]
    assert older.status is Status.STOPPED
    assert locks.latest("ask") == ("older", Status.SUCCEEDED)
    assert notes == ["    (stopped execution older, which was waiting)"]


@pytest.fixture(autouse=True)
def _served(api: CodePipelineApi) -> Iterator[None]:
    """For the second time, as after an earlier push."""
    with serving(api):
        pass
    with serving(api):
        yield


def test_what_does_not_wait_is_not_stopped(api: CodePipelineApi, locks: StageLocks) -> None:
    locks.enter("ask", Execution(id="gone", trigger="push"))

    with pytest.raises(ClientError, match="NotStoppable"):
        client(api).stop_pipeline_execution(pipelineName="shop", pipelineExecutionId="gone")


def test_a_build_whose_role_may_not_is_refused(api: CodePipelineApi) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        client(api, "BAD").get_pipeline_state(name="shop")


def test_a_stage_in_which_something_waits_lets_nobody_else_in(locks: StageLocks) -> None:
    older = Execution(id="older", trigger="push")
    locks.enter("ask", older)
    locks.wait("ask", older)

    with pytest.raises(RehearsalError, match="ask is locked by execution older"):
        locks.enter("ask", Execution(id="newer", trigger="push"))
