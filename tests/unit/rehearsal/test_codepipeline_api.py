"""A build asks with boto3, as it does on AWS."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.rehearsal.codepipeline_api import CodePipelineApi, serving
from local.rehearsal.errors import RehearsalError
from local.rehearsal.pipeline_execution import ActionRecord, Execution, StageLocks, Status

RIGHTS = {
    ("GOOD", f"codepipeline:{action}")
    for action in (
        *("GetPipelineState", "GetPipelineExecution", "StopPipelineExecution"),
        "ListActionExecutions",
    )
}
ROLLBACK = Execution(
    id=f"{9:08}-0000-0000-0000-000000000000",
    trigger="x",
    rollback_target="older",
    actions=[
        ActionRecord(
            stage="source",
            name="Source",
            variables={"CommitId": "abc"},
            artifacts={"Cakes": {"bucket": "west", "key": "shop/Cakes"}},
        ),
        ActionRecord(stage="build", name="Build", status=Status.SUCCEEDED),
    ],
)


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
        lambda: [ROLLBACK],
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
    locks.leave("ask", older, Status.IN_PROGRESS)
    codepipeline = client(api)

    states = codepipeline.get_pipeline_state(name="shop")["stageStates"]
    codepipeline.stop_pipeline_execution(pipelineName="shop", pipelineExecutionId="older")

    latest = {"pipelineExecutionId": "older", "status": "InProgress", "type": "STANDARD"}
    assert states == [{"stageName": "build"}, {"stageName": "ask", "latestExecution": latest}]
    assert older.status is Status.STOPPED
    assert locks.latest("ask") == (older, Status.STOPPED)
    assert notes == ["    (stopped execution older, which was waiting)"]


def test_a_build_sees_what_a_rollback_goes_back_to(api: CodePipelineApi, locks: StageLocks) -> None:
    locks.enter("build", ROLLBACK)
    locks.leave("build", ROLLBACK, Status.FAILED)
    codepipeline = client(api)

    [state, _] = codepipeline.get_pipeline_state(name="shop")["stageStates"]
    found = codepipeline.get_pipeline_execution(
        pipelineName="shop", pipelineExecutionId=ROLLBACK.id
    )["pipelineExecution"]

    latest = {"pipelineExecutionId": ROLLBACK.id, "status": "Failed", "type": "ROLLBACK"}
    assert state["latestExecution"] == latest
    assert found["rollbackMetadata"] == {"rollbackTargetPipelineExecutionId": "older"}
    with pytest.raises(ClientError, match="PipelineExecutionNotFound"):
        codepipeline.get_pipeline_execution(pipelineName="shop", pipelineExecutionId="unknown")


@pytest.fixture(autouse=True)
def _served(api: CodePipelineApi) -> Iterator[None]:
    """For the second time, as after an earlier push."""
    with serving(api):
        pass
    with serving(api):
        yield


def test_a_build_sees_what_was_run_newest_first_and_what_it_told_and_kept(
    api: CodePipelineApi,
) -> None:
    pages = client(api).get_paginator("list_action_executions").paginate(pipelineName="shop")

    [build, source] = pages.build_full_result()["actionExecutionDetails"]

    assert (build["actionName"], build["status"]) == ("Build", "Succeeded")
    assert source["output"]["outputVariables"] == {"CommitId": "abc"}
    place = {"bucket": "west", "key": "shop/Cakes"}
    assert source["output"]["outputArtifacts"] == [{"name": "Cakes", "s3location": place}]
    assert source["startTime"] < build["startTime"]


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
    locks.leave("ask", older, Status.IN_PROGRESS)

    with pytest.raises(RehearsalError, match="ask is locked by execution older"):
        locks.enter("ask", Execution(id="newer", trigger="push"))
